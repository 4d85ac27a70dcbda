import { describe, expect, it } from 'vitest'
import type { Series, WorkState } from '../../../shared/domain/target-work.ts'
import { type Failure, nextPass, type PassEnd, restOfLate } from '../../../shared/review/next-pass.ts'
import {
  abandon,
  type AskedPass,
  begin,
  claim,
  defaultTimings,
  finish,
  isFollowed,
  isOverdue,
  lastAttempt,
  type Moment,
  postpone,
  renew,
  spedUp,
  type SeriesPass,
} from '../../../shared/review/schedule.ts'

const now = Date.parse('2026-11-21T08:00:00Z')
const earlier = now - 100_000
const moment: Moment = { at: now, timings: defaultTimings }

const event: AskedPass = { attempt: 0, isFollowUp: false, isFromEndpoint: false }
const search: AskedPass = { ...event, attempt: lastAttempt }
const followUp = (attempt: number): AskedPass => ({ ...event, attempt, isFollowUp: true })

const trouble = [{ id: '/a', at: earlier }]

const series: Series = { attempt: 3, since: earlier, isFromEndpoint: false, word: undefined }
const word = (attempt: number) => ({ ...series, word: { attempt } })
const held = (leaseUntil: number, change: Partial<Series> = {}): WorkState => ({
  kind: 'held',
  series: { ...series, ...change },
  holder: 'another',
  leaseUntil,
})
const due = (dueAt: number, change: Partial<Series> = {}): WorkState => ({
  kind: 'due',
  series: { ...series, ...change },
  dueAt,
})
const resting = (dueAt: number, change: Partial<Series> = {}): WorkState => ({
  kind: 'resting',
  series: { ...series, attempt: 7, ...change },
  dueAt,
})
const backoff = (notBefore: number, change: Partial<Series> = {}): WorkState => ({
  kind: 'backoff',
  series: { ...series, ...change },
  dueAt: notBefore + 15_500,
  notBefore,
})

describe('the timings', () => {
  it('are those that the decisions name', () => {
    expect(defaultTimings).toEqual({
      passWaitSeconds: [1, 2, 4, 8, 15, 30, 60],
      leaseSeconds: 20,
      renewSeconds: 5,
      overdueGraceSeconds: 60,
      spareSeconds: 15,
      maxWaitSeconds: 240,
      listKnownSeconds: 15,
      clockSlackSeconds: 0.5,
    })
    expect(lastAttempt).toBe(7)
  })

  it('keep their proportions when the schedule runs faster; clocks of hosts differ as before', () => {
    expect(spedUp(defaultTimings, 5)).toEqual({
      passWaitSeconds: [0.2, 0.4, 0.8, 1.6, 3, 6, 12],
      leaseSeconds: 4,
      renewSeconds: 1,
      overdueGraceSeconds: 12,
      spareSeconds: 3,
      maxWaitSeconds: 48,
      listKnownSeconds: 3,
      clockSlackSeconds: 0.5,
    })
  })
})

