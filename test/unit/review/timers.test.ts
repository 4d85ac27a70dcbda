import { beforeEach, describe, expect, it, vi } from 'vitest'
import { usualCacheMilliseconds } from '../../../shared/allow-list/table/store.ts'
import { finishOpenWork } from '../../../shared/review/finish-open-work.ts'
import { evaluateAgainOnChange } from '../../../shared/review/evaluate-again.ts'
import { review } from '../../../shared/review/review-target.ts'
import { giveUpForNow } from '../../../shared/review/give-up.ts'
import { TargetUnreadable } from '../../../shared/ports/azure.ts'
import type { WorkState } from '../../../shared/domain/target-work.ts'
import type { ReviewPorts } from '../../../shared/review/ports.ts'
import { sweep } from '../../../shared/review/sweep.ts'
import { connection, endpoint, FakeReview, id, salesToLake, target } from '../../support/fake-review.ts'
import { seriesAt } from '../../support/fake-work.ts'

let world: FakeReview

beforeEach(() => {
  world = new FakeReview()
})

function portsWith(change: Partial<ReviewPorts>): ReviewPorts {
  return { ...world.ports, ...change }
}

describe('the sweep', () => {
  it('sends one review pass, without a series after it, to each target that shows a Pending connection', async () => {
    const found = [{ target, connectionIds: [connection('mpe').id.id] }]
    const search = {
      ...world.ports.search,
      targetsWithPending: () => Promise.resolve({ found, isWhole: true }),
    }
    expect(await sweep(portsWith({ search }))).toEqual({ targets: 1, visited: 0, repaired: 0, forgotten: 0 })
    expect(world.sent.map(({ message }) => message)).toMatchObject([
      { resourceId: target.id, isFollowUp: false },
    ])
  })

  describe('at a target with open requests', () => {
    const shown = (...names: string[]) => names.map((name) => connection(name).id.id)
    const sweptWith = async (connectionIds: readonly string[], change: Partial<ReviewPorts> = {}) => {
      const found = [{ target, connectionIds }]
      const search = {
        ...world.ports.search,
        targetsWithPending: () => Promise.resolve({ found, isWhole: true }),
      }
      return (await sweep(portsWith({ ...change, search }))).targets
    }
    const rests: WorkState = {
      kind: 'resting',
      series: seriesAt(0, { attempt: 7 }),
      dueAt: Number.MAX_SAFE_INTEGER,
    }
    const datedNow = (...ids: string[]) => ids.map((one) => ({ id: one, at: world.time }))
    const shownNow = (since: number, ...ids: string[]) => datedNow(...ids).map((one) => ({ ...one, since }))
    const arrange = (state: WorkState | undefined) => world.work.arrange(target, state)

    beforeEach(async () => {
      world.rules = { complete: true, rules: [], hash: 'none' }
      world.live = [connection('a'), connection('b')]
      await review(world.ports, world.message())
      world.sent = []
      arrange(rests)
    })

    it('sends no pass where each Pending connection is known: its look comes by itself', async () => {
      expect(await sweptWith(shown('a', 'b'))).toBe(0)
      expect(await sweptWith(shown('a'))).toBe(0)
      expect(world.sent).toEqual([])
    })

    it('knows a connection by its id in whatever letters', async () => {
      expect(await sweptWith(shown('a', 'b').map((one) => one.toUpperCase()))).toBe(0)
    })

    it.each([
      ['a connection that is not known', shown('a', 'c')],
      ['one whose id cannot be read', [...shown('a'), 'x']],
      ['a connection that the search names no id of', [...shown('a'), '']],
    ])('sends one where there is %s', async (_what, connectionIds) => {
      expect(await sweptWith(connectionIds)).toBe(1)
      expect(world.sent).toMatchObject([{ message: { resourceId: target.id, attempt: 7 } }])
    })

    it('sends one where an applied decision is Pending again', async () => {
      world.rules = { complete: true, rules: [salesToLake], hash: 'more' }
      arrange(undefined)
      await review(world.ports, world.message())
      arrange(rests)
      expect(await sweptWith(shown('a'))).toBe(1)
    })

    it('sends one where nothing is left of the time of the next look', async () => {
      arrange(undefined)
      expect(await sweptWith(shown('a', 'b'))).toBe(1)
    })

    it('sends one where the row of that time cannot be read', async () => {
      const unreadable = { kind: 'unreadable', row: 'f00', problem: 'schemaVersion is 2.' } as const
      const change: ReviewPorts['work']['change'] = (asked, decide) => world.work.change(asked, decide)
      const work = { change, list: () => Promise.resolve([unreadable]) }
      expect(await sweptWith(shown('a', 'b'), { work })).toBe(1)
    })

    it('sends none where the whole target fails, also for a new connection: that has a time of its own', async () => {
      const series = seriesAt(world.time, { attempt: 7, trouble: datedNow(target.id) })
      arrange({ kind: 'backoff', series, dueAt: world.time + 60_000, notBefore: world.time + 45_000 })
      expect(await sweptWith(shown('a', 'c'))).toBe(0)
    })

    it('sends one where nobody knows the target and the next pass is far away, as the search shows it', async () => {
      const series = seriesAt(world.time, { attempt: 7, trouble: datedNow(target.id) })
      arrange({ kind: 'backoff', series, dueAt: world.time + 3_615_000, notBefore: world.time })
      expect(await sweptWith(shown('a', 'c'))).toBe(1)
    })

    it('sends none for a new connection at which Azure fails: that has a time of its own', async () => {
      const series = seriesAt(world.time, { attempt: 7, trouble: datedNow(...shown('b', 'c')) })
      arrange({ kind: 'due', series, dueAt: world.time + 1_800_000 })
      expect(await sweptWith(shown('a', 'c'))).toBe(0)
      expect(await sweptWith(shown('a', 'c', 'd'))).toBe(1)
    })

    it('sends one where Azure failed at a new connection, and nothing is left of the time of the next try', async () => {
      const series = seriesAt(world.time, { attempt: 7, trouble: datedNow(...shown('c')) })
      arrange({ ...rests, series })
      expect(await sweptWith(shown('a', 'c'))).toBe(1)
    })

    it('keeps with the open work of the target what is not known, until the search shows it no more', async () => {
      const remembered = () => world.work.stateOf(target)?.series.shown
      await sweptWith([...shown('a', 'c', 'd'), 'x'])
      const since = world.time
      expect(remembered()).toEqual(shownNow(since, ...shown('c', 'd')))
      const before = shownNow(since, ...shown('c'))
      world.time += 300_000
      await sweptWith(shown('a', 'd'))
      expect(remembered()).toEqual([...shownNow(since, ...shown('d')), ...before])
      world.time += 300_000
      await sweptWith(shown('a', 'd'))
      expect(remembered()).toEqual(shownNow(since, ...shown('d')))
      world.time += 600_000
      await sweep(world.ports)
      expect(world.work.stateOf(target)).toEqual(rests)
    })

    it('remembers ten of them', async () => {
      await sweptWith(shown(...Array.from({ length: 12 }, (_, at) => `c${at}`)))
      expect(world.work.stateOf(target)?.series.shown).toHaveLength(10)
    })

    it('makes it open work where there was none: one pass, without a series after it', async () => {
      arrange(undefined)
      world.live = []
      await sweptWith(shown('c'))
      expect(world.work.stateOf(target)).toMatchObject({
        kind: 'resting',
        series: { shown: datedNow(...shown('c')) },
      })
      const [sent] = world.sent
      if (sent) await review(world.ports, sent.message)
      expect(world.sent).toMatchObject([{}, { message: { attempt: 7, isFollowUp: true }, delaySeconds: 15 }])
    })

    it('sends one where the target itself has a request, and its connections have none', async () => {
      world = new FakeReview()
      world.listFailure = new TargetUnreadable('No permission.')
      await review(world.ports, world.message())
      arrange(rests)
      expect(world.unfinished()).toHaveLength(1)
      expect(await sweptWith(shown('a'))).toBe(1)
    })
  })

  it('looks once an hour at each target that no search shows, a part of them at a time', async () => {
    const hidden = Array.from({ length: 60 }, (_, index) => id(`${target.id}${index}`))
    const search = { ...world.ports.search, targetsNotShown: () => Promise.resolve(hidden) }
    const visits: number[] = []
    for (let minutes = 0; minutes < 60; minutes += 5) {
      visits.push((await sweep(portsWith({ search }))).visited)
      world.time += 300_000
    }
    expect(world.sent.map(({ message }) => message.resourceId).sort()).toEqual(
      hidden.map((one) => one.id).sort(),
    )
    expect(Math.max(...visits)).toBeLessThan(20)
  })

  it('forgets bursts that are two windows old, although the search fails', async () => {
    const forgotten: Date[] = []
    const forgetBefore = (time: Date) => Promise.resolve(forgotten.push(time))
    const ports = portsWith({
      search: { ...world.ports.search, targetsWithPending: () => Promise.reject(new Error('quota')) },
      bursts: { ...world.ports.bursts, forgetBefore },
    })
    await expect(sweep(ports)).rejects.toThrow(/could not do all/)
    expect(forgotten).toEqual([new Date(world.time - 2 * world.burstLimits.windowMs)])
  })

  it('repairs index rows although the search fails, and says that it failed', async () => {
    let isRepaired = false
    const repairIndexes = () => {
      isRepaired = true
      return Promise.resolve(0)
    }
    const ports = portsWith({
      search: { ...world.ports.search, targetsWithPending: () => Promise.reject(new Error('quota')) },
      ledger: { ...world.ports.ledger, repairIndexes },
    })
    await expect(sweep(ports)).rejects.toThrow(/could not do all/)
    expect(isRepaired).toBe(true)
  })
})

