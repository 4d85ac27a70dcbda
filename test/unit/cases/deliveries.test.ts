import { describe, expect, it } from 'vitest'
import {
  afterTries,
  channelsOf,
  dueChannels,
  failedState,
  isNobodyNotified,
  isToBeSaid,
  postponedState,
  withState,
} from '../../../shared/cases/deliveries.ts'
import type { Destination } from '../../../shared/cases/destination.ts'
import type { CaseMessage, DeliveryState } from '../../../shared/domain/case-message.ts'
import { at, messageWith, waiting } from './given.ts'

const use = (channel: string) => ({ channel, addresses: [] })
const destination = (
  channels: readonly string[],
  fallback: readonly string[] = [],
  missing: readonly string[] = [],
): Destination => ({
  ...{
    channels: channels.map(use),
    fallback: fallback.map(use),
    missing,
    deadRoute: undefined,
    isDefined: true,
  },
})
const sent: DeliveryState = { name: 'sent', at: at(1).toISOString(), reference: undefined }
const given = (states: Readonly<Record<string, DeliveryState>>) => messageWith(states).deliveries
const names = (where: Destination, states: Readonly<Record<string, DeliveryState>>, minute: number) =>
  channelsOf(where, given(states), at(minute)).map(({ channel }) => channel)

describe('a fallback', () => {
  const where = destination(['a'], ['b', 'c'])

  it('is used when a channel has failed for five minutes, and not before', () => {
    expect(names(where, { a: waiting() }, 4.9)).toEqual(['a'])
    expect(names(where, { a: waiting() }, 5)).toEqual(['a', 'b'])
  })

  it('is used at once when a channel refuses, has failed for good, or does not exist', () => {
    expect(names(where, { a: waiting({ isRefused: true }) }, 0)).toEqual(['a', 'b'])
    expect(names(where, { a: { name: 'failed', at: '', attempts: 9, problem: 'x' } }, 0)).toEqual(['a', 'b'])
    expect(names(destination(['a'], ['b'], ['gone']), {}, 0)).toEqual(['a', 'b'])
    expect(names(destination([], ['b'], ['gone']), {}, 0)).toEqual(['b'])
  })

  it('gives way to the next one when it fails itself', () => {
    expect(names(where, { a: waiting(), b: waiting() }, 5)).toEqual(['a', 'b', 'c'])
  })

  it('is not used for a channel that waits for its limits', () => {
    expect(names(where, { a: waiting({ failingSince: undefined }) }, 50)).toEqual(['a'])
  })
})

describe('a channel', () => {
  it('is due when it was not tried, or its wait is over', () => {
    const deliveries = given({ b: waiting({ notBefore: at(2).toISOString() }), c: sent })
    const due = (minute: number) =>
      dueChannels(['a', 'b', 'c'].map(use), deliveries, at(minute)).map(({ channel }) => channel)
    expect([due(1.9), due(2)]).toEqual([['a'], ['a', 'b']])
  })

  it('that fails remembers since when, and is given up after a week', () => {
    const failure = { isRefused: false, afterSeconds: 30, problem: 'down' }
    const first = failedState(undefined, failure, at(0))
    expect(first).toEqual(waiting({ notBefore: at(0.5).toISOString() }))
    const second = failedState(first, failure, at(9))
    expect(second).toMatchObject({ attempts: 2, failingSince: at(0).toISOString() })
    expect(failedState(second, failure, at(7 * 24 * 60 - 1)).name).toBe('waiting')
    expect(failedState(second, failure, at(7 * 24 * 60))).toEqual({
      ...{ name: 'failed', at: at(7 * 24 * 60).toISOString(), attempts: 3, problem: 'down' },
    })
  })

  it('that waits for its limits has not failed', () => {
    const state = postponedState(undefined, at(3).getTime(), 'full')
    expect(state).toMatchObject({ attempts: 0, failingSince: undefined, notBefore: at(3).toISOString() })
    expect(postponedState(waiting(), at(3).getTime(), 'full')).toMatchObject({
      failingSince: at(0).toISOString(),
    })
  })

  it('has one state, the last one', () => {
    const message = withState(withState(messageWith({ b: sent }), 'a', waiting()), 'a', sent)
    expect(message.deliveries).toHaveLength(2)
  })
})

