import { reviewPlace } from '../domain/review-place.ts'
import type { ReviewQueuePort } from '../ports/queue.ts'
import type { ListedWork } from '../ports/work.ts'
import { eachApart } from './each-apart.ts'
import { type LeasePorts, momentOf } from './lease.ts'
import { claim, isOverdue } from './schedule.ts'

type Ports = LeasePorts & { readonly queue: Pick<ReviewQueuePort, 'enqueue'> }

/**
 * Requeues targets whose review crashed or is due again. The queue message of a crashed host stays hidden for ten
 * minutes, so this finishes an intent after a crash. Returns how many there were.
 * @throws AggregateError where what is stored of some targets cannot be changed; all others are requeued.
 */
export async function finishOpenWork(ports: Ports): Promise<number> {
  const listed = await ports.work.list()
  let count = 0
  try {
    await eachApart(listed, async (one) => {
      if (await isBroughtBack(ports, one)) count += 1
    })
  } finally {
    if (count > 0) ports.log.warn('Reviews that did not end are taken up again.', { count })
  }
  return count
}

async function isBroughtBack(ports: Ports, listed: ListedWork): Promise<boolean> {
  if (listed.kind === 'unreadable') {
    ports.log.error('A row of open work is not understood; no review of its target can begin.', { ...listed })
    return false
  }
  const { target, state } = listed
  if (!isOverdue(state, ports.now().getTime())) return false
  if (reviewPlace(target).kind !== 'target') {
    ports.log.warn('A target on the list of open work is none; it is removed.', { target: target.id })
    return ports.work.change(target, () => ({ write: 'remove', result: false }))
  }
  const claimed = await ports.work.change(target, (current) => claim(current, momentOf(ports)))
  if (claimed.kind === 'not-due') return false
  await ports.queue.enqueue({
    resourceId: target.id,
    attempt: claimed.attempt,
    isFollowUp: false,
    isFromEndpoint: claimed.isFromEndpoint,
    correlationId: undefined,
  })
  return true
}
