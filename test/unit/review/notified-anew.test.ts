import { beforeEach, describe, expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/connection.ts'
import { connectionIdOf } from '../../../shared/domain/request.ts'
import { connectionOf, endpointNamed, lake } from '../../forgery/arena.ts'
import { connection, endpoint, FakeReview, salesToLake, target } from '../../support/fake-review.ts'
import { PersistentWorld } from '../../support/persistent-world.ts'

const nothing = { complete: true, rules: [], hash: 'none' } as const
const hour = 3600

let world: FakeReview
const notified = () => world.notifications.length

beforeEach(async () => {
  world = new FakeReview()
  world.rules = nothing
  world.live = [connection('mpe', { groupIds: ['blob'], description: 'Please.' })]
  await world.review()
  expect([world.story(), notified()]).toEqual([['escalated:open'], 1])
})

async function changedTo(change: Partial<Connection>): Promise<void> {
  world.set('mpe', change)
  await world.review()
}

const changes: Readonly<Record<string, Partial<Connection>>> = {
  'other group ids': { groupIds: ['dfs'] },
  'one more group id': { groupIds: ['blob', 'dfs'] },
  'another message': { description: 'Urgent! The director waits.' },
  'no message any more': { description: '' },
  'both at once': { groupIds: ['dfs'], description: 'Urgent!' },
}

describe.each(Object.entries(changes))('a waiting request that shows %s', (_, change) => {
  it('is notified anew, once, and the log says what it is now', async () => {
    await changedTo(change)
    for (let passes = 0; passes < 3; passes += 1) await world.review()
    expect(world.story()).toEqual(['escalated:open', 'escalated:open'])
    expect(notified()).toBe(2)
    expect(world.log.at(-1)).toMatchObject({
      ...('groupIds' in change && { groupIds: change.groupIds }),
      ...('description' in change && { requesterSaid: change.description }),
    })
  })

  it('stays the same request, with one open question', async () => {
    await changedTo(change)
    expect(world.log.map(({ episode }) => episode)).toEqual([1, 1])
    expect(new Set(world.notifications.map(({ id }) => id)).size).toBe(2)
    expect(world.unfinished()).toHaveLength(1)
  })
})

describe('a waiting request whose endpoint changes', () => {
  it('is over, and the new one is another request, of which people are notified', async () => {
    await changedTo({ endpoint: endpoint('adf-other.mpe') })
    expect(world.story()).toEqual(['escalated:open', 'observed:withdrawn', 'escalated:open'])
    expect(world.log.map(({ episode }) => episode)).toEqual([1, 1, 2])
    expect(world.log[1]?.reason.sentence).toBe(
      'Another endpoint stands behind the connection; this request is over.',
    )
    expect(notified()).toBe(2)
  })

  it('to none for a moment is neither over nor notified anew', async () => {
    await changedTo({ endpoint: undefined })
    expect([world.story(), notified()]).toEqual([['escalated:open'], 1])
  })
})

describe('a waiting request', () => {
  it('that changes again and again is notified anew five times at most, and its record shows what it is now', async () => {
    for (let times = 1; times <= 12; times += 1) await changedTo({ description: `Version ${times}` })
    expect(notified()).toBe(1 + 5)
    expect(world.unfinished()[0]?.request.requesterSaid).toBe('Version 12')
  })

  it('that changes to and fro counts each change, five at most', async () => {
    for (let times = 1; times <= 12; times += 1)
      await changedTo({ groupIds: times % 2 === 0 ? ['blob'] : ['dfs'] })
    expect(notified()).toBe(1 + 5)
  })

  it('whose group ids are shown in another order or case, or not at all once, has not changed', async () => {
    await changedTo({ groupIds: ['BLOB'] })
    await changedTo({ groupIds: undefined })
    await changedTo({ groupIds: ['blob'] })
    expect(notified()).toBe(1)
  })

  it('whose long message differs only beyond what is recorded has not changed', async () => {
    await changedTo({ description: 'x'.repeat(20_000) })
    const before = notified()
    await changedTo({ description: `${'x'.repeat(20_000)} and more` })
    expect([before, notified()]).toEqual([2, 2])
  })

  it('that has changed five times is still decided by a rule', async () => {
    for (let times = 1; times <= 6; times += 1) await changedTo({ description: `Version ${times}` })
    world.rules = { complete: true, rules: [salesToLake], hash: 'sales' }
    await world.review()
    expect(world.story().at(-1)).toBe('result:applied approve')
  })

  it('that waits anew in a later episode has five changes of its own', async () => {
    for (let times = 1; times <= 6; times += 1) await changedTo({ description: `Version ${times}` })
    const before = notified()
    world.live = []
    await world.review()
    world.live = [connection('mpe', { groupIds: ['blob'], description: 'Please again.' })]
    await world.review()
    for (let times = 1; times <= 6; times += 1) await changedTo({ description: `Later version ${times}` })
    expect(notified() - before).toBe(1 + 5)
  })
})

describe('a request on hold because of a burst', () => {
  const own = () => world.notifications.filter(({ caseId }) => caseId === undefined)
  const heldOnes = () =>
    world.unfinished().map(({ request: { subject } }) => connectionIdOf(subject)?.split('/').at(-1) ?? '')

  async function burstOf(count: number): Promise<void> {
    world = new FakeReview()
    const live = Array.from({ length: count }, (_, index) => connection(`mpe-${index}`))
    world.live = live.map((one) => ({ ...one, groupIds: ['blob'] }))
    await world.review()
    expect(world.unfinished()).toHaveLength(count - 50)
    expect(own()).toEqual([])
  }

  async function laterPass(): Promise<void> {
    world.time += 3_600_000
    await world.review(target)
  }

  it('whose message changes stays on hold, and people are notified of the change, once', async () => {
    await burstOf(52)
    const [name = ''] = heldOnes()
    world.set(name, { description: 'Urgent!' })
    for (let passes = 0; passes < 3; passes += 1) await laterPass()
    expect(world.writes).toHaveLength(50)
    expect(world.unfinished().map(({ request: { hold } }) => hold?.kind)).toEqual(['burst', 'burst'])
    expect(own().map(({ code, connectionId }) => [code, connectionId?.split('/').at(-1)])).toEqual([
      ['burst-limit', name],
    ])
  })

  it('whose message changes with those of all others is notified with fifty of them, and keeps its case', async () => {
    await burstOf(130)
    const casesBefore = new Set(world.unfinished().map(({ request: { caseId } }) => caseId))
    for (const name of heldOnes()) world.set(name, { description: 'Urgent!' })
    for (let passes = 0; passes < 3; passes += 1) await laterPass()
    expect(own()).toHaveLength(50)
    expect(world.unfinished().map(({ request }) => request.requesterSaid)).toEqual(Array(80).fill('Urgent!'))
    expect(new Set(world.unfinished().map(({ request: { caseId } }) => caseId))).toEqual(casesBefore)
    expect(world.writes).toHaveLength(50)
  })
})

describe('a request whose decision Azure refused', () => {
  const refusals = (passes: boolean) =>
    Array.from({ length: 20 }, () => ({
      ...({ kind: 'refused', code: 'ScopeLocked', message: 'No.', passes } as const),
    }))

  async function refusedOne(passes: boolean): Promise<void> {
    world = new FakeReview()
    world.outcomes = refusals(passes)
    world.live = [connection('mpe', { groupIds: ['blob'], description: 'Please.' })]
    await world.review()
    expect([world.story().at(-1), notified()]).toEqual(['result:open', 1])
  }

  it('is notified anew when its message or its group ids change, five times at most', async () => {
    await refusedOne(false)
    await changedTo({ description: 'Urgent!' })
    expect([notified(), world.log.at(-1)?.requesterSaid]).toEqual([2, 'Urgent!'])
    await changedTo({ groupIds: ['dfs'] })
    expect([notified(), world.log.at(-1)?.groupIds]).toEqual([3, ['dfs']])
    for (let times = 1; times <= 12; times += 1) await changedTo({ description: `Version ${times}` })
    expect(notified()).toBe(1 + 5)
    expect(world.writes).toHaveLength(1)
  })

  it('is sent again in time after a change, and the same refusal notifies nobody anew', async () => {
    await refusedOne(true)
    await changedTo({ description: 'Urgent!' })
    world.time += 61_000
    await world.review()
    expect([world.writes.length, notified()]).toEqual([2, 2])
    world.outcomes = []
    world.time += 3_600_000
    await world.review()
    expect([world.story().at(-1), notified()]).toEqual(['result:applied approve', 2])
  })
})

describe('a refused decision that Azure carries out after all', () => {
  it('is an alarm where people were notified of another message since', async () => {
    world = new FakeReview()
    world.outcomes = [{ kind: 'refused', code: 'ScopeLocked', message: 'No.', passes: false }]
    world.live = [connection('mpe', { groupIds: ['blob'], description: 'Please.' })]
    await world.review()
    await changedTo({ description: 'Urgent!' })
    await changedTo({ status: 'Approved', description: world.writes[0]?.write.description ?? '' })
    await world.review()
    expect(world.notifications.map(({ code, severity }) => [code, severity])).toEqual([
      ['refused-by-azure', 'question'],
      ['refused-by-azure', 'question'],
      ['shown-late', 'alarm'],
    ])
  })
})

describe('many open requests of which people were notified', () => {
  it('are one case, beside fifty, when all of them change at once', async () => {
    world = new FakeReview()
    world.rules = nothing
    const names = Array.from({ length: 90 }, (_, index) => `mpe-${index}`)
    world.live = names.map((name) => connection(name))
    await world.review()
    const before = new Set(world.notifications.map(({ caseId }) => caseId))
    for (const name of names) world.set(name, { description: 'Urgent!' })
    world.time += 3_600_000
    const since = notified()
    await world.review()
    const anew = world.notifications.slice(since)
    expect(anew.filter(({ caseId }) => caseId === undefined)).toHaveLength(50)
    const cases = new Set(anew.flatMap(({ caseId }) => caseId ?? []))
    expect([cases.size, [...cases].some((caseId) => before.has(caseId))]).toEqual([1, false])
  })
})

describe('in an app with its timers, an open request', () => {
  async function waiting(): Promise<PersistentWorld> {
    const app = new PersistentWorld({ rules: [], end: 'Pending' })
    await app.run(2 * hour)
    expect(app.notices).toHaveLength(1)
    return app
  }

  it('whose message changes is notified anew within the hour, without an event', async () => {
    const app = await waiting()
    app.show('Pending', 'Urgent!')
    await app.pass(hour + 60)
    expect(app.notices).toHaveLength(2)
    await app.pass(6 * hour)
    expect(app.notices).toHaveLength(2)
  })

  it('whose message changes is notified anew at once after an event', async () => {
    const app = await waiting()
    app.show('Pending', 'Urgent!')
    await app.event()
    await app.pass(240)
    expect(app.notices).toHaveLength(2)
  })

  it('whose message changes every five minutes is written at its rechecks, once nobody is notified any more', async () => {
    const app = await waiting()
    for (let times = 1; times <= 120; times += 1) {
      app.show('Pending', `Version ${times}`)
      await app.event()
      await app.pass(300)
    }
    expect(app.notices).toHaveLength(1 + 5)
    const lines = app.entryLines().filter((line) => !line.startsWith('reminded'))
    expect(lines.length).toBeLessThanOrEqual(1 + 5 + 10)
    expect(app.entries().at(-1)?.requesterSaid).toContain('Version 1')
  })

  it('whose endpoint changes is over, and the new one is notified within the hour', async () => {
    const app = await waiting()
    app.arena.connections.set(lake, [connectionOf(lake, 'c-true', endpointNamed('adf-other.mpe-blob'))])
    await app.pass(hour + 60)
    expect(app.entryLines()).toEqual(['escalated:open', 'observed:withdrawn', 'escalated:open'])
    expect(app.notices).toHaveLength(2)
  })
})
