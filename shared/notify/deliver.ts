import type { ChannelPort } from '../ports/channel.ts'
import type { Log } from '../ports/log.ts'
import type { ClaimedNotification, OutboxPort, OutboxRef } from '../ports/outbox.ts'
import { backoffSeconds } from './backoff.ts'

/** What delivering needs from the outside. */
export interface DeliveryPorts {
  readonly outbox: OutboxPort
  readonly channels: readonly ChannelPort[]
  readonly log: Log
  /** From 0 to 1. */
  readonly random: () => number
}

const atOnce = 16

/** Delivers every notification that is due. One that fails is retried without end, and never blocks others. */
export async function deliverDue(ports: DeliveryPorts): Promise<void> {
  const tried = new Set<OutboxRef>()
  for (;;) {
    const refs = (await ports.outbox.due(atOnce)).filter((ref) => !tried.has(ref))
    if (refs.length === 0) return
    for (const ref of refs) tried.add(ref)
    await Promise.all(refs.map((ref) => deliverApart(ports, ref)))
  }
}

/**
 * Delivers one notification, if it is due and not claimed. A failed channel is tried again later.
 * @throws Error when the outbox cannot be read or written.
 */
export async function deliverOne(ports: DeliveryPorts, ref: OutboxRef): Promise<void> {
  const claimed = await ports.outbox.claim(ref)
  if (!claimed) return
  const { caseId } = claimed.notification
  if (caseId === undefined || claimed.isCase) await send(ports, claimed)
  else await leaveToCase(ports, claimed, caseId)
}

async function deliverApart(ports: DeliveryPorts, ref: OutboxRef): Promise<void> {
  try {
    await deliverOne(ports, ref)
  } catch (error) {
    ports.log.error('A notification could not be taken from the outbox; it is tried again.', {
      metric: 'outbox.failed',
      ref,
      error: String(error),
    })
  }
}

/** A burst case is notified once, whichever of its requests comes first. */
async function leaveToCase(
  ports: DeliveryPorts,
  claimed: ClaimedNotification,
  caseId: string,
): Promise<void> {
  const ref = await ports.outbox.openCase({ ...claimed.notification, id: caseId }, caseId)
  await ports.outbox.delivered(claimed)
  await deliverOne(ports, ref)
}

/** Through each channel that has not taken it yet. */
async function send(ports: DeliveryPorts, claimed: ClaimedNotification): Promise<void> {
  const { outbox, channels, log, random } = ports
  const { notification, attempts } = claimed
  const left = channels.filter(({ name }) => !claimed.sentThrough.includes(name))
  const results = await Promise.allSettled(left.map(async (channel) => channel.send(notification)))
  const failures = left.flatMap(({ name }, index) => {
    const result = results[index]
    return result?.status === 'rejected' ? [{ name, error: String(result.reason) }] : []
  })
  const failed = new Set(failures.map(({ name }) => name))
  const taken = left.map(({ name }) => name).filter((name) => !failed.has(name))
  const settled = { ...claimed, sentThrough: [...claimed.sentThrough, ...taken] }
  if (failures.length === 0) return outbox.delivered(settled)
  const afterSeconds = backoffSeconds(attempts, random())
  const problem = failures.map(({ name, error }) => `${name}: ${error}`).join('; ')
  log.error('A notification could not be delivered; it is tried again.', {
    metric: 'outbox.failed',
    id: notification.id,
    decisionId: notification.decisionId,
    attempts: attempts + 1,
    afterSeconds: Math.round(afterSeconds),
    error: problem,
  })
  await outbox.failed(settled, afterSeconds, problem)
}