describe('the pass after a pass', () => {
  it.each([
    [0, 1],
    [1, 2],
    [2, 4],
    [3, 8],
    [4, 15],
    [5, 30],
    [6, 60],
  ])('that is number %i of its series comes after %i s', (attempt, afterSeconds) => {
    const next = { attempt: attempt + 1, passNumber: 1, afterSeconds, notSooner: false }
    expect(nextPass({ attempt }, {}, false, moment)).toEqual(next)
    expect(nextPass({ attempt }, {}, true, moment)).toEqual(next)
  })

  it.each([7, 8, 9])('that is number %i does not come', (attempt) => {
    expect(nextPass({ attempt }, {}, false, moment)).toBeUndefined()
  })

  it.each([
    ['in time', 5, false, 5],
    ['late', 5, true, 6],
    ['in time as the last', 7, false, 7],
    ['late as the last but one', 6, true, 7],
    ['late as the last', 7, true, 7],
  ] as const)('that must come back, %s, counts so that it ends', (_when, attempt, isLate, next) => {
    expect(nextPass({ attempt }, { backSeconds: 17 }, isLate, moment)).toEqual({
      attempt: next,
      passNumber: 1,
      afterSeconds: 17,
      notSooner: false,
    })
  })

  it.each([
    [3, 8, 3, 8],
    [3, 9, 4, 8],
    [6, 900, 7, 60],
    [7, 900, 7, 900],
  ])('number %i that must come back after %i s is number %i after %i s: the series goes on', (...row) => {
    const [attempt, backSeconds, next, afterSeconds] = row
    const end = { backSeconds, needsSeries: true }
    expect(nextPass({ attempt }, end, false, moment)).toMatchObject({ attempt: next, afterSeconds })
  })

  it('knows how many passes in a row ended with a conflict', () => {
    const end = { backSeconds: 2, conflicts: 1 }
    for (const attempt of [0, 7])
      expect(nextPass({ attempt }, end, false, moment)).toMatchObject({ afterSeconds: 2, conflicts: 1 })
  })

  describe('of a series that no request needs, as each is recorded,', () => {
    it.each([
      [0, 3, 7],
      [1, 4, 14],
      [3, 6, 53],
      [5, 7, 90],
      [6, 7, 60],
    ])('that is number %i is followed by number %i after %i s: three become one', (...row) => {
      const [attempt, next, afterSeconds] = row
      for (const end of [{ recheckSeconds: 900 }, { backSeconds: 900 }])
        expect(nextPass({ attempt }, end, false, moment)).toMatchObject({ attempt: next, afterSeconds })
    })

    it.each([
      [0, 1, 1],
      [0, 2, 1],
      [0, 5, 2],
      [3, 8, 4],
      [3, 53, 6],
      [6, 60, 7],
      [7, 300, 7],
    ])('number %i that must come back after %i s comes as number %i of the series', (...row) => {
      const [attempt, backSeconds, next] = row
      const end = nextPass({ attempt }, { backSeconds }, false, moment)
      expect(end).toMatchObject({ attempt: next, afterSeconds: backSeconds })
    })

    it('none is left out while a request that is not recorded yet waits for it', () => {
      const end = { recheckSeconds: 900, needsSeries: true }
      expect(nextPass({ attempt: 0 }, end, false, moment)).toMatchObject({ attempt: 1, afterSeconds: 1 })
    })

    it('none is left out where nothing was found yet', () => {
      expect(nextPass({ attempt: 0 }, {}, false, moment)).toMatchObject({ attempt: 1, afterSeconds: 1 })
    })
  })

  it('comes after the waits that are set', () => {
    const timings = { ...defaultTimings, passWaitSeconds: [0.1, 2, 4, 8, 15, 30, 60] as const }
    expect(nextPass({ attempt: 0 }, {}, false, { at: now, timings })?.afterSeconds).toBe(0.1)
  })

  it('of a review that ran for too long comes at once, and is not begun anew before', () => {
    expect(restOfLate({ attempt: 4, hasWaitedLong: false, isFromEndpoint: false, isRecheck: false })).toEqual(
      {
        attempt: 4,
        passNumber: 1,
        afterSeconds: 1,
        notSooner: true,
      },
    )
  })

  it.each([
    [0, false, true],
    [6, false, true],
    [7, false, false],
    [9, false, false],
    [0, true, false],
    [6, true, false],
  ])('number %i, waited long %s: followed %s', (attempt, hasWaitedLong, followed) => {
    expect(isFollowed({ attempt, hasWaitedLong, isFromEndpoint: false, isRecheck: false })).toBe(followed)
  })
})

describe('a target with open requests', () => {
  it.each([
    [0, 3],
    [6, 7],
  ])('rests only after its series, of which pass %i is followed by pass %i', (attempt, next) => {
    expect(nextPass({ attempt }, { recheckSeconds: 900 }, false, moment)).toMatchObject({
      attempt: next,
      recheckSeconds: 900,
    })
    expect(nextPass({ attempt }, { recheckSeconds: 900 }, false, moment)?.isResting).toBeUndefined()
  })

  it.each([7, 9])('rests after pass %i until the next look', (attempt) => {
    expect(nextPass({ attempt }, { recheckSeconds: 900 }, false, moment)).toEqual({
      ...{ attempt: 7, passNumber: 1, afterSeconds: 900, notSooner: false },
      ...{ recheckSeconds: 900, isResting: true },
    })
  })

  it('does not rest while something is under way', () => {
    const next = nextPass({ attempt: 7 }, { recheckSeconds: 900, backSeconds: 30 }, false, moment)
    expect(next).toMatchObject({ afterSeconds: 30, recheckSeconds: 900 })
    expect(next?.isResting).toBeUndefined()
  })
})