describe('open work', () => {
  it('that is the look of a target at rest is one pass, without a series', async () => {
    const series = seriesAt(world.time - 3_600_000, { attempt: 7, recheckAt: world.time - 15_000 })
    world.work.arrange(target, { kind: 'resting', series, dueAt: world.time })
    expect(await finishOpenWork(world.ports)).toBe(1)
    expect(world.sent.map(({ message }) => message)).toMatchObject([{ attempt: 7, isFollowUp: false }])
    expect(await finishOpenWork(world.ports)).toBe(0)
  })

  it('is sent to review afresh', async () => {
    const series = seriesAt(world.time, { attempt: 3, isFromEndpoint: true })
    world.work.arrange(target, { kind: 'due', series, dueAt: world.time })
    expect(await finishOpenWork(world.ports)).toBe(1)
    expect(world.sent.map(({ message }) => message)).toMatchObject([
      { resourceId: target.id, attempt: 0, isFollowUp: false, isFromEndpoint: true },
    ])
  })

  it('that is not overdue yet is left alone', async () => {
    world.work.arrange(target, { kind: 'due', series: seriesAt(world.time), dueAt: world.time + 1 })
    const change = vi.spyOn(world.work, 'change')
    expect(await finishOpenWork(world.ports)).toBe(0)
    expect([world.sent, world.logged]).toEqual([[], []])
    expect(change).not.toHaveBeenCalled()
  })

  it('that is taken up is counted aloud, without what another host took up meanwhile', async () => {
    const state = { kind: 'due', series: seriesAt(world.time), dueAt: world.time } as const
    world.work.arrange(target, state)
    const listed = await world.work.list()
    const change: ReviewPorts['work']['change'] = (asked, decide) => world.work.change(asked, decide)
    const warn = vi.fn()
    const work = { change, list: () => Promise.resolve([...listed, ...listed]) }
    expect(await finishOpenWork(portsWith({ log: { ...world.ports.log, warn }, work }))).toBe(1)
    expect(warn.mock.calls).toEqual([['Reviews that did not end are taken up again.', { count: 1 }]])
  })

  it('that cannot be read is said aloud, and does not keep the rest from being taken up', async () => {
    const state = { kind: 'due', series: seriesAt(world.time), dueAt: world.time } as const
    world.work.arrange(target, state)
    const unreadable = { kind: 'unreadable', row: 'f00', problem: 'schemaVersion is 2.' } as const
    const list = () => Promise.resolve([unreadable, { kind: 'work', target, state } as const])
    const change: ReviewPorts['work']['change'] = (asked, decide) => world.work.change(asked, decide)
    const facts: unknown[] = []
    const log = { ...world.ports.log, error: (...line: unknown[]) => facts.push(...line) }
    expect(await finishOpenWork(portsWith({ log, work: { change, list } }))).toBe(1)
    expect(facts).toEqual([
      'A row of open work is not understood; no review of its target can begin.',
      unreadable,
    ])
    expect(world.logged).toEqual(['warn Reviews that did not end are taken up again.'])
  })

  it('that is none sends nothing and says nothing', async () => {
    expect(await finishOpenWork(world.ports)).toBe(0)
    expect(world.logged).toEqual([])
  })
})

