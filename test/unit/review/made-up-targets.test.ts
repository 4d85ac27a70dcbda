import { describe, expect, it } from 'vitest'
import { connectionOf, endpointNamed, lake } from '../../forgery/arena.ts'
import { type Fault, PersistentWorld, type Place, type Story } from '../../support/persistent-world.ts'
import { failing, noResponse, theList, theRead, throttling } from '../../support/places.ts'
import { salesToLake } from '../../support/request-parts.ts'

const minute = 60
const hour = 3600
const day = 24 * hour
const anyRead: Place = (method, path) => theList(method, path) || theRead(method, path)
const nothing: Story = {
  rules: [salesToLake],
  prepare: ({ connections }) => connections.set(lake, []),
  end: 'Pending',
}
/** What Azure says of a target that does not exist, or that is not ours. */
const hidden: readonly (readonly [string, Fault])[] = [
  ['the resource does not exist', failing(404, 'ResourceNotFound')],
  ['the resource group does not exist', failing(404, 'ResourceGroupNotFound')],
]
const refused: readonly (readonly [string, Fault])[] = [
  ['the subscription does not exist', failing(404, 'SubscriptionNotFound')],
  ['the token is not for that tenant', failing(401, 'InvalidAuthenticationTokenTenant')],
  ['the permission is missing', failing(403, 'AuthorizationFailed')],
  ['404 with another code', failing(404, 'NotFound')],
  ['400', failing(400, 'BadRequest')],
]
const failed: readonly (readonly [string, Fault])[] = [
  ['500', failing(500, 'InternalServerError')],
  ['503', failing(503, 'ServiceUnavailable')],
  ['503 with a wait', failing(503, 'ServiceUnavailable', 'Later.', { 'retry-after': '60' })],
  ['429', throttling],
  ['nothing', noResponse],
]

async function named(fault: Fault): Promise<PersistentWorld> {
  const world = new PersistentWorld(nothing)
  world.fail(theList, fault)
  await world.run(hour)
  return world
}

describe('a target that somebody made up', () => {
  it.each(hidden)('is listed eight times for one event, and nobody is notified: %s', async (_, fault) => {
    const world = await named(fault)
    await world.pass(day)
    expect([world.lists(), world.notices, world.work()]).toEqual([8, [], undefined])
  })

  it.each([...refused, ...failed])(
    'is listed forty times for one event, somebody is notified once, and nothing is left to be done: %s',
    async (_, fault) => {
      const world = await named(fault)
      await world.pass(9 * day)
      expect(world.lists()).toBeLessThanOrEqual(40)
      expect(world.notices).toHaveLength(1)
      expect([world.work(), world.messages()]).toEqual([undefined, 0])
    },
  )

  it.each(failed)('is listed forty times a day, however often it is named: %s', async (_, fault) => {
    const world = await named(fault)
    await world.pass(2 * day)
    const before = world.lists()
    for (let hours = 0; hours < 24; hours += 6) {
      await world.event()
      await world.pass(6 * hour)
    }
    expect(world.lists() - before).toBeLessThanOrEqual(40 + 4)
    expect(world.notices).toHaveLength(1)
  })

  it('by an endpoint of ours is forgotten after half an hour, and nobody is notified', async () => {
    const world = new PersistentWorld(nothing)
    world.fail(theList, failing(500, 'InternalServerError'))
    await world.event(true)
    await world.pass(2 * hour)
    expect(world.lists()).toBeLessThanOrEqual(15)
    expect([world.notices, world.work(), world.messages()]).toEqual([[], undefined, 0])
  })
})