describe('while Azure fails', () => {
  type Kind = Pick<Failure, 'isWhole' | 'afterSeconds'>
  const part: Kind = { isWhole: false, afterSeconds: 0 }
  const whole = { ...part, isWhole: true }
  const minute = 60
  const failing = (kind: Kind, ...seconds: number[]): readonly Failure[] =>
    seconds.map((ago) => ({ id: '/c', words: 'No.', question: 'no', since: now - ago * 1000, ...kind }))
  /** The pass after one that failed so many seconds after the first failure. */
  const after = (seconds: number, kind = part, attempt = 7, isLate = false, end: PassEnd = {}) =>
    nextPass({ attempt }, { failures: failing(kind, seconds), ...end }, isLate, moment)

  it.each([part, whole])('for the first time, a pass comes after 15 s, and knows of what: %o', (kind) => {
    expect(after(0, kind, 7, false, { trouble })).toEqual({
      ...{ attempt: 7, passNumber: 1, afterSeconds: 15, notSooner: kind.isWhole, trouble },
    })
  })

  it.each([
    [[1800, 3600], 1800],
    [[7000, 3600], 1800],
    [[1799, 0], 1],
    [[1799, 3600, 7], 1],
    [[3599, 0], 15],
    [[10 * minute + 1, 14], 1],
  ])('at parts for %j s, the next pass comes after %i s', (seconds, afterSeconds) => {
    const end = { failures: failing(part, ...seconds) }
    expect(nextPass({ attempt: 7 }, end, false, moment)?.afterSeconds).toBe(afterSeconds)
  })

  it.each([
    [15, 105],
    [2 * minute, 8 * minute],
    [5 * minute, 5 * minute],
    [10 * minute, 20 * minute],
    [30 * minute, 30 * minute],
    [60 * minute, 30 * minute],
    [7 * 24 * 60 * minute, 30 * minute],
  ])('at a part for %i s, the next pass comes after %i s', (seconds, afterSeconds) => {
    expect(after(seconds)).toMatchObject({ afterSeconds, notSooner: false })
  })

  it.each([
    [1, 15],
    [15, 15],
    [30, 30],
    [4 * minute, 4 * minute],
    [5 * minute, 5 * minute],
    [24 * 60 * minute, 5 * minute],
  ])('at the whole target for %i s, nobody comes for %i s', (seconds, afterSeconds) => {
    expect(after(seconds, whole)).toMatchObject({ afterSeconds, notSooner: true })
  })

  it.each([
    [30 * minute, 15 * minute],
    [44 * minute, 1 * minute],
    [45 * minute, 60 * minute],
    [23 * 60 * minute, 45 * minute],
  ])('at a target that nobody knows for %i s, the next pass comes after %i s', (seconds, afterSeconds) => {
    const next = after(seconds, { ...whole, afterSeconds: 60 }, 7, false, {
      endsAfterSeconds: 24 * 60 * minute,
    })
    expect(next).toMatchObject({ afterSeconds, notSooner: true, waitSeconds: 60 })
  })

  it('at a target that nobody knows for a day, no pass comes', () => {
    const end = { endsAfterSeconds: 24 * 60 * minute }
    expect(after(24 * 60 * minute, whole, 7, false, end)).toBeUndefined()
    const shown = [{ id: '/c', at: now }]
    expect(after(24 * 60 * minute, whole, 7, false, { ...end, shown })).toMatchObject({ shown })
  })

  it.each([part, whole])('nobody comes before Azure asked for: %o', (kind) => {
    expect(after(0, { ...kind, afterSeconds: 400 })?.afterSeconds).toBe(400)
    expect(after(0, { ...kind, afterSeconds: 3 })?.afterSeconds).toBe(15)
  })

  it.each([
    ['in time', 2, false, 4],
    ['late', 2, true, 4],
    ['late as the last', 7, true, 7],
  ] as const)('the series waits; a pass %s counts so that it ends', (_when, attempt, isLate, next) => {
    expect(after(0, part, attempt, isLate)?.attempt).toBe(next)
  })

  it.each([
    [0, 2 * minute, 7, 3],
    [3, 2 * minute, 53, 6],
    [6, 2 * minute, 60, 7],
    [0, 3600, 7, 3],
    [0, 1790, 10, 3],
    [0, 1765, 7, 3],
  ])('at a part, a series at attempt %i goes on after %i s of trouble: in %i s at %i', (...numbers) => {
    const [attempt, seconds, afterSeconds, next] = numbers
    expect(after(seconds, part, attempt)).toMatchObject({ attempt: next, afterSeconds })
  })

  it('a request that is not recorded yet has each pass of its series', () => {
    expect(after(3600, part, 0, false, { needsSeries: true })).toMatchObject({ attempt: 1, afterSeconds: 1 })
  })

  it('a target keeps what else is to come, and does not rest', () => {
    const end = { recheckSeconds: 900, backSeconds: 1, conflicts: 2 }
    const next = after(0, part, 7, false, end)
    expect(next).toMatchObject({ afterSeconds: 1, recheckSeconds: 900, conflicts: 2 })
    expect(next?.isResting).toBeUndefined()
  })

  it('no more, only what was not tried is remembered', () => {
    expect(nextPass({ attempt: 3 }, { trouble: [] }, false, moment)).not.toHaveProperty('trouble.0')
    expect(nextPass({ attempt: 3 }, { trouble }, false, moment)?.trouble).toBe(trouble)
    const rests = nextPass({ attempt: 7 }, { trouble, recheckSeconds: 2 }, false, moment)
    expect(rests).toMatchObject({ trouble, isResting: true })
  })
})

