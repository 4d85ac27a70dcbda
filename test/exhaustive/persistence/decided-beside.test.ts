import { describe, expect, it } from 'vitest'
import { connectionOf, endpointNamed, factory, lake, managedEndpoint } from '../../forgery/arena.ts'
import { inState } from '../../forgery/story.ts'
import { type Fault, PersistentWorld, type Place } from '../../support/persistent-world.ts'
import { failing, noResponse, theList, theRead, throttling } from '../../support/places.ts'
import { salesToLake } from '../../support/request-parts.ts'

const hour = 3600
const counts = [10, 100]
const maxCallsInFirstHour = 7
const maxCallsInLaterHour = 3
const maxCalls = 40

/** As many connections beside the request, decided by hand. */
function decided(count: number, status: string, nameOf = (index: number) => `adf-x.mpe-${index}`) {
  return Array.from({ length: count }, (_, index) =>
    connectionOf(lake, `c-${index}`, endpointNamed(nameOf(index)), inState(status, `By hand ${index}.`)),
  )
}

function worldWith(beside: ReturnType<typeof decided>, isAllowed = false): PersistentWorld {
  const world = new PersistentWorld({
    rules: isAllowed ? [salesToLake] : [],
    end: isAllowed ? 'Approved' : 'Pending',
  })
  // The lease is renewed by real timers, which do not run while the clock of the world jumps.
  Object.assign(world.arena.ports.timings, { leaseSeconds: hour })
  const { connections } = world.arena
  connections.set(lake, [...(connections.get(lake) ?? []), ...beside])
  return world
}

const ofOthers: Place = (method, path) => theRead(method, path) && !path.endsWith('c-true')

const faults: Readonly<Record<string, Fault | undefined>> = {
  'show the same': undefined,
  'fail with 503': failing(503, 'Busy'),
  'are throttled': throttling,
  'have no response': noResponse,
  'say that it is gone': failing(404, 'NotFound'),
}

/** Calls in each of the first hours. */
async function callsByHour(world: PersistentWorld, hours: number): Promise<readonly number[]> {
  const calls: number[] = []
  for (let passed = 0; passed < hours; passed += 1) {
    const before = world.calls().length
    await (passed === 0 ? world.run(hour) : world.pass(hour))
    calls.push(world.calls().length - before)
  }
  return calls
}

describe.each(Object.keys(faults))('an open request beside decided connections whose reads %s', (name) => {
  it.each(
    counts.flatMap((count) =>
      ['Rejected', 'Approved', 'Disconnected'].map((status) => [count, status] as const),
    ),
  )('costs no more calls than alone, beside %s that are %s', async (count, status) => {
    const world = worldWith(decided(count, status))
    const fault = faults[name]
    if (fault) world.fail(ofOthers, fault)
    const [first = 0, ...later] = await callsByHour(world, 4)
    expect(first).toBeLessThanOrEqual(maxCallsInFirstHour)
    expect(Math.max(...later)).toBeLessThanOrEqual(maxCallsInLaterHour)
    expect(world.notices.map(({ code }) => code)).toEqual(['no-rule-matched'])
  })

  it.each(counts)('costs few calls beside %s that a hidden endpoint competes with', async (count) => {
    const hidden = connectionOf(lake, 'c-hid', undefined, {
      privateEndpoint: undefined,
      ...inState('Approved'),
    })
    const world = worldWith([hidden])
    const fault = faults[name]
    if (fault) world.fail(ofOthers, fault)
    await world.run(60)
    const { connections } = world.arena
    connections.set(lake, [...(connections.get(lake) ?? []), ...decided(count, 'Approved')])
    for (const calls of await callsByHour(world, 3)) expect(calls).toBeLessThanOrEqual(maxCalls)
  })
})

describe('an open request beside decided connections that a list words otherwise than a read', () => {
  it.each([1, 20])('costs no more calls than alone, beside %s', async (count) => {
    const world = worldWith(decided(count, 'Rejected'))
    world.fail(theList, (respond) => {
      const reply = respond()
      const { value } = structuredClone(reply.body) as {
        value: {
          properties: { privateLinkServiceConnectionState: { status: string; description?: string } }
        }[]
      }
      const states = value.map(({ properties }) => properties.privateLinkServiceConnectionState)
      for (const state of states) if (state.status !== 'Pending') delete state.description
      return { ...reply, body: { value } }
    })
    const [first = 0, ...later] = await callsByHour(world, 4)
    expect(first).toBeLessThanOrEqual(maxCallsInFirstHour)
    expect(Math.max(...later)).toBeLessThanOrEqual(maxCallsInLaterHour)
  })
})

describe('a request that a rule allows beside connections rejected by hand whose reads have no response', () => {
  it.each([20, 200])('is approved at once, beside %s', { timeout: 120_000 }, async (count) => {
    const world = worldWith(decided(count, 'Rejected'), true)
    world.fail(ofOthers, () => {
      world.arena.world.time += 10_000
      return new Error('socket hang up')
    })
    await world.run(120)
    expect(world.status()).toBe('Approved')
  })
})

describe('decisions of this app that a list shows otherwise, while their reads fail', () => {
  it.each([10, 40])('of %s connections cost no more calls than a request may', async (count) => {
    const names = Array.from({ length: count }, (_, index) => index)
    const world = worldWith([], true)
    const { connections, managedEndpoints } = world.arena
    connections.set(
      lake,
      names.map((index) => connectionOf(lake, `c-${index}`, endpointNamed(`adf-sales.mpe-${index}`))),
    )
    managedEndpoints.set(
      factory,
      names.map((index) => managedEndpoint(`mpe-${index}`, lake, 'blob')),
    )
    await world.run(hour)
    expect(world.sentAt).toHaveLength(count)
    for (const one of connections.get(lake) ?? [])
      one.properties = { ...(one.properties as object), ...inState('Rejected', 'By hand.') }
    world.fail(theRead, failing(503, 'Busy'))
    await world.event()
    const before = world.calls().length
    await world.pass(hour)
    expect(world.calls().length - before).toBeLessThanOrEqual(maxCalls)
  })
})
