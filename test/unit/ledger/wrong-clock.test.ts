import { beforeEach, describe, expect, it } from 'vitest'
import type { BurstWindow } from '../../../shared/domain/burst.ts'
import type { WorkState } from '../../../shared/domain/target-work.ts'
import { columnsOf } from '../../../shared/ledger/target-work-row.ts'
import { TargetWork } from '../../../shared/ledger/target-work.ts'
import { countRequest } from '../../../shared/policy/index.ts'
import { isPerhapsStale } from '../../../shared/request/conditions.ts'
import { next } from '../../../shared/request/life.ts'
import { begin, defaultTimings, isOverdue } from '../../../shared/review/schedule.ts'
import { seriesAt } from '../../support/fake-work.ts'
import { MemoryLedger } from '../../support/memory-ledger.ts'
import { MemoryTable } from '../../support/memory-table.ts'
import { connectionNamed, sampleNotification, stepTo } from '../../support/sample-request.ts'
import { alone, ago, applying, lake, now, request } from '../request/given.ts'
import { keyOf } from '../../../shared/ledger/keys.ts'
import { target } from '../../support/request-parts.ts'

const hour = 3_600_000
const hoursAhead = now.getTime() + 5 * hour
const moment = { at: now.getTime(), timings: defaultTimings }

