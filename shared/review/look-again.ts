import type { ResourceId } from '../domain/resource-id.ts'
import type { ReviewMessage } from '../ports/queue.ts'
import { lastAttempt } from './schedule.ts'

/** One pass over a target that a search found, without a series after it. */
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
