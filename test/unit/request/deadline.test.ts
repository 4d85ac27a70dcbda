import { describe, expect, it } from 'vitest'
import {
  isPastDeadline,
  isStable,
  isWornOut,
  nextRetry,
  untilNextCheck,
  untilRecheck,
  untilNextTry,
} from '../../../shared/request/deadline.ts'
import { later } from '../../../shared/request/times.ts'
import { ago, alone, applying, now, open, openAfter, refusedOnce } from './given.ts'

const hour = 3600
const day = 24 * hour
const week = 7 * day
const since = (seconds: number) => applying({ since: ago(seconds) })
const openSince = (seconds: number) => ({ ...open(), state: { ...open().state, since: ago(seconds) } })

describe('a decision that Azure did not take', () => {
  it.each([
    [0, 15],
    [14, 1],
    [15, 105],
    [119, 1],
    [120, 480],
    [599, 1],
    [600, 1200],
    [1799, 1],
  ])('is sent again after 15 s, 2, 10 and 30 min: %d s after the first try in %d s', (elapsed, seconds) => {
    expect(untilNextTry(since(elapsed), now, 0)).toBe(seconds)
  })

  it('is not sent sooner than Azure asked', () => {
    expect([104, 105, 106].map((asked) => untilNextTry(since(15), now, asked))).toEqual([105, 105, 106])
  })
})

describe('a decision that Azure took', () => {
  it.each([
    [-31_536_000, 5],
    [0, 5],
    [2, 5],
    [2.1, 6],
    [3, 6],
    [449, 898],
    [450, 900],
    [1799, 900],
  ])('is checked after twice the time so far, from 5 s to 15 min: after %d s in %d s', (elapsed, seconds) => {
    expect(untilNextCheck(since(elapsed), now)).toBe(seconds)
  })
})

describe('the deadline for Azure is past', () => {
  it.each([
    [-61, true],
    [-60, false],
    [0, false],
    [1799.9, false],
    [1800, true],
    [week, true],
  ])('half an hour after the first try, or where that lies ahead: %d s: %s', (elapsed, isSo) => {
    expect(isPastDeadline(since(elapsed), now)).toBe(isSo)
  })

  it.each([
    ['it was tried until now', 1800, ago(0), true],
    ['it was tried until some minutes ago', 1800, ago(299), true],
    ['the app was away for five minutes: it is tried once more', 1800, ago(300), false],
    ['the next try is still to come', 1800, ago(-0.1), false],
    ['it was never deferred', 1800, undefined, false],
    ['Azure still has time', 1799, ago(0), false],
  ])('for a decision that waits where %s', (_, elapsed, notBefore, isSo) => {
    expect(isWornOut(applying({ since: ago(elapsed), notBefore }), now)).toBe(isSo)
  })
})

describe('a refused decision', () => {
  it.each([
    [0, 60],
    [59, 1],
    [60, 240],
    [300, 1500],
    [1799, 1],
    [1800, hour],
    [1800 + hour, hour],
    [week - 1, 1801],
  ])('is sent again after 1, 5 and 30 min, then hourly: after %d s in %d s', (elapsed, seconds) => {
    expect(nextRetry(ago(elapsed), now)).toEqual(later(now, seconds))
  })

  it('is sent again for a week, and not longer', () => {
    expect(nextRetry(ago(week), now)).toBeUndefined()
  })

  it('since a time that a wrong clock has set ahead is sent again as one of now', () => {
    expect(nextRetry(ago(-52 * week), now)).toEqual(later(now, 60))
  })
})

describe('an open request', () => {
  it.each([
    [0, 900],
    [899, 1],
    [900, hour],
    [900 + hour, hour],
    [week - 1, 901],
    [week, day],
    [week + 1, day - 1],
    [week + day - 2, 2],
    [52 * week, day],
    [-52 * week, 900],
  ])(
    'is evaluated again after 15 min, then hourly, after a week daily: after %d s in %d s',
    (elapsed, seconds) => {
      expect(untilRecheck(openSince(elapsed), now)).toBe(seconds)
    },
  )

  const refusedUntil = (retryAt: string | undefined) =>
    openAfter('refused', 'approve', { refused: refusedOnce(retryAt) })

  it.each([
    ['at its next try', ago(-90), 90],
    ['at its next try, not in less than a second', ago(-0.1), 1],
    ['at the usual times when its try has passed without one', ago(0), 900],
    ['at the usual times when it is not sent again', undefined, 900],
    ['at the usual times where a wrong clock has set its try ahead by years', ago(-52 * week), 900],
  ])('after a refusal is looked at %s', (_, retryAt, seconds) => {
    const before = refusedUntil(retryAt)
    expect(untilRecheck({ ...before, state: { ...before.state, since: ago(0) } }, now)).toBe(seconds)
  })

  it('for another reason than its refusal is evaluated again as any other', () => {
    expect(untilRecheck({ ...openSince(0), refused: refusedOnce(ago(-90)) }, now)).toBe(900)
  })
})

describe('what Azure shows', () => {
  it.each([
    [179.9, false],
    [180, true],
  ])('is stable after three minutes: %d s: %s', (elapsed, isSo) => {
    expect(isStable(since(elapsed), alone)).toBe(isSo)
    expect(isStable(openSince(elapsed), alone)).toBe(isSo)
  })
})
