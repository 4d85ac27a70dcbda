import { describe, expect, it } from 'vitest'
import type { Rule } from '../../../shared/domain/rule.ts'
import { connectionOf, dataPlatform, endpointNamed, lake, ordinaryEndpoint } from '../../forgery/arena.ts'
import { PersistentWorld, type Place, type Story } from '../../support/persistent-world.ts'
import { failing, theGroups, theList, theRead, theTags, theWrite, throttling } from '../../support/places.ts'
import { salesToLake } from '../../support/request-parts.ts'

const halfAnHour = 1800
const hour = 3600
const day = 24 * hour

const approval: Story = { rules: [salesToLake], end: 'Approved' }
const byTags: Story = {
  rules: [{ ...salesToLake, targetTags: [{ name: 'open', value: 'yes' }] }],
  prepare: ({ instead }) =>
    instead.set(`GET ${lake}/providers/Microsoft.Resources/tags/default`, {
      status: 200,
      body: { properties: { tags: { open: 'yes' } } },
    }),
  end: 'Approved',
}
const byGroups: Story = {
  rules: [{ ...salesToLake, target: '/providers/Microsoft.Management/managementGroups/mg-data' }],
  prepare: ({ instead }) =>
    instead.set('POST /providers/Microsoft.Management/getEntities', {
      status: 200,
      body: {
        value: [
          {
            ...{ name: dataPlatform, type: '/subscriptions' },
            properties: { tenantId: dataPlatform, parentNameChain: ['mg-data'] },
          },
        ],
      },
    }),
  end: 'Approved',
}

interface Busy {
  readonly story: Story
  readonly place: Place
  /** The line of the log that each failure leaves. */
  readonly line: string
}

const atTarget = 'warn Azure fails at a target; it is reviewed again.'
const atDecision = 'warn Azure does not take a decision; it is sent again.'

const busyPlaces: Readonly<Record<string, Busy>> = {
  'on the list of connections': { story: approval, place: theList, line: atTarget },
  'on the tags': { story: byTags, place: theTags, line: atTarget },
  'on the management groups': { story: byGroups, place: theGroups, line: atTarget },
  'on the last read before the decision': { story: approval, place: theRead, line: atDecision },
  'on the write': { story: approval, place: theWrite, line: atDecision },
}

async function throttled({ story, place }: Busy, seconds: number): Promise<PersistentWorld> {
  const world = new PersistentWorld(story)
  world.fail(place, throttling)
  await world.run(seconds)
  return world
}

describe.each(Object.entries(busyPlaces))('while Azure answers 429 %s', (_, busy) => {
  it('each failure is a warning, and nobody is notified for half an hour', async () => {
    const world = await throttled(busy, halfAnHour - 10)
    expect(world.played).toBeGreaterThan(2)
    expect(world.arena.world.logged.filter((line) => line === busy.line)).toHaveLength(world.played)
    expect(world.notices).toEqual([])
  })

  it("somebody is notified after half an hour, with Azure's words, and never twice in a day", async () => {
    const world = await throttled(busy, day)
    expect(world.notices).toHaveLength(1)
    const [notice] = world.notices
    expect(notice?.seconds).toBeGreaterThanOrEqual(halfAnHour)
    expect(notice?.seconds).toBeLessThan(halfAnHour + 300)
    expect(notice?.sentence).toContain('Azure says why')
  })

  it('the request is decided when it is over, and its question is closed', async () => {
    const world = await throttled(busy, 2 * hour)
    expect(world.openQuestions()).toHaveLength(1)
    world.heal()
    await world.pass(hour + 300)
    expect(world.status()).toBe('Approved')
    expect(world.entryLines().at(-1)).toBe('result:applied approve')
    expect(world.openQuestions()).toEqual([])
    expect(world.notices).toHaveLength(1)
  })

  it('a second time of trouble, after it was over, is said again', async () => {
    const world = await throttled(busy, 2 * hour)
    world.heal()
    await world.pass(hour + 300)
    world.arena.connections.set(lake, [connectionOf(lake, 'c-new', endpointNamed('adf-sales.mpe-blob'))])
    world.fail(busy.place, throttling)
    await world.event()
    await world.pass(hour)
    expect(world.notices.length).toBeGreaterThanOrEqual(2)
  })
})

it.each([
  ['last read', theRead],
  ['write', theWrite],
])('the decision log has an entry for each %s that Azure was busy at', async (_, place) => {
  const world = new PersistentWorld(approval)
  world.fail(place, throttling)
  await world.run(halfAnHour - 10)
  expect(world.entries().filter(({ kind }) => kind === 'deferred')).toHaveLength(world.played)
})