describe('a time that lies further ahead than any right clock writes', () => {
  it.each([
    ['is not fresh for hours: applied five hours ahead', -5 * 3600, false],
    ['applied a minute and a second ahead', -61, false],
    ['while one that is a little ahead is: applied half a minute ahead', -30, true],
    ['while one that is just past is: applied half a minute ago', 30, true],
  ])('%s', (_, secondsAgo, isStale) => {
    const applied = request({ name: 'applied', outcome: 'approve', at: ago(secondsAgo) })
    expect(isPerhapsStale(applied, lake(), alone)).toBe(isStale)
  })

  it('is not waited for before people are notified that Azure does not carry a decision out', () => {
    const busy = { kind: 'busy', afterSeconds: 3, code: 'TooManyRequests', message: 'Busy.' } as const
    const state = (since: string) => ({ since, notBefore: undefined, words: undefined, asked: undefined })
    const ahead = next(applying(state(ago(-5 * 3600))), busy, alone)
    expect(ahead.draft).toMatchObject({ kind: 'result', state: { name: 'open' } })
    const alittle = next(applying(state(ago(-30))), busy, alone)
    expect(alittle.draft).toMatchObject({ kind: 'deferred', state: { name: 'applying' } })
  })

  describe('in the row of the work on a target', () => {
    let table: MemoryTable

    beforeEach(() => {
      table = new MemoryTable(
        'targetwork',
        () => now,
        () => undefined,
      )
    })

    async function read(state: WorkState): Promise<WorkState> {
      const columns = columnsOf(target, state)
      await table.putDerived({ partitionKey: 'target', rowKey: keyOf(target), columns })
      const work = new TargetWork(table, () => now)
      return await work.change(target, (current) => {
        if (!current) throw new Error('There is no row.')
        return { write: 'keep', result: current }
      })
    }
    const series = seriesAt(now.getTime(), { attempt: 3 })
    const asked = { attempt: 0, isFollowUp: false, isFromEndpoint: false }

    it('is the end of no lease: its holder counts as dead', async () => {
      const state = await read({ kind: 'held', series, holder: 'h', leaseUntil: hoursAhead })
      expect(isOverdue(state, now.getTime())).toBe(true)
      expect(begin(state, asked, 'other', moment).result.kind).toBe('begun')
    })

    it('while a lease of a clock that is a minute ahead is held', async () => {
      const state = await read({ kind: 'held', series, holder: 'h', leaseUntil: now.getTime() + 80_000 })
      expect(isOverdue(state, now.getTime())).toBe(false)
    })

    it('does not make a pass due for hours', async () => {
      expect(isOverdue(await read({ kind: 'due', series, dueAt: hoursAhead }), now.getTime())).toBe(true)
    })

    it('while a pass that is due in ten minutes is not due now', async () => {
      const dueAt = now.getTime() + 600_000
      expect(isOverdue(await read({ kind: 'due', series, dueAt }), now.getTime())).toBe(false)
    })

    it('keeps no event waiting, as if Azure had asked for it', async () => {
      const state = await read({ kind: 'backoff', series, dueAt: hoursAhead, notBefore: hoursAhead })
      expect(begin(state, asked, 'other', moment).result.kind).toBe('begun')
    })

    it('does not put off the notification of a series that is restarted again and again', async () => {
      const ahead = seriesAt(hoursAhead, { attempt: 3 })
      const state = await read({ kind: 'due', series: ahead, dueAt: now.getTime() })
      expect(state.series.since).toBe(now.getTime())
    })

    it('does not put off the look at open requests for days', async () => {
      const days = now.getTime() + 48 * hour
      const rested = seriesAt(now.getTime(), { attempt: 7, recheckAt: days })
      const state = await read({ kind: 'resting', series: rested, dueAt: days })
      expect(isOverdue(state, now.getTime())).toBe(true)
      expect(begin(state, asked, 'other', moment).result).toMatchObject({ pass: { isRecheck: true } })
    })

    it('while a target that rests for a day rests', async () => {
      const tomorrow = now.getTime() + 24 * hour
      const rested = seriesAt(now.getTime(), { attempt: 7, recheckAt: tomorrow })
      const state = await read({ kind: 'resting', series: rested, dueAt: tomorrow + 15_000 })
      expect(isOverdue(state, now.getTime())).toBe(false)
      expect(begin(state, asked, 'other', moment).result).toMatchObject({ pass: { isRecheck: false } })
    })

    it('does not put off the question about a target at which Azure fails', async () => {
      const troubled = seriesAt(now.getTime(), {
        trouble: [{ id: target.id, at: hoursAhead }],
        shown: [{ id: target.id, at: hoursAhead, since: hoursAhead }],
      })
      const state = await read({ kind: 'due', series: troubled, dueAt: now.getTime() })
      const one = { id: target.id, at: now.getTime() }
      expect(state.series).toMatchObject({ trouble: [one], shown: [{ ...one, since: now.getTime() }] })
    })

    it('is listed as it is read', async () => {
      await read({ kind: 'due', series, dueAt: hoursAhead })
      expect(await new TargetWork(table, () => now).list()).toMatchObject([
        { state: { dueAt: now.getTime() } },
      ])
    })
  })

  describe('in the window of a burst', () => {
    const limit = { max: 2, windowMs: 600_000 }
    const ahead: BurstWindow = {
      counted: [
        { key: 'a', at: hoursAhead, isOver: false },
        { key: 'b', at: hoursAhead, isOver: false },
      ],
      caseId: 'case-old',
      overAt: hoursAhead,
    }
    const count = (before: BurstWindow | undefined, key: string, at: number) =>
      countRequest(before, { key, at, decisionId: `case-${key}`, isRelease: false }, limit)

    it('counts for one window, and not for hours', () => {
      const first = count(ahead, 'c', now.getTime())
      expect(first.caseId).toBe('case-old')
      const later = now.getTime() + 2 * limit.windowMs
      expect(count(first.window, 'd', later).caseId).toBeUndefined()
    })

    it('is mended also by a request that is to be released', () => {
      const release = { key: 'c', at: now.getTime(), decisionId: 'case-c', isRelease: true }
      const { window } = countRequest(ahead, release, limit)
      expect(window.counted.map(({ at }) => at)).toEqual([now.getTime(), now.getTime()])
      expect(window.overAt).toBe(now.getTime())
    })
  })

  it('puts off no notification: it is due, and can be claimed', async () => {
    const memory = new MemoryLedger(() => now)
    const subject = connectionNamed('a')
    const entry = { at: new Date(hoursAhead).toISOString() }
    const step = stepTo('open', { notification: sampleNotification(), entry }, subject)
    const { notificationRef } = await memory.ledger.write(subject, undefined, step)
    expect(await memory.outbox.due(10)).toEqual([notificationRef])
    const claimed = await memory.outbox.claim(notificationRef ?? '')
    if (!claimed) throw new Error('It cannot be claimed.')
    expect(await memory.outbox.due(10)).toEqual([])
    await memory.outbox.delivered(claimed, 'c-1')
    expect(memory.index.rows().filter(({ partitionKey }) => partitionKey === 'due')).toEqual([])
  })
})
