import { beforeEach, describe, expect, it } from 'vitest'
import type { Proof } from '../../../shared/domain/proof.ts'
import { AzureFailed } from '../../../shared/ports/azure.ts'
import type { ReviewMessage } from '../../../shared/ports/queue.ts'
import { evaluateAgainOnChange } from '../../../shared/review/evaluate-again.ts'
import { review } from '../../../shared/review/review-target.ts'
import { connection, FakeReview, salesToLake, target } from '../../support/fake-review.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

let world: FakeReview
/** What waits in the queue, and when it is delivered. */
let queued: { message: ReviewMessage; at: number }[]
/** Names of the connections that were evaluated, in order. */
let evaluated: string[]

beforeEach(() => {
  world = new FakeReview()
  world.rules = { complete: true, rules: [], hash: 'none' }
  world.live = [connection('mpe')]
  // Nothing of the schedule is forgotten.
  world.work.arrange(target, undefined)
  queued = []
  Object.assign(world.ports.queue, {
    enqueue: (message: ReviewMessage, delaySeconds = 0) => {
      queued.push({ message, at: world.time + delaySeconds * second })
      return Promise.resolve()
    },
  })
  evaluated = []
  world.proofOf = ({ id }) => {
    evaluated.push(id.name)
    return undefined
  }
})

/** Delivers what was sent, each message at its time, until then. */
async function runUntil(end: number): Promise<void> {
  for (;;) {
    const [next] = queued.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)
    if (!next) break
    queued = queued.filter((one) => one !== next)
    world.time = Math.max(world.time, next.at)
    await review(world.ports, next.message)
  }
  world.time = end
}

const start = Date.parse('2026-11-21T08:00:00Z')
const event = () => review(world.ports, world.message(0))
/** Minutes after the start at which the connection was evaluated. */
async function minutesOf(run: () => Promise<void>): Promise<number[]> {
  const moments: number[] = []
  world.beforeProof = () => moments.push((world.time - start) / minute)
  await run()
  return moments
}

describe('an open request of which nothing changes', () => {
  it('is evaluated once in the series of its event, after a quarter of an hour, and then hourly', async () => {
    const moments = await minutesOf(async () => {
      await event()
      await runUntil(start + 4 * hour)
    })
    expect(moments.map(Math.round)).toEqual([0, 15, 75, 135, 195])
    expect(world.story()).toEqual(['escalated:open'])
  })

  it('is evaluated once by an allow-list that leaves its question as it is, not at each event after that', async () => {
    await event()
    await runUntil(start + 2 * minute)
    world.rules = { complete: true, rules: [], hash: 'other' }
    const moments = await minutesOf(async () => {
      for (let events = 0; events < 6; events += 1) {
        await event()
        await runUntil(world.time + minute)
      }
    })
    expect(moments.map(Math.round)).toEqual([2])
    expect(world.story()).toEqual(['escalated:open'])
  })

  it('is evaluated no more often because of further events', async () => {
    await event()
    await runUntil(start + 2 * minute)
    evaluated = []
    for (let minutes = 3; minutes < 14; minutes += 1) {
      await event()
      await runUntil(start + minutes * minute)
    }
    expect(evaluated).toEqual([])
  })

  it('is looked at in time although events go on', async () => {
    const moments = await minutesOf(async () => {
      await event()
      for (let minutes = 1; minutes < 80; minutes += 1) {
        await runUntil(start + minutes * minute)
        await event()
      }
    })
    expect(moments.map(Math.floor)).toEqual([0, 15, 75])
  })

  it('is evaluated at once by a list that has changed', async () => {
    await event()
    await runUntil(start + 5 * minute)
    world.rules = { complete: true, rules: [salesToLake], hash: 'more' }
    await world.review(target, 7)
    expect(world.story().at(-1)).toBe('result:applied approve')
  })

  it('is evaluated at once when the connection shows another message', async () => {
    await event()
    await runUntil(start + 5 * minute)
    world.set('mpe', { description: 'For the sales report.' })
    await world.review(target, 7)
    expect(world.story()).toEqual(['escalated:open', 'escalated:open'])
  })
})

describe('an open request whose requester cannot be asked when the allow-list changes', () => {
  const couldNotAsk: Proof = {
    ...{ level: 'none', requester: undefined, endpointTenantId: undefined, isManagedTenant: undefined },
    groupIds: undefined,
    refusals: [{ code: 'could-not-ask', sentence: 'Could not ask Data Factory adf-sales: 503.' }],
  }
  const change = async () => {
    world.rules = { complete: true, rules: [salesToLake], hash: 'more' }
    await evaluateAgainOnChange(world.ports)
  }
  /** The requester cannot be asked for so many seconds. */
  const away = (seconds: number) => {
    const until = world.time + seconds * second
    world.proofOf = () => (world.time < until ? couldNotAsk : undefined)
  }

  beforeEach(async () => {
    await evaluateAgainOnChange(world.ports)
    await event()
    expect(world.story()).toEqual(['escalated:open'])
  })

  it.each([1, 20, 60])(
    'for %i s is decided by the passes that follow, at a target at rest',
    async (seconds) => {
      await runUntil(start + 3 * hour)
      const before = world.time
      away(15 + seconds)
      await change()
      await runUntil(before + 3 * minute)
      expect(world.story()).toEqual(['escalated:open', 'intent:applying approve', 'result:applied approve'])
    },
  )

  it.each([1, 20, 60])('for %i s is decided by the passes of the series that runs', async (seconds) => {
    await runUntil(start + 3 * hour)
    const before = world.time
    world.rules = { complete: true, rules: [salesToLake], hash: 'more' }
    away(seconds)
    await event()
    await runUntil(before + 3 * minute)
    expect(world.story()).toEqual(['escalated:open', 'intent:applying approve', 'result:applied approve'])
  })

  it('for long is a question anew after some minutes, once, and then waits for its recheck', async () => {
    await runUntil(start + 3 * hour)
    const before = world.time
    away(hour)
    const moments = await minutesOf(async () => {
      await change()
      await runUntil(before + 14 * minute)
    })
    expect(moments.length).toBeLessThanOrEqual(8)
    expect(world.story()).toEqual(['escalated:open', 'escalated:open'])
  })

  it('for long is a question after four minutes although events go on, and is not evaluated at each of them after that', async () => {
    await runUntil(start + 3 * hour)
    away(day)
    world.rules = { complete: true, rules: [salesToLake], hash: 'more' }
    const before = world.time
    for (let seconds = 0; seconds < 300; seconds += 10) {
      await event()
      await runUntil(before + seconds * second)
    }
    expect(world.story()).toEqual(['escalated:open', 'escalated:open'])
    evaluated = []
    const moments = await minutesOf(async () => {
      for (let seconds = 300; seconds < 840; seconds += 10) {
        await event()
        await runUntil(before + seconds * second)
      }
    })
    expect(moments).toEqual([])
  })

  it('leaves a target at which nothing may change one more pass', async () => {
    await runUntil(start + 3 * hour)
    const before = world.listed.length
    world.rules = { complete: true, rules: [], hash: 'more' }
    await evaluateAgainOnChange(world.ports)
    await runUntil(world.time + 10 * minute)
    expect(world.listed.length - before).toBe(2)
  })
})