describe('a real target of which nothing was known while its list failed', () => {
  it.each(
    [...refused, ...failed].flatMap(([title, fault]) =>
      [1, 30].map((hours) => [title, hours, fault] as const),
    ),
  )(
    'is decided within ten minutes after Azure has recovered, as the search shows its request: %s, for %i h',
    async (_, hours, fault) => {
      const world = new PersistentWorld({ rules: [salesToLake], end: 'Approved' })
      world.fail(theList, fault)
      await world.run(hours * hour)
      expect(world.openQuestions()).toHaveLength(1)
      world.heal()
      await world.pass(10 * minute)
      expect(world.status()).toBe('Approved')
      expect(world.openQuestions()).toEqual([])
      // What the search shows only after people were notified is named once more.
      const [, ...later] = world.notices.map(({ sentence }) => sentence.includes('c-true'))
      expect([[], [true]]).toContainEqual(later)
    },
  )

  it.each([...refused, ...failed])(
    'is decided at an event, although no search shows it: %s',
    async (_, fault) => {
      const world = await named(fault)
      await world.pass(3 * hour)
      world.heal()
      world.arena.connections.set(lake, [connectionOf(lake, 'c-true', endpointNamed('adf-sales.mpe-blob'))])
      world.isSearched = false
      await world.event()
      await world.pass(6 * minute)
      expect(world.status()).toBe('Approved')
      expect(world.openQuestions()).toEqual([])
    },
  )
})

describe('a target at which a request is open', () => {
  it('is listed every five minutes as long as its list fails', async () => {
    const world = new PersistentWorld({ rules: [], end: 'Pending' })
    await world.run(10 * minute)
    world.isSearched = false
    world.fail(theList, failing(503, 'ServiceUnavailable'))
    await world.event()
    await world.pass(2 * day)
    const before = world.lists()
    await world.pass(hour)
    expect(world.lists() - before).toBe(12)
  })
})

describe('while Resource Graph shows a Pending connection that the list of its target lacks', () => {
  const lacking: readonly (readonly [string, Fault])[] = [
    ...hidden,
    ['an empty list', () => ({ status: 200, body: { value: [] } })],
  ]

  it.each(lacking)(
    'somebody is notified within the hour, once, and is told what differs: %s',
    async (_, fault) => {
      const world = new PersistentWorld({ rules: [salesToLake], end: 'Approved' })
      world.fail(theList, fault)
      await world.run(hour)
      await world.pass(2 * day)
      expect(world.notices.map(({ code }) => code)).toEqual(['azure-fails'])
      expect(world.notices[0]?.seconds).toBeLessThan(hour)
      expect(world.notices[0]?.sentence).toContain(
        'the list of the target lacks the connection c-true, and a read of it shows it',
      )
      expect(world.notices[0]?.sentence).toContain('c-true')
    },
  )

  it.each(lacking)('events hide nothing: %s', async (_, fault) => {
    const world = new PersistentWorld({ rules: [salesToLake], end: 'Approved' })
    world.fail(theList, fault)
    await world.run(0)
    for (let passed = 0; passed < hour; passed += 90) {
      await world.event()
      await world.pass(90)
    }
    expect(world.notices.map(({ code }) => code)).toEqual(['azure-fails'])
  })

  it.each(lacking)(
    'it is decided when the list shows it, and the question is closed: %s',
    async (_, fault) => {
      const world = new PersistentWorld({ rules: [salesToLake], end: 'Approved' })
      world.fail(theList, fault)
      await world.run(2 * hour)
      world.heal()
      await world.pass(35 * minute)
      expect(world.status()).toBe('Approved')
      expect([world.openQuestions(), world.notices.length]).toEqual([[], 1])
    },
  )

  it('nothing is left to be done, and the question is closed, when the search shows it no more', async () => {
    const world = new PersistentWorld({ rules: [salesToLake], end: 'Approved' })
    world.fail(anyRead, failing(404, 'ResourceNotFound'))
    await world.run(2 * hour)
    expect(world.openQuestions()).toEqual(['azure-fails'])
    world.isSearched = false
    await world.pass(40 * minute)
    expect([world.openQuestions(), world.work(), world.messages()]).toEqual([[], undefined, 0])
  })

  it('for some minutes, as after a connection is removed, nobody is notified', async () => {
    const world = new PersistentWorld({ rules: [salesToLake], end: 'Approved' })
    world.fail(anyRead, failing(404, 'ResourceNotFound'))
    await world.run(15 * minute)
    world.isSearched = false
    await world.pass(2 * hour)
    expect([world.notices, world.work(), world.messages()]).toEqual([[], undefined, 0])
  })
})