describe('a review that wants to begin', () => {
  const begun = (state: WorkState | undefined, asked: AskedPass) => begin(state, asked, 'me', moment)
  const taken = (change: Partial<Series> = {}) => ({
    kind: 'held',
    series: { ...series, ...change },
    holder: 'me',
    leaseUntil: now + 20_000,
  })

  it.each([
    ['an event', event, 0],
    ['a search', search, 7],
  ])('for %s takes a target with nothing to be done', (_who, asked, attempt) => {
    expect(begun(undefined, asked)).toEqual({
      write: taken({ attempt, since: now }),
      result: {
        kind: 'begun',
        pass: { attempt, hasWaitedLong: false, isFromEndpoint: false, isRecheck: true },
      },
    })
  })

  it('for an endpoint begins a series that only an endpoint named', () => {
    const { write, result } = begun(undefined, { ...event, isFromEndpoint: true })
    expect(write).toEqual(taken({ attempt: 0, since: now, isFromEndpoint: true }))
    expect(result).toEqual({
      kind: 'begun',
      pass: { attempt: 0, hasWaitedLong: false, isFromEndpoint: true, isRecheck: true },
    })
  })

  describe('at a target whose lease is held', () => {
    const state = held(now + 1)

    it.each([
      ['no word is left', undefined, 0, 0],
      ['word for fewer passes is left', 5, 2, 2],
    ])('leaves word where %s', (_what, left, attempt, expected) => {
      const before = left === undefined ? state : held(now + 1, word(left))
      expect(begun(before, { ...event, attempt })).toEqual({
        write: { ...before, series: { ...series, word: { attempt: expected } } },
        result: { kind: 'busy' },
      })
    })

    it.each([
      ['the same', 2],
      ['more', 3],
    ])('writes nothing where word of %s is left', (_what, attempt) => {
      expect(begun(held(now + 1, word(2)), { ...event, attempt })).toEqual({
        write: 'keep',
        result: { kind: 'busy' },
      })
    })

    it.each([
      [true, true, true, 'keep'],
      [true, false, false, 'written'],
      [false, true, false, 'keep'],
      [false, false, false, 'keep'],
    ])('from endpoints %s, asked from one %s: %s, %s', (before, asked, after, what) => {
      const known = held(now + 1, { ...word(0), isFromEndpoint: before })
      const { write } = begun(known, { ...event, isFromEndpoint: asked })
      const written = { ...known, series: { ...known.series, isFromEndpoint: after } }
      expect(write).toEqual(what === 'keep' ? 'keep' : written)
    })

    it.each([0, 3])('as follow-up %i is superseded, and asks for nothing', (attempt) => {
      expect(begun(state, followUp(attempt))).toEqual({ write: 'keep', result: { kind: 'superseded' } })
    })
  })

  describe('at a target whose holder died', () => {
    it.each([
      ['an event begins anew', event, undefined, 0],
      ['a search goes on with the pass that was under way', search, undefined, 3],
      ['a follow-up of that pass makes it', followUp(3), undefined, 3],
      ['a search answers word', search, 1, 1],
      ['a follow-up answers word', followUp(3), 1, 1],
      ['an event goes no further than word asks', event, 1, 0],
    ])('%s', (_what, asked, left, attempt) => {
      const { write, result } = begun(held(now, left === undefined ? {} : word(left)), asked)
      expect(write).toEqual(taken({ attempt }))
      expect(result).toMatchObject({ kind: 'begun', pass: { attempt } })
    })
  })

  describe('at a target that waits for the next pass', () => {
    it.each([
      ['an event begins anew', event, undefined, 0],
      ['a search comes in between, and does not use up the pass that waits', search, undefined, 2],
      ['the follow-up makes the pass', followUp(3), undefined, 3],
      ['a search answers word', search, 1, 1],
      ['a follow-up answers word', followUp(3), 1, 1],
      ['word for more passes changes nothing', followUp(3), 5, 3],
    ])('%s', (_what, asked, left, attempt) => {
      const change = left === undefined ? {} : word(left)
      for (const state of [due(now + 1, change), due(now - 1, change)]) {
        const { write, result } = begun(state, asked)
        expect(write).toEqual(taken({ attempt }))
        expect(result).toMatchObject({ kind: 'begun', pass: { attempt } })
      }
    })

    it.each([
      ['an event begins anew', event, undefined, 0],
      ['a search makes the pass at which Azure failed', search, undefined, 3],
      ['the follow-up makes it', followUp(3), undefined, 3],
      ['a search answers word', search, 1, 1],
    ])('after Azure failed, %s', (_what, asked, left, attempt) => {
      const { write } = begun(backoff(now, left === undefined ? {} : word(left)), asked)
      expect(write).toEqual(taken({ attempt }))
    })

    it('a search does not come before the first pass', () => {
      expect(begun(due(now, { attempt: 0 }), search).write).toEqual(taken({ attempt: 0 }))
    })

    it.each([2, 4])('follow-up %i of another series is superseded', (attempt) => {
      expect(begun(due(now), followUp(attempt))).toEqual({ write: 'keep', result: { kind: 'superseded' } })
    })

    it.each([
      [4, 4, 'begun'],
      [4, 3, 'superseded'],
      [4, undefined, 'superseded'],
      [undefined, undefined, 'begun'],
    ] as const)('a follow-up of pass %s, of which message %s came, is %s', (passNumber, asked, kind) => {
      const state = due(now, { passNumber })
      expect(begun(state, { ...followUp(3), passNumber: asked }).result.kind).toBe(kind)
    })

    it('a follow-up of a series that has ended is superseded', () => {
      expect(begun(undefined, followUp(1))).toEqual({ write: 'keep', result: { kind: 'superseded' } })
    })

    it.each([
      [true, true, true],
      [true, false, false],
      [false, true, false],
      [false, false, false],
    ])('from endpoints %s, asked from one %s: the pass is from one %s', (before, asked, after) => {
      const state = due(now, { isFromEndpoint: before })
      const { result } = begun(state, { ...event, isFromEndpoint: asked })
      expect(result).toMatchObject({ pass: { isFromEndpoint: after } })
    })
  })

  describe('before the end of a wait that Azure asked for', () => {
    it.each([
      ['an event', event],
      ['a search', search],
      ['the follow-up itself, early,', followUp(3)],
    ])('%s leaves word and is superseded', (_who, asked) => {
      const state = backoff(now + 1)
      expect(begun(state, asked)).toEqual({
        write: { ...state, series: word(asked.attempt) },
        result: { kind: 'superseded' },
      })
    })

    it('word is overdue when the wait is over, although the next pass comes much later', () => {
      const late = { ...backoff(now + 1), dueAt: now + 3_600_000 }
      const { write } = begun(late, event)
      expect(write).toEqual({ ...late, dueAt: now + 1 + 15_500, series: word(0) })
    })

    it('another follow-up is superseded, and asks for nothing', () => {
      expect(begun(backoff(now + 1), followUp(2))).toEqual({
        write: 'keep',
        result: { kind: 'superseded' },
      })
    })
  })

  describe('at a target that rests', () => {
    const recheckAt = now + 600_000
    const state = resting(recheckAt + 15_000, { recheckAt, trouble, conflicts: 2 })

    it.each([
      ['an event', event, 0],
      ['a search', search, 7],
    ])('%s begins another series, which keeps the time of the next look', (_what, asked, attempt) => {
      const { write, result } = begun(state, asked)
      expect(write).toEqual(taken({ attempt, since: now, recheckAt, trouble }))
      expect(result).toMatchObject({ kind: 'begun', pass: { attempt, isRecheck: false } })
    })

    it('an event begins a series whose notifications are not overdue', () => {
      const long = resting(recheckAt, { recheckAt, since: now - 3_600_000 })
      expect(begun(long, event).result).toMatchObject({ pass: { hasWaitedLong: false } })
    })

    it.each([
      [true, true, true],
      [true, false, false],
      [false, true, false],
      [false, false, false],
    ])('from endpoints %s, asked from one %s: the pass is from one %s', (before, asked, after) => {
      const known = resting(recheckAt, { recheckAt, isFromEndpoint: before })
      const { result } = begun(known, { ...event, isFromEndpoint: asked })
      expect(result).toMatchObject({ pass: { isFromEndpoint: after } })
    })

    it('the message for the look makes it', () => {
      const due = resting(now + 15_000, { recheckAt: now })
      expect(begun(due, followUp(7)).result).toMatchObject({
        kind: 'begun',
        pass: { attempt: 7, isRecheck: true },
      })
    })

    it.each([3, 7])(
      'message %i of a series that has ended is superseded: one message is on its way',
      (attempt) => {
        expect(begun(state, followUp(attempt))).toEqual({ write: 'keep', result: { kind: 'superseded' } })
      },
    )
  })

  it.each([
    ['no request was known to be open', undefined, true],
    ['it is time', now, true],
    ['it is time but for the difference of clocks', now + 500, true],
    ['it is not time', now + 501, false],
  ])('rechecks at open requests: where %s, %s: %s', (_what, recheckAt, isRecheck) => {
    for (const state of [due(now, { recheckAt }), held(now, { recheckAt })]) {
      const { write, result } = begun(state, event)
      expect(write).toEqual(taken({ attempt: 0, recheckAt }))
      expect(result).toMatchObject({ pass: { isRecheck } })
    }
  })

  it.each([event, search, followUp(3)])(
    'knows since when Azure has failed there, and of conflicts: %o',
    (asked) => {
      const known = { trouble, conflicts: 2 }
      for (const state of [due(now, known), backoff(now, known), held(now, known)]) {
        const { write, result } = begun(state, asked)
        expect(write).toMatchObject({ series: known })
        expect(result).toMatchObject({ pass: known })
      }
    },
  )

  it.each([
    [240_000, false],
    [240_001, true],
  ])('has waited long after %i ms: %s', (waited, hasWaitedLong) => {
    const { result } = begun(due(now, { since: now - waited }), event)
    expect(result).toMatchObject({ pass: { hasWaitedLong } })
  })
})

