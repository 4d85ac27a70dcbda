import type { CaseMessage, Delivery, DeliveryState } from '../domain/case-message.ts'
import type { ChannelUse, Destination } from './destination.ts'
import { hourMs } from './settings.ts'

/** A channel that has failed for that long is helped out by the next one. */
export const fallbackMs = 300_000
/** Nobody was notified when everything has failed for that long. */
export const nobodyMs = 1_800_000
/** What has failed for that long is given up. */
export const giveUpMs = 7 * 24 * hourMs
/** How often a message without any channel is looked at. */
const withoutChannelMs = 600_000

/** The channels of a message: those of its route, and as many of the fallback as it takes to have one that works. */
export function channelsOf(
  destination: Destination,
  deliveries: readonly Delivery[],
  now: Date,
): readonly ChannelUse[] {
  const isTroubled = ({ channel }: ChannelUse) => hasTrouble(stateOf(deliveries, channel), now)
  const { channels, fallback, missing } = destination
  if (missing.length === 0 && channels.length > 0 && !channels.some(isTroubled)) return channels
  const working = fallback.findIndex((use) => !isTroubled(use))
  const extra = working < 0 ? fallback : fallback.slice(0, working + 1)
  const names = new Set(channels.map(({ channel }) => channel))
  return [...channels, ...extra.filter(({ channel }) => !names.has(channel))]
}

/** Those that are tried now. */
export function dueChannels(
  uses: readonly ChannelUse[],
  deliveries: readonly Delivery[],
  now: Date,
): readonly ChannelUse[] {
  return uses.filter(({ channel }) => {
    const state = stateOf(deliveries, channel)
    return state === undefined || (state.name === 'waiting' && state.notBefore <= now.toISOString())
  })
}

/** The message with a new state of one channel. */
export function withState(message: CaseMessage, channel: string, state: DeliveryState): CaseMessage {
  const others = message.deliveries.filter((delivery) => delivery.channel !== channel)
  return { ...message, deliveries: [...others, { channel, state }] }
}

/** How a channel failed. */
export interface Failure {
  readonly isRefused: boolean
  /** Seconds until the next try. */
  readonly afterSeconds: number
  readonly problem: string
}

/** The state of a channel after a failure; given up after a week. */
export function failedState(
  before: DeliveryState | undefined,
  { isRefused, afterSeconds, problem }: Failure,
  now: Date,
): DeliveryState {
  const earlier = before?.name === 'waiting' ? before : undefined
  const at = now.toISOString()
  const failingSince = earlier?.failingSince ?? at
  const attempts = (earlier?.attempts ?? 0) + 1
  if (now.getTime() - Date.parse(failingSince) >= giveUpMs) return { name: 'failed', at, attempts, problem }
  return {
    name: 'waiting',
    notBefore: later(now, afterSeconds * 1000),
    attempts,
    failingSince,
    isRefused,
    problem,
  }
}

/** The state of a channel that may not take the message yet. Nothing has failed. */
export function postponedState(
  before: DeliveryState | undefined,
  notBefore: number,
  problem: string,
): DeliveryState {
  const earlier = before?.name === 'waiting' ? before : undefined
  return {
    name: 'waiting',
    notBefore: new Date(notBefore).toISOString(),
    attempts: earlier?.attempts ?? 0,
    failingSince: earlier?.failingSince,
    isRefused: earlier?.isRefused ?? false,
    problem,
  }
}

/** The message after its channels were tried: settled, or with the time of the next try. */
export function afterTries(message: CaseMessage, destination: Destination, now: Date): CaseMessage {
  const { deliveries } = message
  const uses = channelsOf(destination, deliveries, now)
  const states = uses.map(({ channel }) => stateOf(deliveries, channel))
  const settledAt = now.toISOString()
  const hasReached = deliveries.some(({ state }) => state.name === 'sent' || state.name === 'in-digest')
  if (uses.length === 0) {
    if (hasReached) return { ...message, state: 'sent', settledAt }
    const problem = 'No channel of its route exists.'
    if (now.getTime() - Date.parse(message.openedAt) >= giveUpMs)
      return { ...message, state: 'failed', settledAt, problem }
    return { ...message, dueAt: later(now, withoutChannelMs), problem }
  }
  const times = states.flatMap((state) => nextTimes(state, now))
  if (times.length > 0) return { ...message, dueAt: new Date(Math.min(...times)).toISOString() }
  return { ...message, state: hasReached ? 'sent' : 'failed', settledAt }
}

/** Whether nobody was notified, although there was time for it. */
export function isNobodyNotified(message: CaseMessage, destination: Destination, now: Date): boolean {
  const { deliveries, state, openedAt } = message
  if (state === 'failed') return true
  if (state !== 'waiting') return false
  if (deliveries.some((delivery) => hasReachedPeople(delivery))) return false
  const uses = channelsOf(destination, deliveries, now)
  if (uses.length === 0) return true
  const failing = uses.map(({ channel }) => failingSinceOf(stateOf(deliveries, channel), openedAt))
  return failing.every((since) => since !== undefined) && isOlder(failing.toSorted()[0], nobodyMs, now)
}

/** Whether the log says again that nobody was notified: once in an hour. */
export function isToBeSaid({ nobodyAt }: CaseMessage, now: Date): boolean {
  return nobodyAt === undefined || isOlder(nobodyAt, hourMs, now)
}

/** Where a message stands in a channel; undefined: it was not tried. */
export function stateOf(deliveries: readonly Delivery[], channel: string): DeliveryState | undefined {
  return deliveries.find((delivery) => delivery.channel === channel)?.state
}

function hasReachedPeople({ state }: Delivery): boolean {
  return state.name === 'sent' || state.name === 'in-digest'
}

function hasTrouble(state: DeliveryState | undefined, now: Date): boolean {
  if (state?.name === 'failed') return true
  return state?.name === 'waiting' && (state.isRefused || isOlder(state.failingSince, fallbackMs, now))
}

function failingSinceOf(state: DeliveryState | undefined, openedAt: string): string | undefined {
  if (state?.name === 'failed') return openedAt
  return state?.name === 'waiting' ? state.failingSince : undefined
}

/** Moments from now on at which something is to be done for a channel. */
function nextTimes(state: DeliveryState | undefined, now: Date): readonly number[] {
  if (state === undefined) return [now.getTime()]
  if (state.name !== 'waiting') return []
  const since = state.failingSince === undefined ? [] : [Date.parse(state.failingSince)]
  const later = since.flatMap((time) => [time + fallbackMs, time + nobodyMs])
  return [Date.parse(state.notBefore), ...later.filter((time) => time > now.getTime())]
}

function isOlder(time: string | undefined, ms: number, now: Date): boolean {
  return time !== undefined && now.getTime() - Date.parse(time) >= ms
}

function later(now: Date, ms: number): string {
  return new Date(now.getTime() + ms).toISOString()
}