describe('many open requests at one target', () => {
  it('have one message on its way after any number of events', async () => {
    for (let minutes = 0; minutes < 60; minutes += 3) {
      await runUntil(start + minutes * minute)
      await event()
    }
    await runUntil(start + 3 * hour)
    expect(queued).toHaveLength(1)
    expect(world.listed.length).toBeLessThan(220)
  })

  it('that came at different times are looked at together, four times an hour at most', async () => {
    world.live = []
    for (let minutes = 0; minutes < 60; minutes += 3) {
      world.live = [...world.live, connection(`m${minutes}`)]
      await event()
      await runUntil(start + (minutes + 3) * minute)
    }
    const [moments, before] = [new Set<number>(), world.time]
    world.beforeProof = () => moments.add(world.time)
    await runUntil(before + 3 * hour)
    expect(moments.size).toBeLessThanOrEqual(12)
    expect(moments.size).toBeGreaterThanOrEqual(3)
    expect(new Set(evaluated).size).toBe(20)
  })
})

describe('a decision that Azure refuses for now', () => {
  it('is sent again after 1, 5 and 30 minutes, then hourly, although others are looked at seldom', async () => {
    world.rules = { complete: true, rules: [salesToLake], hash: 'all' }
    const refused = { kind: 'refused', code: 'ScopeLocked', message: 'A lock.', passes: true } as const
    world.outcomes = Array.from({ length: 50 }, () => refused)
    const writes: number[] = []
    const { connections } = world.ports
    const apply = connections.apply.bind(connections)
    connections.apply = (...given) => {
      writes.push((world.time - start) / minute)
      return apply(...given)
    }
    await review(world.ports, world.message(7))
    await runUntil(start + 3 * hour)
    expect(writes.map(Math.round)).toEqual([0, 1, 5, 30, 90, 150])
    expect(world.notifications).toHaveLength(1)
  })
})

describe('while Azure fails', () => {
  const failing = new AzureFailed({ code: 'InternalServerError', message: '500' })
  const said = () => world.logged.filter((line) => line.startsWith('warn Azure fails'))

  it('at the whole target, each failure is logged, and after half an hour people are notified, once', async () => {
    world.listFailure = failing
    await event()
    await runUntil(start + 29 * minute)
    expect(world.log).toEqual([])
    expect(said().length).toBeGreaterThan(5)
    await runUntil(start + 3 * hour)
    expect(world.story()).toEqual(['escalated:open'])
    expect(world.log[0]).toMatchObject({ subject: { kind: 'target' }, reason: { code: 'azure-fails' } })
    expect(world.log[0]?.reason.sentence).toContain('InternalServerError ("500")')
    expect(world.notifications).toHaveLength(1)
    world.listFailure = undefined
    await runUntil(start + 4 * hour)
    expect(world.log.filter(({ subject }) => subject.kind === 'target').at(-1)?.state).toBe('withdrawn')
    expect(world.unfinished().map(({ request }) => request.subject.kind)).toEqual(['connection'])
  })

  it('at one connection, the others are settled, and people are notified after half an hour', async () => {
    world.rules = { complete: true, rules: [salesToLake], hash: 'all' }
    world.live = [connection('good'), connection('bad')]
    let isFailing = true
    world.proofOf = ({ id }) => {
      if (isFailing && id.name === 'bad') throw failing
      return undefined
    }
    await event()
    expect(world.story()).toEqual(['intent:applying approve', 'result:applied approve'])
    await runUntil(start + 29 * minute)
    expect(world.notifications).toEqual([])
    await runUntil(start + hour)
    expect(world.notifications.map(({ code }) => code)).toEqual(['azure-fails'])
    isFailing = false
    await runUntil(start + 3 * hour)
    expect(world.writes.map(({ connection: { id } }) => id.name)).toEqual(['good', 'bad'])
    expect(world.unfinished()).toEqual([])
  })

  it('at a target that only an endpoint of ours names, nobody is notified', async () => {
    world.listFailure = failing
    await review(world.ports, { ...world.message(0), isFromEndpoint: true })
    await runUntil(start + 3 * hour)
    expect(world.log).toEqual([])
    expect(said().length).toBeGreaterThan(5)
  })
})