const mine: WorkState = { kind: 'held', series, holder: 'me', leaseUntil: now + 1 }
const notMine: readonly (readonly [string, WorkState | undefined])[] = [
  ['another holds', held(now + 1)],
  ['another holds no more', held(now - 1)],
  ['is due', due(now)],
  ['waits for Azure', backoff(now)],
  ['has nothing to be done', undefined],
]

describe('a renewal', () => {
  it.each([1, 0, -1])('keeps a lease that is one’s own, %i ms before its end', (left) => {
    expect(renew({ ...mine, leaseUntil: now + left }, 'me', moment)).toEqual({
      write: { ...mine, leaseUntil: now + 20_000 },
      result: 'renewed',
    })
  })

  it('leaves word where it is', () => {
    expect(renew({ ...mine, series: word(2) }, 'me', moment).write).toMatchObject({ series: word(2) })
  })

  it.each(notMine)('of a target that %s says that the lease is lost', (_what, state) => {
    expect(renew(state, 'me', moment)).toEqual({ write: 'keep', result: 'lost' })
  })
})

describe('the end of a pass', () => {
  const pass: SeriesPass = { attempt: 3, hasWaitedLong: false, isFromEndpoint: false, isRecheck: true }
  const next = { attempt: 4, afterSeconds: 15, notSooner: false }
  const retryAfter = { attempt: 3, afterSeconds: 40, notSooner: true }
  const withWordLeft: WorkState = { ...mine, series: word(1) }

  it.each(notMine)('at a target that %s changes nothing', (_what, state) => {
    expect(finish(state, 'me', pass, next, moment)).toEqual({ write: 'keep', result: { kind: 'ended' } })
  })

  it('with no other after it leaves nothing to be done', () => {
    expect(finish(mine, 'me', pass, undefined, moment)).toEqual({
      write: 'remove',
      result: { kind: 'ended' },
    })
  })

  it('with another after it is on the list of open work until that comes, and 15 s longer', () => {
    expect(finish(mine, 'me', pass, next, moment)).toEqual({
      write: due(now + 30_000, { attempt: 4 }),
      result: { kind: 'ended' },
    })
  })

  it('with a wait that Azure asked for keeps everybody away until half a second before its end', () => {
    expect(finish(mine, 'me', pass, retryAfter, moment)).toEqual({
      write: { kind: 'backoff', series, dueAt: now + 55_000, notBefore: now + 39_500 },
      result: { kind: 'ended' },
    })
  })

  it('keeps word through a wait that Azure asked for', () => {
    expect(finish(withWordLeft, 'me', pass, retryAfter, moment)).toMatchObject({
      write: { kind: 'backoff', series: word(1) },
      result: { kind: 'ended' },
    })
  })

  it.each([
    ['none', undefined],
    ['another', next],
  ])('where word was left leads to one more pass at once, though %s is to follow', (_what, following) => {
    expect(finish(withWordLeft, 'me', pass, following, moment)).toEqual({
      write: { ...mine, series: { ...series, attempt: 1 }, leaseUntil: now + 20_000 },
      result: {
        kind: 'again',
        pass: { attempt: 1, hasWaitedLong: false, isFromEndpoint: false, isRecheck: true },
      },
    })
  })

  it('where word of less was left never goes forward', () => {
    expect(finish({ ...mine, series: word(7) }, 'me', pass, undefined, moment).result).toMatchObject({
      pass: { attempt: 3 },
    })
  })

  it('says of one more pass whether it is from endpoints only, and has waited long by now', () => {
    const state: WorkState = { ...mine, series: { ...word(0), since: now - 240_001, isFromEndpoint: true } }
    expect(finish(state, 'me', pass, undefined, moment).result).toEqual({
      kind: 'again',
      pass: { attempt: 0, hasWaitedLong: true, isFromEndpoint: true, isRecheck: true },
    })
  })

  it('with open requests rests until their next look, and 15 s longer', () => {
    const rest = { attempt: 7, afterSeconds: 900, notSooner: false, recheckSeconds: 900, isResting: true }
    expect(finish(mine, 'me', pass, rest, moment)).toEqual({
      write: resting(now + 915_000, { recheckAt: now + 900_000 }),
      result: { kind: 'ended' },
    })
  })

  it.each([
    ['due', next],
    ['backoff', retryAfter],
  ])('that found Azure failing leaves since when, and the time of the next look: %s', (kind, following) => {
    const left = { ...following, trouble, recheckSeconds: 900, conflicts: 2 }
    expect(finish(mine, 'me', pass, left, moment).write).toMatchObject({
      kind,
      series: { trouble, recheckAt: now + 900_000, conflicts: 2 },
    })
  })

  it('that found Azure well forgets the failures, and the look of requests that are no longer open', () => {
    const before = { trouble, recheckAt: now, conflicts: 2 }
    const { write } = finish({ ...mine, series: { ...series, ...before } }, 'me', pass, next, moment)
    expect(write).toEqual(due(now + 30_000, { attempt: 4 }))
  })

  it('with one more pass at once knows what Azure fails at', () => {
    const following = { ...next, recheckSeconds: 900, trouble, conflicts: 2 }
    expect(finish(withWordLeft, 'me', pass, following, moment).result).toMatchObject({
      kind: 'again',
      pass: { isRecheck: false, trouble, conflicts: 2 },
    })
  })

  it('during which an event came does not rest', () => {
    const rest = { attempt: 7, afterSeconds: 900, notSooner: false, recheckSeconds: 900, isResting: true }
    expect(finish(withWordLeft, 'me', pass, rest, moment).result).toMatchObject({
      kind: 'again',
      pass: { attempt: 1 },
    })
  })

  it.each([
    ['at once', withWordLeft, next, now],
    ['with the next pass', mine, next, undefined],
  ])('that notified people begins their wait anew, %s', (_what, state, following, begun) => {
    const finished = (change: Partial<SeriesPass>) =>
      finish(state, 'me', { ...pass, ...change }, following, moment).write
    expect(finished({})).toMatchObject({ series: { since: earlier } })
    for (const notifying of [{ hasWaitedLong: true }, { attempt: 7 }])
      expect(finished(notifying)).toMatchObject({ series: { since: begun } })
  })

  it.each([{ hasWaitedLong: true }, { attempt: 7 }])(
    'that could read nothing has notified nobody, and their wait goes on: %o',
    (change) => {
      const { write } = finish(mine, 'me', { ...pass, ...change }, retryAfter, moment)
      expect(write).toMatchObject({ kind: 'backoff', series: { since: earlier } })
    },
  )
})

