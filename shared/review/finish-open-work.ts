import type { ReviewPorts } from './ports.ts'

/**
 * Brings back targets whose review died or is due again. A host that dies leaves its queue message unseen for
 * ten minutes, so this is what finishes an intent after a crash.
 */
export async function finishOpenWork(ports: ReviewPorts): Promise<number> {
  const overdue = await ports.work.overdue()
  for (const { target, isFromEndpoint } of overdue) {
    await ports.queue.enqueue({
      lookAt: target.id,
      attempt: 0,
      isFollowUp: false,
      isFromEndpoint,
      seenAt: ports.now().toISOString(),
      correlationId: undefined,
    })
  }
  if (overdue.length > 0)
    ports.log.warn('Reviews that did not end are taken up again.', { count: overdue.length })
  return overdue.length
}
