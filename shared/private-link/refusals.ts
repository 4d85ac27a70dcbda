import type { Refusal, RefusalCode, Requester } from '../domain/proof.ts'
import { ArmError } from './arm-error.ts'

/** What a second witness said: who asks, or why it could not confirm that. */
export type Finding =
  | { readonly requester: Requester; readonly groupIds: readonly string[] | undefined }
  | { readonly refusals: readonly Refusal[] }

export function refusal(code: RefusalCode, sentence: string): Refusal {
  return { code, sentence }
}

/** @param whom what was asked, as in "the factory adf-prod". */
export function couldNotAsk(whom: string, error: unknown): Refusal {
  return refusal('could-not-ask', `Could not ask ${whom}: ${reasonOf(error)}.`)
}

function reasonOf(error: unknown): string {
  if (error instanceof ArmError)
    return error.status === 0 ? `no usable answer (${error.code})` : `${error.status} ${error.code}`
  return error instanceof Error ? error.message : String(error)
}