describe('`Retry-After`', () => {
  it('of a day does not keep a target from being listed for more than five minutes', async () => {
    const world = new PersistentWorld(approval)
    world.fail(theList, failing(429, 'TooManyRequests', 'Later.', { 'retry-after': '86400' }), 1)
    await world.run(330)
    expect(world.status()).toBe('Approved')
  })

  const own = endpointNamed('pe-own', dataPlatform)
  const byScope: Rule = {
    ...salesToLake,
    ...{ id: 'own', requester: { kind: 'scope', pattern: `/subscriptions/${dataPlatform}` } },
  }
  const besideOwn = (...rules: readonly Rule[]): Story => ({
    rules: [...rules, byScope],
    prepare: ({ connections, endpoints }) => {
      connections.get(lake)?.push(connectionOf(lake, 'c-own', own))
      endpoints.set(own, ordinaryEndpoint(own, lake, ['blob']))
    },
    end: 'Pending',
  })
  const anHour = failing(429, 'TooManyRequests', 'Later.', { 'retry-after': '3600' })
  const byMissingTags = { ...salesToLake, targetTags: [{ name: 'open', value: 'yes' }] }

  it("of an hour for one connection's tags does not block the others of the target", async () => {
    const world = new PersistentWorld(besideOwn(byMissingTags))
    world.fail(theTags, anHour)
    await world.run(150)
    expect(world.arena.approvals()).toEqual(['c-own'])
  })

  it('of an hour for the management groups of one requester does not block the others of the target', async () => {
    const requester = { kind: 'management-group', name: 'mg-data' } as const
    const world = new PersistentWorld(besideOwn({ ...salesToLake, requester }))
    world.fail(theGroups, anHour)
    await world.run(150)
    expect(world.arena.approvals()).toEqual(['c-own'])
  })

  it('for tags by which a `deny` may match keeps every request waiting, and somebody is notified', async () => {
    const world = new PersistentWorld(
      besideOwn({ ...byMissingTags, id: 'no', effect: 'deny', requester: undefined }),
    )
    world.fail(theTags, anHour)
    await world.run(hour)
    expect(world.arena.written).toEqual([])
    expect(world.notices.map(({ code }) => code)).toEqual(['azure-fails'])
  })

  it("of an hour for one connection's last read does not block a request that comes after it", async () => {
    const world = new PersistentWorld(approval)
    const one: Place = (method, path) => theRead(method, path) && path.endsWith('/c-true')
    world.fail(one, anHour)
    await world.run(150)
    world.arena.rules = [...world.arena.rules, byScope]
    world.arena.connections.get(lake)?.push(connectionOf(lake, 'c-own', own))
    world.arena.endpoints.set(own, ordinaryEndpoint(own, lake, ['blob']))
    await world.event()
    await world.pass(60)
    expect(world.arena.approvals()).toEqual(['c-own'])
  })
})

describe('the deadline counts from the first try', () => {
  const newVersion = (world: PersistentWorld) => {
    world.arena.rules = world.arena.rules.map((rule) => ({ ...rule, version: rule.version + 1 }))
  }

  it.each(Object.entries(busyPlaces))(
    'though the allow-list changes every five minutes meanwhile, where Azure is busy %s',
    async (_, { story, place }) => {
      const world = new PersistentWorld(story)
      world.fail(place, throttling)
      await world.run(300)
      for (let changes = 0; changes < 7; changes += 1) {
        newVersion(world)
        await world.pass(300)
      }
      expect(world.notices).toHaveLength(1)
      expect(world.notices[0]?.seconds).toBeLessThan(halfAnHour + 330)
    },
  )

  it.each(Object.entries(busyPlaces))(
    'though an event comes every minute, where Azure is busy %s',
    async (_, { story, place }) => {
      const world = new PersistentWorld(story)
      world.fail(place, throttling)
      await world.run(60)
      for (let events = 0; events < 40; events += 1) {
        await world.event()
        await world.pass(60)
      }
      expect(world.notices).toHaveLength(1)
      expect(world.notices[0]?.seconds).toBeLessThan(halfAnHour + 330)
    },
  )
})

describe.each(Object.entries(busyPlaces))(
  'a pause of the app itself of five hours, while Azure was busy %s,',
  (_, { story, place }) => {
    async function paused(): Promise<PersistentWorld> {
      const world = new PersistentWorld(story)
      world.fail(place, throttling)
      await world.run(20)
      world.stop(5 * hour)
      return world
    }

    it('is not counted: where Azure answers again, the request is decided and nobody is notified', async () => {
      const world = await paused()
      world.heal()
      await world.pass(600)
      expect(world.status()).toBe('Approved')
      expect(world.notices).toEqual([])
    })

    it('is followed by one more try before somebody is notified', async () => {
      const world = await paused()
      const before = world.played
      await world.pass(600)
      expect(world.played).toBeGreaterThan(before)
      expect(world.notices).toHaveLength(1)
    })
  },
)
