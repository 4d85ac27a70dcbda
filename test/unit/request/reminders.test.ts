import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isReminderDue, untilReminder } from '../../../shared/request/reminders.ts'
import { later } from '../../../shared/request/times.ts'
import { sampleChoice } from '../../support/sample-request.ts'
import { ago, alone, lineOf, now, open, openFor, unlooked, waiting } from './given.ts'
import { next } from '../../../shared/request/life.ts'

const hour = 3600
const day = 24 * hour
const week = 7 * day

/** Hours after the opening at which people are reminded, where passes come at these hours. */
function remindedAt(hours: readonly number[]): number[] {
  let remindedAt: string | undefined
  return hours.filter((elapsed) => {
    const at = later(now, elapsed * hour)
    if (!isReminderDue(openFor(0, { remindedAt }), at)) return false
    remindedAt = at.toISOString()
    return true
  })
}

const everyHour = (count: number) => Array.from({ length: count }, (_, index) => index)

describe('people are reminded of an open request', () => {
  it('after 4 hours, 1 day, 3 days, 7 days, and then weekly', () => {
    expect(remindedAt(everyHour(30 * 24))).toEqual([4, 24, 72, 168, 336, 504, 672])
  })

  it('once, however many times passed while the app was stopped, and then at the next time', () => {
    expect(remindedAt([1, 100, 101, 120, 167, 168, 169])).toEqual([100, 168])
    expect(remindedAt([1, 1000, 1001, 1019, 1020, 1175, 1176])).toEqual([1000, 1020, 1176])
  })

  it('never sooner than 20 hours after the last time, although the time of another reminder has come', () => {
    expect(remindedAt([23, 24, 42, 43, 71, 72])).toEqual([23, 43, 72])
  })

  it('after a new question from its opening on, and never twice a day', () => {
    const reminded = (hours: number) => openFor(4 * hour, { remindedAt: ago(hours * hour) })
    expect([19.9, 20].map((hours) => isReminderDue(reminded(hours), now))).toEqual([false, true])
    expect(untilReminder(reminded(10), now)).toBe(10 * hour)
  })

  it('although a host with a wrong clock says that they were, years ahead', () => {
    expect(isReminderDue(openFor(4 * hour, { remindedAt: ago(-365 * day) }), now)).toBe(true)
  })

  it('whenever passes come, never twice within 20 hours, and each week at least where they come daily', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 24 }), { maxLength: 60 }), (waits) => {
        let hours = 0
        const passes = waits.map((wait) => (hours += wait))
        const times = remindedAt(passes)
        for (const [index, time] of times.entries()) {
          const before = times[index - 1]
          if (before !== undefined) expect(time - before).toBeGreaterThanOrEqual(20)
          if (before !== undefined) expect(time - before).toBeLessThanOrEqual(7 * 24 + 24)
        }
        if (hours > 30) expect(times.length).toBeGreaterThan(0)
      }),
    )
  })
})

describe('people are not reminded', () => {
  it.each([
    ['before its time', openFor(4 * hour - 1), waiting({}, unlooked), 'end'],
    [
      'once they have decided',
      openFor(week, { choices: [sampleChoice()] }),
      waiting({}, unlooked),
      'evaluate',
    ],
    ['while somebody is deciding it', openFor(week), waiting({ status: 'Approving' }, unlooked), 'evaluate'],
  ])('%s', (_, request, event, then) => {
    expect(lineOf({ request, event })).toBe(then)
  })
})

it('people who have approved, where further approvals are required, are reminded, and the approval stays', () => {
  const request = openFor(week, { choices: [sampleChoice({ required: 2 })] })
  const { draft } = next(request, waiting({}, unlooked), alone)
  expect(draft?.kind).toBe('reminded')
  expect(draft?.memory).toEqual({ remindedAt: now.toISOString() })
})

it('the question stays the one that it was', () => {
  const { draft } = next(openFor(week), waiting(), alone)
  const { notificationId, cause } = open().state
  expect(draft).toMatchObject({ state: { name: 'open', cause }, asked: { notificationId, since: ago(week) } })
})
