import type { ResourceId } from '../domain/resource-id.ts'
import type { ReviewMessage } from '../ports/queue.ts'
import type { ReviewPorts } from './ports.ts'
import { lastAttempt, type SeriesPass } from './schedule.ts'

/** The resource to review. Holds no facts about it. */
export interface ReviewHint {
  /** A target, or an ordinary endpoint. */
  readonly at: ResourceId
  /** True when more may appear there in the next minutes. */
  readonly expectsMore: boolean
  readonly correlationId: string | undefined
}

/** Queues a review, with a series of passes after it where more is expected. */
export async function askForReview(
  { queue }: Pick<ReviewPorts, 'queue'>,
  { at, expectsMore, correlationId }: ReviewHint,
): Promise<void> {
  await queue.enqueue({
    resourceId: at.id,
    attempt: expectsMore ? 0 : lastAttempt,
    isFollowUp: false,
    isFromEndpoint: false,
    correlationId,
  })
}

/** After a change of the allow-list. */
const passesAfterChange = 3

/** What makes a message that of a further pass. */
export function asFollowUp({ attempt, passNumber }: Pick<SeriesPass, 'attempt' | 'passNumber'>) {
  return { attempt, isFollowUp: true, passNumber } as const
}

/** One pass over a target that a search found, without a series after it. */
export function asSearched(target: ResourceId): ReviewMessage {
  return asAsked(target, lastAttempt)
}

/** Passes over a target with open requests: requesters that cannot be asked at once have the passes of two minutes. */
export function asChanged(target: ResourceId): ReviewMessage {
  return asAsked(target, lastAttempt - passesAfterChange)
}

function asAsked({ id }: ResourceId, attempt: number): ReviewMessage {
  return {
    resourceId: id,
    attempt,
    isFollowUp: false,
    isFromEndpoint: false,
    correlationId: undefined,
  }
}