describe('a pass that failed', () => {
  it.each(notMine)('at a target that %s changes nothing', (_what, state) => {
    expect(abandon(state, 'me', moment)).toEqual({ write: 'keep', result: undefined })
  })

  it('leaves its series and word as they are, overdue after 75 s', () => {
    expect(abandon({ ...mine, series: word(1) }, 'me', moment)).toEqual({
      write: due(now + 75_000, word(1)),
      result: undefined,
    })
  })
})

describe('what a pass leaves', () => {
  const trouble = [{ id: '/c', at: now }]
  const fromEndpoint = { ...mine, series: { ...mine.series, isFromEndpoint: true, trouble } }
  const pass = { attempt: 3, hasWaitedLong: false, isFromEndpoint: true, isRecheck: false }

  it.each([
    ['new trouble', { trouble: [{ id: '/d', at: now }] }, { trouble: [{ id: '/d', at: now }] }],
    ['that nothing fails any more', { trouble: [] }, { trouble: undefined }],
    ['nothing: the trouble before stays', {}, { trouble, isFromEndpoint: true }],
    ['that the target could be listed: it is ours', { isListed: true }, { trouble, isFromEndpoint: false }],
  ])('though it failed is kept: %s', (_, left, series) => {
    expect(abandon(fromEndpoint, 'me', moment, left).write).toMatchObject({ kind: 'due', series })
  })

  it.each([
    [true, false],
    [undefined, true],
  ])('at its end, too: the target could be listed: %s', (isListed, isFromEndpoint) => {
    const next = nextPass({ attempt: 3 }, { isListed }, false, moment)
    expect(finish(fromEndpoint, 'me', pass, next, moment).write).toMatchObject({ series: { isFromEndpoint } })
  })
})

