import { setTimeout } from 'node:timers/promises'
import { isBeingApplied } from '../domain/request.ts'
import type { FoundRequest, RequestsPort } from '../ports/requests.ts'

const everyMs = 300

/** Waits until a decision is applied, or did not succeed, for so many milliseconds at most. */
export async function untilApplied(
  requests: Pick<RequestsPort, 'find'>,
  decisionId: string,
  maxMs: number,
): Promise<FoundRequest | undefined> {
  const until = performance.now() + maxMs
  for (;;) {
    const found = await requests.find(decisionId)
    if (!found || !isUnderWay(found) || performance.now() >= until) return found
    await setTimeout(everyMs)
  }
}

/** True while what people chose is not applied yet, and Azure has not refused it. */
export function isUnderWay({ record: { request } }: FoundRequest): boolean {
  return isBeingApplied(request)
}