describe('a change of the allow-list', () => {
  const waiting = async (): Promise<void> => {
    world.rules = { complete: true, rules: [], hash: 'none' }
    world.live = [connection('a'), connection('b')]
    await review(world.ports, world.message())
    world.sent = []
  }

  it('brings every target with an open request back, once', async () => {
    await waiting()
    expect(await evaluateAgainOnChange(world.ports)).toBe(1)
    expect(world.sent).toMatchObject([{ message: { resourceId: target.id } }])
    expect(await evaluateAgainOnChange(world.ports)).toBeUndefined()
    expect(world.sent).toHaveLength(1)
  })

  it('sends looks only when no instance decides by the former list any more', async () => {
    await waiting()
    await evaluateAgainOnChange(world.ports)
    expect(world.sent[0]?.delaySeconds).toBeGreaterThan((2 * usualCacheMilliseconds) / 1000)
  })

  it('lets a request that a new rule allows be approved', async () => {
    await waiting()
    world.rules = { complete: true, rules: [salesToLake], hash: 'more' }
    await evaluateAgainOnChange(world.ports)
    for (const { message } of world.sent) await review(world.ports, message)
    expect(world.log.filter(({ state }) => state === 'applied')).toHaveLength(2)
  })

  it('is noticed again when the review passes could not be sent', async () => {
    await waiting()
    const queue = { ...world.ports.queue, enqueue: () => Promise.reject(new Error('The queue is away.')) }
    await expect(evaluateAgainOnChange(portsWith({ queue }))).rejects.toThrow('away')
    expect(await evaluateAgainOnChange(world.ports)).toBe(1)
  })

  it('that cannot be used and then is as it was brings them back', async () => {
    await waiting()
    await evaluateAgainOnChange(world.ports)
    const { rules } = world
    world.rules = { complete: false, problem: 'Row x has no target.' }
    await evaluateAgainOnChange(world.ports)
    world.rules = rules
    expect(await evaluateAgainOnChange(world.ports)).toBe(1)
  })

  it('that makes it unreadable brings nobody back, and is said aloud', async () => {
    await waiting()
    world.rules = { complete: false, problem: 'Row x has no target.' }
    expect(await evaluateAgainOnChange(world.ports)).toBeUndefined()
    expect(world.sent).toEqual([])
    expect(world.logged).toContain(
      'error The allow-list cannot be used: every request waits for manual review.',
    )
  })
})