describe('a target that is put off', () => {
  const postponed = (state: WorkState | undefined) => postpone(state, event, 600, moment)

  it.each([true, false])(
    'comes on the list of open work when it was not there, from an endpoint: %s',
    (isFromEndpoint) => {
      expect(postpone(undefined, { ...event, isFromEndpoint }, 600, moment)).toEqual({
        write: due(now + 600_000, { attempt: 0, since: now, isFromEndpoint }),
        result: undefined,
      })
    },
  )

  it.each([now, now + 3_600_000])('is due then, its series as it was', (dueAt) => {
    expect(postponed(due(dueAt, word(1)))).toEqual({ write: due(now + 600_000, word(1)), result: undefined })
  })

  it('is due then where it rested: a review of it failed, and another series begins', () => {
    const state = resting(now + 3_600_000, { recheckAt: now + 1_000 })
    expect(postponed(state).write).toEqual(
      due(now + 600_000, { attempt: 0, since: now, recheckAt: now + 1_000 }),
    )
  })

  it('is left to its holder', () => {
    expect(postponed(held(now + 1))).toEqual({ write: 'keep', result: undefined })
  })

  it.each([
    ['earlier', 10_000, 600_000],
    ['later', 3_600_000, 3_615_500],
  ])('is not due before a wait is over that Azure asked for and that ends %s', (_when, wait, dueAfter) => {
    expect(postponed(backoff(now + wait)).write).toEqual({ ...backoff(now + wait), dueAt: now + dueAfter })
  })
})