describe('a message after its tries', () => {
  const after = (
    states: Readonly<Record<string, DeliveryState>>,
    where = destination(['a', 'b']),
    minute = 1,
    change: Partial<CaseMessage> = {},
  ) => afterTries(messageWith(states, change), where, at(minute))

  it('is settled when every channel of its route took it, or has it in a digest', () => {
    expect(after({ a: sent, b: { name: 'in-digest', at: '' } })).toMatchObject({
      state: 'sent',
      settledAt: at(1).toISOString(),
    })
    expect(after({ a: sent, b: { name: 'failed', at: '', attempts: 1, problem: 'x' } }).state).toBe('sent')
  })

  it('waits for the next try of any channel, and for the time of a fallback', () => {
    const b = waiting({ notBefore: at(4).toISOString(), failingSince: at(0).toISOString() })
    expect(after({ a: sent, b })).toMatchObject({
      state: 'waiting',
      settledAt: undefined,
      dueAt: at(4).toISOString(),
    })
    const later = waiting({ notBefore: at(50).toISOString() })
    expect(after({ a: sent, b: later }).dueAt).toBe(at(5).toISOString())
    expect(after({ a: sent, b: later }, destination(['a', 'b']), 6).dueAt).toBe(at(30).toISOString())
  })

  it('has failed when every channel has', () => {
    const failed: DeliveryState = { name: 'failed', at: '', attempts: 1, problem: 'x' }
    expect(after({ a: failed, b: failed })).toMatchObject({ state: 'failed', settledAt: at(1).toISOString() })
  })

  it('without any channel waits for one, and has failed after a week', () => {
    expect(after({}, destination([]))).toMatchObject({
      state: 'waiting',
      problem: 'No channel of its route exists.',
    })
    expect(after({}, destination([]), 7 * 24 * 60).state).toBe('failed')
    expect(after({ a: sent }, destination([])).state).toBe('sent')
  })

  it('is not settled by a channel that its route does not have any more', () => {
    expect(after({ old: waiting(), a: sent }, destination(['a'])).state).toBe('sent')
  })
})

describe('nobody was notified', () => {
  const nobody = (states: Readonly<Record<string, DeliveryState>>, where: Destination, minute: number) =>
    isNobodyNotified(messageWith(states), where, at(minute))

  it('when there is no channel at all', () => {
    expect(nobody({}, destination([]), 0)).toBe(true)
  })

  it('when every channel has failed for half an hour, and not a minute before', () => {
    const states = { a: waiting(), b: waiting({ failingSince: at(5).toISOString() }) }
    expect(nobody(states, destination(['a'], ['b']), 29.9)).toBe(false)
    expect(nobody(states, destination(['a'], ['b']), 30)).toBe(true)
  })

  it('is untrue when one channel took it, has it in a digest, or was not tried', () => {
    const where = destination(['a'], ['b'])
    expect(nobody({ a: waiting(), b: sent }, where, 90)).toBe(false)
    expect(nobody({ a: waiting(), b: { name: 'in-digest', at: '' } }, where, 90)).toBe(false)
    expect(nobody({ a: waiting() }, where, 90)).toBe(false)
  })

  it('is true of what failed for good, and of nothing else that is settled', () => {
    const settled = (state: CaseMessage['state']) =>
      isNobodyNotified(messageWith({}, { state }), destination(['a']), at(0))
    expect([settled('failed'), settled('dropped'), settled('discarded'), settled('sent')]).toEqual([
      true,
      false,
      false,
      false,
    ])
  })

  it('is said once an hour', () => {
    expect(isToBeSaid(messageWith(), at(0))).toBe(true)
    const said = messageWith({}, { nobodyAt: at(0).toISOString() })
    expect([isToBeSaid(said, at(59)), isToBeSaid(said, at(60))]).toEqual([false, true])
  })
})
