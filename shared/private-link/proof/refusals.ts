import { printable, printableName } from '../../domain/printable.ts'
import type { Refusal, Requester } from '../../domain/proof.ts'
import type { RefusalCode } from '../../domain/refusal-codes.ts'
import { type RequesterKind, spokenRequester } from '../../domain/requester-kind.ts'
import { ArmError } from '../arm/error.ts'
import { whyNot } from '../arm/why-not.ts'
import { DataPlaneRefused, RequesterNotFound, RequesterUnfit } from '../requesters/requester-api.ts'

/** Finding of a second witness: the requester, or why it is not confirmed. */
export type Finding =
  | { readonly requester: Requester; readonly groupIds: readonly string[] | undefined }
  | { readonly refusals: readonly Refusal[] }

/** Codes of responses that cannot be read completely. */
const notUnderstood = [
  'ResponseTooLong',
  'EndlessList',
  'ForeignLink',
  'UnreadableResponse',
  'UnreadableList',
]

export function refusal(code: RefusalCode, sentence: string): Refusal {
  return { code, sentence }
}

/** A requester's name in a sentence: "Data Factory adf-prod". */
export function spoken(kind: RequesterKind, name: string): string {
  return spokenRequester(kind, printableName(name))
}

/** @param whom what was queried, as in "Data Factory adf-prod". */
export function couldNotAsk(whom: string, error: unknown): Refusal {
  if (error instanceof RequesterNotFound) return refusal('requester-not-found', `${whom} ${error.message}.`)
  if (error instanceof RequesterUnfit) return refusal(error.code, `${whom} ${error.message}.`)
  if (error instanceof DataPlaneRefused) {
    const sentence = `The service of ${whom} does not let this app in: ${whyNot(error.cause)}.`
    return refusal('data-plane-refused', sentence)
  }
  if (error instanceof ArmError && notUnderstood.includes(error.code)) {
    const sentence = `The response of ${whom} cannot be understood (${error.code}): ${printable(error.message)}`
    return refusal('response-not-understood', sentence)
  }
  return refusal('could-not-ask', `Could not ask ${whom}: ${whyNot(error)}.`)
}
