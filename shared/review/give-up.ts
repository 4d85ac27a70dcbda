import { parseResourceId } from '../domain/resource-id.ts'
import { reviewPlace } from '../domain/review-place.ts'
import type { ReviewMessage } from '../ports/queue.ts'
import { momentOf } from './lease.ts'
import type { ReviewPorts } from './ports.ts'
import { postpone } from './schedule.ts'

const retrySeconds = 600

/**
 * A review used up the tries of its queue message. Logs an error and puts the target on the list of open work, so that
 * it is retried later instead of being dropped.
 */
export async function giveUpForNow(ports: ReviewPorts, message: ReviewMessage): Promise<void> {
  ports.log.error('A review failed again and again; it is tried again in ten minutes.', {
    resourceId: message.resourceId,
    correlationId: message.correlationId,
  })
  const id = parseResourceId(message.resourceId)
  const place = id && reviewPlace(id)
  if (place?.kind === 'endpoint') {
    await ports.queue.enqueue({ ...message, attempt: 0, isFollowUp: false }, retrySeconds)
  } else if (place?.kind === 'target') {
    await ports.work.change(place.target, (state) => postpone(state, message, retrySeconds, momentOf(ports)))
  }
}
