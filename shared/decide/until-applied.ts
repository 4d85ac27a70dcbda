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
    if (!found || !isBeingApplied(found.record.request) || performance.now() >= until) return found
    await setTimeout(everyMs)
  }
}
