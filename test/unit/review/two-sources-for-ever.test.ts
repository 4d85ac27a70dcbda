import { describe, expect, it } from 'vitest'
import { endpointNamed } from '../../forgery/arena.ts'
import { PersistentWorld, type Story } from '../../support/persistent-world.ts'
import { differing, lagging, storyOfOrders, theList, theRead, theSources } from '../../support/places.ts'
import { salesToLake } from '../../support/request-parts.ts'

const hour = 3600
const day = 24 * hour
const approval: Story = { rules: [salesToLake], end: 'Approved' }
const other = { privateEndpoint: { id: endpointNamed('adf-other.mpe-blob') } }
const byHand = { privateLinkServiceConnectionState: { status: 'Approved', description: 'By hand.' } }

const shows = (...groupIds: readonly string[]) => ({ groupIds })

function disagreeing(parts: Parameters<typeof differing>[0], story = approval): PersistentWorld {
  const world = new PersistentWorld(story)
  world.fail(theSources, differing(parts))
  return world
}

function lagBehind(): PersistentWorld {
  const world = new PersistentWorld(approval)
  world.doesSearchLag = true
  world.fail(theList, lagging())
  return world
}

describe.each([
  ['endpoints', approval, { read: other }],
  ['group ids', storyOfOrders(), { list: shows('sqlServer'), read: shows('blob') }],
])('a list and a read that show other %s', (_, story, parts) => {
  it('are one question for as long as they do so', async () => {
    const world = disagreeing(parts, story)
    await world.run(3 * day)
    expect(world.notices.map(({ code }) => code)).toEqual(['endpoint-changed'])
    expect(world.entryLines()).toEqual(['intent:applying approve', 'abandoned:open'])
    expect(world.sentAt).toEqual([])
  })

  it('decide the request within an hour after they agree again', async () => {
    const world = disagreeing(parts, story)
    await world.run(5 * hour)
    world.heal()
    await world.pass(hour + 300)
    expect(world.status()).toBe('Approved')
    expect(world.openQuestions()).toEqual([])
  })
})

it('a list that never shows the group ids which a read shows is no difference: the request is decided by them', async () => {
  const world = disagreeing({ read: shows('sqlServer') }, storyOfOrders())
  await world.run(hour)
  expect(world.status()).toBe('Approved')
  expect(world.entryLines().at(-1)).toBe('result:applied approve')
  expect(world.notices).toEqual([])
})

it('a list that leaves out other group ids than the requester shows is one question, about them', async () => {
  const world = disagreeing({ read: shows('blob') }, storyOfOrders())
  await world.run(3 * day)
  expect(world.entryLines()).toEqual([
    'intent:applying approve',
    'deferred:applying approve',
    'abandoned:open',
    ...['reminded:open', 'reminded:open'],
  ])
  expect(world.notices.map(({ code }) => code)).toEqual(['unproven-requester'])
  world.heal()
  await world.pass(day)
  expect(world.status()).toBe('Approved')
})

it('a read that never shows the group ids which a list shows ends at a person, once', async () => {
  const world = disagreeing({ list: shows('sqlServer') }, storyOfOrders())
  await world.run(3 * hour)
  expect(world.notices.map(({ code }) => code)).toEqual(['refused-by-azure'])
  expect(world.sentAt).toEqual([])
})

describe('a list that lags for a day behind the approval that this app applied', () => {
  it('begins no new episode, and writes nothing to the decision log', async () => {
    const world = lagBehind()
    await world.run(day)
    expect(world.entryLines()).toEqual(['intent:applying approve', 'result:applied approve'])
    expect(world.sentAt).toHaveLength(1)
  })

  it('is told to a person once, as two answers of Azure that differ', async () => {
    const world = lagBehind()
    await world.run(day)
    expect(world.notices.map(({ code }) => code)).toEqual(['azure-fails'])
    expect(world.notices[0]?.sentence).toContain('as Pending, and a read of it as Approved')
  })

  it('is told as that also where an event comes each half minute', async () => {
    const world = lagBehind()
    await world.run(1)
    for (let seconds = 0; seconds < hour; seconds += 30) {
      await world.event()
      await world.pass(30)
    }
    expect(world.notices.map(({ code }) => code)).toEqual(['azure-fails'])
    expect(world.entries()).toHaveLength(2)
  })

  it('leaves no question when it shows the approval in the end', async () => {
    const world = lagBehind()
    await world.run(day)
    world.heal()
    world.doesSearchLag = false
    await world.pass(hour)
    expect(world.openQuestions()).toEqual([])
    expect(world.entries()).toHaveLength(2)
  })

  it('lets a rule that denies since then reject nothing that is decided', async () => {
    const world = lagBehind()
    await world.run(300)
    world.arena.rules = [{ ...salesToLake, version: 4, effect: 'deny' }]
    await world.pass(day)
    expect(world.status()).toBe('Approved')
    expect(world.notices.map(({ code }) => code)).toEqual(['azure-fails'])
    expect(world.entries()).toHaveLength(2)
  })
})

it('a list that lags for a day behind the decision of a person is no request in each pass', async () => {
  const world = disagreeing({ read: byHand })
  world.doesSearchLag = true
  await world.run(day)
  expect(world.entryLines()).toEqual(['intent:applying approve', 'observed:decided-elsewhere'])
  expect(world.notices.map(({ code }) => code)).toEqual(['azure-fails'])
})

it('a list and a read that both lag behind an approval are never told as a decision that was given up', async () => {
  const world = new PersistentWorld(approval)
  await world.run(300)
  const { properties } = structuredClone(world.connection())
  world.show('Pending', 'Requested by DataFactory:adf-sales, Name:mpe-blob')
  world.arena.rules = []
  await world.event()
  await world.pass(hour)
  world.connection().properties = properties
  await world.event()
  await world.pass(hour)
  const said = world.notices.map(({ code, sentence }) => `${code}: ${sentence}`)
  expect(said.at(-1)).toContain('shown-late: The connection is Approved by an earlier decision of this app')
  expect(said.join()).not.toContain('given up')
})

it('a list that shows another endpoint than its own read does not end the request that waits', async () => {
  const world = new PersistentWorld({ rules: [], end: 'Pending' })
  await world.run(600)
  world.fail(theSources, differing({ list: other }))
  await world.event()
  await world.pass(day)
  expect(world.entryLines()).toEqual(['escalated:open'])
  expect(world.notices.map(({ code }) => code)).toEqual(['no-rule-matched', 'azure-fails'])
  world.heal()
  await world.pass(hour)
  expect(world.openQuestions()).toEqual(['no-rule-matched'])
})

it('reads that show the endpoint of the list and another one by turns are alarms that come ever more seldom', async () => {
  const world = new PersistentWorld(approval)
  let reads = 0
  world.fail(theRead, (respond) => {
    reads += 1
    // The first review reads once, right before the write; each later one before it evaluates, too.
    return differing(reads % 2 === 1 ? { read: other } : {})(respond)
  })
  await world.run(2 * day)
  const hours = world.notices.map(({ seconds }) => Math.round(seconds / hour))
  expect(new Set(world.notices.map(({ code }) => code))).toEqual(new Set(['endpoint-changed']))
  expect(hours.length).toBeLessThanOrEqual(6)
  expect(world.entries().filter(({ kind }) => kind !== 'reminded').length).toBeLessThanOrEqual(12)
  expect(world.sentAt).toEqual([])
})
