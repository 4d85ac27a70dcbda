import { parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import { type ReviewPlace, reviewPlace } from '../domain/review-place.ts'
import type { ReviewMessage } from '../ports/queue.ts'
import { asFollowUp } from './ask-for-review.ts'
import { beginReview, type Lease, momentOf } from './lease.ts'
import { maxPassMs, onePass } from './one-pass.ts'
import { PartsUnsettled } from './left-of-pass.ts'
import { done } from './pass.ts'
import type { ReviewPorts } from './ports.ts'
import { withRecovery } from './recovery.ts'
import { nextPass, restOfLate } from './next-pass.ts'
import { isFollowed, type NextPass } from './schedule.ts'

/** Many more than an endpoint has. */
const maxPassedOn = 20

/**
 * Reviews a target and settles every Pending connection on it. The message only names the resource: it may be late,
 * duplicate or wrong. For an ordinary endpoint, sends a message for each target it points at.
 * @throws when something could not be read or written; nothing is approved or rejected because of that, and the message
 *   must be retried.
 */
export async function review(ports: ReviewPorts, message: ReviewMessage): Promise<void> {
  const id = parseResourceId(message.resourceId)
  if (!id) {
    ports.log.warn('A review message names no resource.', { correlationId: message.correlationId })
    return
  }
  const place = reviewPlace(id)
  if (place.kind === 'endpoint') await passOn(ports, id, message)
  else if (place.kind === 'target') await reviewTarget(ports, id, message)
  else ports.log.warn('A review message names what is no target; it is left out.', refusal(message, place))
}

function refusal({ resourceId, correlationId }: ReviewMessage, place: ReviewPlace) {
  const reason = place.kind === 'nowhere' ? place.reason : place.kind
  return { metric: 'reviews.refused', reason, resourceId, correlationId }
}

async function passOn(ports: ReviewPorts, endpoint: ResourceId, message: ReviewMessage): Promise<void> {
  const named = await ports.endpoints.targetsOf(endpoint)
  const targets = named.filter((id) => reviewPlace(id).kind === 'target')
  const facts = { metric: 'reviews.refused', endpoint: endpoint.id, named: named.length }
  if (targets.length < named.length)
    ports.log.warn('An endpoint names what is no target; it is left out.', facts)
  if (targets.length > maxPassedOn)
    ports.log.warn('An endpoint names more targets than are passed on.', facts)
  for (const target of targets.slice(0, maxPassedOn)) {
    await ports.queue.enqueue({ ...message, resourceId: target.id, isFollowUp: false, isFromEndpoint: true })
  }
  if (named.length === 0) {
    await send(ports, message, nextPass(message, done, false, momentOf(ports)))
  }
}

async function reviewTarget(ports: ReviewPorts, target: ResourceId, message: ReviewMessage): Promise<void> {
  const begun = await beginReview(ports, target, message)
  if (begun.kind === 'superseded') return
  if (begun.kind === 'busy') {
    ports.log.info('Another review works on this target; it makes one more pass.', { target: target.id })
    return
  }
  const lease = await withRecovery(ports, message, begun.lease)
  try {
    await send(ports, message, await makePasses(ports, target, message, lease))
  } catch (error) {
    await abandonAfter(error, lease)
    throw error
  }
}

/** @throws AggregateError with the failure, too, when the lease cannot be given back; it then ends by itself. */
async function abandonAfter(failure: unknown, lease: Lease): Promise<void> {
  try {
    await lease.abandon(failure instanceof PartsUnsettled ? failure.left : undefined)
  } catch (error) {
    const both = `${String(failure)}; then the lease could not be given back: ${String(error)}`
    throw new AggregateError([failure, error], both, { cause: error })
  }
}

/**
 * Makes passes while more are requested, for as long as a pass may take. Returns the one that follows.
 * @throws PartsUnsettled when parts of one could not be read or written.
 */
async function makePasses(
  ports: ReviewPorts,
  target: ResourceId,
  { correlationId }: ReviewMessage,
  lease: Lease,
): Promise<NextPass | undefined> {
  const startedAt = ports.now().getTime()
  const { assertHeld } = lease
  let { pass } = lease
  for (;;) {
    const { isFromEndpoint, conflicts = 0, trouble = [], isRecheck, evaluatedBy, shown = [] } = pass
    const end = await onePass(
      {
        ...{ ports, assertHeld, isFollowed: isFollowed(pass), isFromEndpoint, correlationId },
        ...{ conflicts, trouble, isRecheck, evaluatedBy, shown },
      },
      target,
    )
    if (end.errors?.length) throw new PartsUnsettled(end.errors, end)
    const isLate = ports.now().getTime() - startedAt > maxPassMs
    const next = nextPass(pass, end, isLate, momentOf(ports))
    const finished = await lease.finish(next)
    if (finished.kind === 'ended') {
      if (!next && (end.isUnreadable || end.failures?.length)) noteGivenUp(ports, target)
      return next
    }
    pass = finished.pass
    if (isLate) {
      const rest = restOfLate(pass)
      await lease.finish(rest)
      return rest
    }
  }
}

/** Its own passes have ended, although Azure fails at it or it cannot be read. */
function noteGivenUp({ log }: ReviewPorts, target: ResourceId): void {
  log.warn('A target is given up until an event, the sweep or a changed allow-list names it.', {
    metric: 'azure.given-up',
    target: target.id,
  })
}

/** If this does not happen, the list of open work requeues the target a little later. */
async function send(ports: ReviewPorts, message: ReviewMessage, next: NextPass | undefined): Promise<void> {
  if (!next) return
  await ports.queue.enqueue({ ...message, ...asFollowUp(next) }, next.afterSeconds)
}