describe('a target is overdue', () => {
  it.each([
    ['when its lease has run out', held(now), held(now + 1)],
    ['when its time has come', due(now), due(now + 1)],
    ['when the pass after a wait did not come', backoff(now - 15_500), backoff(now - 15_499)],
  ])('%s', (_when, overdue, notYet) => {
    expect(isOverdue(overdue, now)).toBe(true)
    expect(isOverdue(notYet, now)).toBe(false)
    expect(claim(overdue, moment).result).toEqual({ kind: 'claimed', attempt: 0, isFromEndpoint: false })
    expect(claim(notYet, moment)).toEqual({ write: 'keep', result: { kind: 'not-due' } })
  })

  it('and handed out once in a minute, to begin anew', () => {
    const claimed = claim(held(now, { ...word(2), isFromEndpoint: true }), moment)
    expect(claimed).toEqual({
      write: due(now + 60_000, { attempt: 0, isFromEndpoint: true, claims: 1 }),
      result: { kind: 'claimed', attempt: 0, isFromEndpoint: true },
    })
  })

  it.each([
    ['before its look', now + 1, { kind: 'not-due' }],
    ['after its look', now, { kind: 'claimed', attempt: 7, isFromEndpoint: false }],
  ])('when it rests only after the message for its look did not come: %s', (_when, dueAt, result) => {
    const state = resting(dueAt, { recheckAt: now - 15_000 })
    expect(isOverdue(state, now)).toBe(result.kind === 'claimed')
    expect(claim(state, moment).result).toEqual(result)
  })

  it('and rested goes on resting: its look needs no series, and an event begins one of its own', () => {
    const recheckAt = now - 15_000
    const { write } = claim(resting(now, { recheckAt }), moment)
    expect(write).toEqual(resting(now + 60_000, { claims: 1, recheckAt }))
    if (typeof write === 'string') throw new Error('Nothing is written.')
    const taken = (asked: AskedPass) => begin(write, asked, 'me', moment).result
    const rechecked = { hasWaitedLong: false, isRecheck: true }
    const long = claim(resting(now, { recheckAt, since: now - 3_600_000 }), moment).write
    if (typeof long === 'string') throw new Error('Nothing is written.')
    expect(taken(search)).toMatchObject({ kind: 'begun', pass: { attempt: 7, ...rechecked } })
    expect(begin(long, event, 'me', moment).result).toMatchObject({ pass: { attempt: 0, ...rechecked } })
  })

  it('never when nothing is to be done', () => {
    expect(claim(undefined, moment)).toEqual({ write: 'keep', result: { kind: 'not-due' } })
  })
})