describe('a review that failed as often as the queue tries', () => {
  it('fails again while storage is away: its message stays in the poison queue, and comes back in ten minutes', async () => {
    const work = { ...world.ports.work, change: () => Promise.reject(new Error('Storage is away.')) }
    await expect(giveUpForNow(portsWith({ work }), world.message())).rejects.toThrow('Storage is away.')
    expect(world.logged).toEqual([expect.stringMatching(/^error A review failed/)])
  })

  it('is said aloud and put off for ten minutes, not dropped', async () => {
    await giveUpForNow(world.ports, world.message())
    expect(world.work.stateOf(target)).toMatchObject({ kind: 'due', dueAt: world.time + 600_000 })
    expect(world.logged).toEqual([expect.stringMatching(/^error A review failed/)])
  })

  it('that only an endpoint of ours asked for still notifies nobody when it is tried again', async () => {
    await giveUpForNow(world.ports, { ...world.message(), isFromEndpoint: true })
    expect(world.work.stateOf(target)).toMatchObject({ series: { isFromEndpoint: true } })
  })

  it('is named in the alarm', async () => {
    const error = vi.fn()
    const message = { ...world.message(), correlationId: 'c-1' }
    await giveUpForNow(portsWith({ log: { ...world.ports.log, error } }), message)
    expect(error.mock.calls).toEqual([
      [expect.stringMatching(/^A review failed/), { resourceId: target.id, correlationId: 'c-1' }],
    ])
  })

  it('of something that is no id is only said aloud', async () => {
    await giveUpForNow(world.ports, { ...world.message(), resourceId: 'https://evil.example/x' })
    expect(world.sent).toEqual([])
    expect(world.logged).toEqual([expect.stringMatching(/^error A review failed/)])
  })

  it('of an endpoint is sent again after ten minutes', async () => {
    await giveUpForNow(world.ports, { ...world.message(), resourceId: endpoint('pe').id })
    expect(world.sent).toMatchObject([{ delaySeconds: 600, message: { isFollowUp: false } }])
  })
})
