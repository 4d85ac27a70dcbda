import { describe, expect, it } from 'vitest'
import type { Rule } from '../../../shared/domain/rule.ts'
import {
  connectionOf,
  dataPlatform,
  endpointNamed,
  failed,
  factory,
  lake,
  ordinaryEndpoint,
} from '../../forgery/arena.ts'
import { PersistentWorld, type Story } from '../../support/persistent-world.ts'
import { failing, theTags, theWrite } from '../../support/places.ts'
import { inTrouble } from '../../support/old-trouble.ts'
import { salesToLake } from '../../support/request-parts.ts'

const minute = 60
const hour = 3600

/** The sales factory asks, and does not respond yet. */
function askEarly({ arena }: PersistentWorld): void {
  arena.connections.get(lake)?.push(connectionOf(lake, 'c-new', endpointNamed('adf-sales.mpe-blob')))
  arena.instead.set(`GET ${factory}`, failed(503, 'ServiceUnavailable'))
}

/** What people were notified of about the request of the sales factory. */
function noticesOfNew({ notices }: PersistentWorld) {
  return notices.slice(1).filter(({ code }) => code !== 'azure-fails')
}

describe('at a target at which Azure fails at one request, a new one whose requester is not ready yet', () => {
  it.each([5, 10, 25, 47, 120, 600])('has its waiting time, after %i min', async (minutes) => {
    const world = await inTrouble(minutes * minute)
    askEarly(world)
    await world.event()
    await world.pass(80)
    expect(noticesOfNew(world)).toEqual([])
    world.arena.instead.delete(`GET ${factory}`)
    await world.pass(2 * minute)
    expect(noticesOfNew(world)).toEqual([])
    expect(world.arena.approvals()).toEqual(['c-new'])
  })

  it('is a question at the end of that time', async () => {
    const world = await inTrouble(10 * minute)
    askEarly(world)
    await world.event()
    await world.pass(5 * minute)
    expect(noticesOfNew(world)).toHaveLength(1)
  })

  it.each([1, 3, 20, 59, 61, 100, 119, 121, 150, 239])(
    'is a question after five minutes at the latest, although an event comes every %i s',
    async (seconds) => {
      const world = await inTrouble(10 * minute)
      askEarly(world)
      for (let passed = 0; passed < 5 * minute; passed += seconds) {
        await world.event()
        await world.pass(seconds)
      }
      expect(noticesOfNew(world)).toHaveLength(1)
    },
  )
})

/** Requests of ordinary endpoints are allowed, those of the sales factory where a tag says so. */
const byTags: Story = {
  rules: [
    { ...salesToLake, targetTags: [{ name: 'open', value: 'yes' }] },
    {
      ...salesToLake,
      ...{ id: 'own', requester: { kind: 'scope', pattern: `/subscriptions/${dataPlatform}` } },
    } satisfies Rule,
  ],
  end: 'Pending',
}

describe('while Azure fails at one request, one message is on its way', () => {
  async function withoutTags(): Promise<PersistentWorld> {
    const world = new PersistentWorld(byTags)
    world.fail(theTags, failing(503, 'ServiceUnavailable'))
    await world.run(minute)
    return world
  }

  it.each([1, 7, 40, 130, 400])('however many events come, one every %i s', async (seconds) => {
    const world = await withoutTags()
    for (let events = 0; events < 30; events += 1) {
      await world.event()
      await world.pass(seconds)
    }
    // The longest wait for a pass: the messages of all former ones have come.
    await world.pass(45 * minute)
    expect(world.messages()).toBe(1)
    const before = world.lists()
    await world.pass(5 * hour)
    expect(world.lists() - before).toBeLessThanOrEqual(11)
  })

  it('also where it fails at the decision', async () => {
    const world = new PersistentWorld({ rules: [salesToLake], end: 'Approved' })
    world.fail(theWrite, failing(503, 'ServiceUnavailable'))
    await world.run(minute)
    for (let events = 0; events < 10; events += 1) {
      await world.event()
      await world.pass(50)
    }
    await world.pass(10 * minute)
    const before = world.lists()
    await world.pass(15 * minute)
    expect(world.messages()).toBe(1)
    expect(world.lists() - before).toBeLessThanOrEqual(2)
  })

  it('also where events come while other requests of the target are decided', async () => {
    const world = await withoutTags()
    const { connections, endpoints } = world.arena
    for (let at = 0; at < 8; at += 1) {
      const endpoint = endpointNamed(`pe-${at}`, dataPlatform)
      connections.get(lake)?.push(connectionOf(lake, `c-${at}`, endpoint))
      endpoints.set(endpoint, ordinaryEndpoint(endpoint, lake, ['blob']))
      await world.event()
      await world.pass(70)
    }
    await world.pass(45 * minute)
    expect(world.messages()).toBe(1)
    expect(world.arena.approvals()).toHaveLength(8)
  })
})
