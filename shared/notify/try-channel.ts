import type { ChannelUse } from '../cases/destination.ts'
import { failedState, postponedState, stateOf } from '../cases/deliveries.ts'
import type { DeliveryState } from '../domain/case-message.ts'
import type { Message } from '../domain/message.ts'
import { visible } from '../domain/printable.ts'
import type { ClaimedMessage } from '../ports/cases.ts'
import { type Accepted, ChannelFailure, type MessageChannel } from '../ports/message-channel.ts'
import { allowanceOf, releaseRecipients } from './allowance.ts'
import { backoffSeconds } from './backoff.ts'
import type { DeliveryPorts } from './ports.ts'
import { withReviewLink } from './review-link.ts'

/** What a channel was told to wait is kept to, up to an hour; a message that is refused is tried again so often. */
const maxWaitSeconds = 3_600
const maxProblemLength = 500

/** Sends a message through one channel, if its limits allow it. Never throws for what the channel does. */
export async function tryChannel(
  ports: DeliveryPorts,
  claimed: ClaimedMessage,
  message: Message,
  { use, channel }: { readonly use: ChannelUse; readonly channel: MessageChannel },
): Promise<DeliveryState> {
  const before = stateOf(claimed.message.deliveries, use.channel)
  if (ports.pauses.isPaused(channel.name))
    return failed(ports, claimed, use, new ChannelFailure('failed', 'It did not respond to another message.'))
  const allowance = await allowanceOf(ports, claimed, use, channel)
  if (allowance.kind === 'later')
    return postponedState(before, allowance.notBefore, 'Its limit of messages is reached.')
  const at = ports.now().toISOString()
  if (allowance.kind === 'in-digest') return { name: 'in-digest', at }
  try {
    const linked = await withReviewLink(ports.links, claimed.group, message, channel.name)
    const { reference, refusedRecipients = [] } = await sent(ports, channel, linked, allowance.addresses)
    if (refusedRecipients.length > 0)
      ports.log.warn('Some recipients of a message were refused.', {
        metric: 'notification.recipients',
        ...{ id: message.id, channel: channel.name, count: refusedRecipients.length },
      })
    return { name: 'sent', at: ports.now().toISOString(), reference }
  } catch (error) {
    const failure = failureOf(error)
    if (failure.kind !== 'failed') await releaseRecipients(ports, claimed, use, channel)
    return failed(ports, claimed, use, failure)
  }
}

/** Within its time, also where the channel does not heed the signal. */
async function sent(
  { sendMs, pauses }: DeliveryPorts,
  channel: MessageChannel,
  message: Message,
  addresses: readonly string[],
): Promise<Accepted> {
  const time = new AbortController()
  const { promise: timeout, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    pauses.pause(channel.name)
    reject(new ChannelFailure('failed', `It did not respond within ${sendMs / 1000} s.`))
    time.abort()
  }, sendMs)
  try {
    return await Promise.race([Promise.resolve(channel.send(message, addresses, time.signal)), timeout])
  } finally {
    clearTimeout(timer)
  }
}

function failureOf(error: unknown): ChannelFailure {
  return error instanceof ChannelFailure ? error : new ChannelFailure('failed', String(error))
}

function failed(
  { log, now, random }: DeliveryPorts,
  { ids, message }: ClaimedMessage,
  { channel }: ChannelUse,
  failure: ChannelFailure,
): DeliveryState {
  const before = stateOf(message.deliveries, channel)
  const attempts = before?.name === 'waiting' ? before.attempts : 0
  const afterSeconds = waitSeconds(failure, attempts, random())
  const problem = visible(failure.message).slice(0, maxProblemLength)
  log.error('A message could not be sent through a channel; it is tried again.', {
    metric: 'outbox.failed',
    ...{ id: ids.message, channel, kind: failure.kind, attempts: attempts + 1 },
    afterSeconds: Math.round(afterSeconds),
    error: problem,
  })
  return failedState(before, { isRefused: failure.kind === 'refused', afterSeconds, problem }, now())
}

function waitSeconds({ kind, retryAfterSeconds }: ChannelFailure, attempts: number, random: number): number {
  if (kind === 'refused') return maxWaitSeconds
  const backoff = backoffSeconds(attempts, random)
  if (retryAfterSeconds === undefined) return backoff
  // Never before the time that was asked for, and not all at that time.
  return Math.min(Math.max(retryAfterSeconds, 0) * (1 + random / 10), maxWaitSeconds)
}
