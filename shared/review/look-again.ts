import type { ResourceId } from '../domain/resource-id.ts'
import type { ReviewMessage } from '../ports/queue.ts'

/**
 * Seconds to wait before each further look. The connection appears seconds to minutes after its event
 * (scripts in use wait 30 to 90 s), its requester may show it as waiting later still, and others of the same
 * batch may follow.
 */
const waits = [1, 2, 4, 8, 15, 30, 60] as const

/** The number of looks after which an event has nothing more to tell. */
export const lastAttempt = waits.length

/** How long to wait before the next look; undefined when there have been enough. */
export function secondsUntilNextLook(attempt: number): number | undefined {
  return waits[attempt]
}

/** One look at a target that a search found, without a series after it. */
export function asSearched({ id }: ResourceId, now: Date): ReviewMessage {
  return {
    lookAt: id,
    attempt: lastAttempt,
    isFollowUp: false,
    isFromEndpoint: false,
    seenAt: now.toISOString(),
    correlationId: undefined,
  }
}
