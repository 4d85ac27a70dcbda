import { lastAttempt } from './look-again.ts'
import type { ReviewPorts } from './ports.ts'

/** Index rows of this span are checked at each sweep; a crash leaves out at most the newest. */
const repairedSpanMs = 24 * 3600 * 1000
/** One would do, were the clocks of all instances the same. */
const windowsKept = 2

/**
 * The net under the events: looks for targets with Pending connections in Resource Graph and sends a review
 * to each. Repairs index rows and forgets old floods on the way. One part failing does not stop the others.
 */
export async function sweep(
  ports: ReviewPorts,
): Promise<{ targets: number; repaired: number; forgotten: number }> {
  const before = (spanMs: number) => new Date(ports.now().getTime() - spanMs)
  const [searched, repaired, forgotten] = await Promise.allSettled([
    searchPending(ports),
    ports.ledger.repairIndexes(before(repairedSpanMs)),
    ports.floods.forgetBefore(before(windowsKept * ports.floodLimits.windowMs)),
  ])
  const failures = [searched, repaired, forgotten].filter((part) => part.status === 'rejected')
  if (failures.length > 0) {
    throw new AggregateError(
      failures.map((part): unknown => part.reason),
      `The sweep could not do all of its work: ${failures.map((part) => String(part.reason)).join('; ')}`,
    )
  }
  const found = {
    targets: searched.status === 'fulfilled' ? searched.value : 0,
    repaired: repaired.status === 'fulfilled' ? repaired.value : 0,
    forgotten: forgotten.status === 'fulfilled' ? forgotten.value : 0,
  }
  ports.log.info('Swept.', found)
  return found
}

async function searchPending(ports: ReviewPorts): Promise<number> {
  const targets = await ports.search.targetsWithPending()
  for (const target of targets) {
    await ports.queue.enqueue({
      lookAt: target.id,
      attempt: lastAttempt,
      isFollowUp: false,
      isFromEndpoint: false,
      seenAt: ports.now().toISOString(),
      correlationId: undefined,
    })
  }
  return targets.length
}
