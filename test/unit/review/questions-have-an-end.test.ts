import { describe, expect, it } from 'vitest'
import { connectionOf, endpointNamed, factory, lake, type WireConnection } from '../../forgery/arena.ts'
import { type Fault, PersistentWorld, type Story } from '../../support/persistent-world.ts'
import { failing, respondingWith, theList, theRead, theTags, theWrite } from '../../support/places.ts'
import { salesToLake } from '../../support/request-parts.ts'

const minute = 60
const hour = 60 * minute
const day = 24 * hour

const old = connectionOf(lake, 'c-old', endpointNamed('unknown.mpe'))
const byTags = { ...salesToLake, targetTags: [{ name: 'open', value: 'yes' }] }
const oneOpen: Story = {
  rules: [byTags],
  prepare: ({ connections }) => connections.set(lake, [old]),
  end: 'Pending',
}
const empty: Story = {
  rules: [],
  prepare: ({ connections }) => connections.set(lake, []),
  end: 'Pending',
}

/** Faults by turns, each so many times. */
function byTurns(faults: readonly Fault[], times = 1): Fault {
  let played = 0
  return (respond) => {
    const fault = faults[Math.floor(played / times) % faults.length]
    played += 1
    return fault ? fault(respond) : respond()
  }
}

/** The list lacks the open request, and a read of it shows it. */
const lacksOld: Fault = (respond) => {
  const reply = respond()
  const { value } = reply.body as { readonly value: readonly WireConnection[] }
  return { ...reply, body: { value: value.filter((one) => one !== old) } }
}

/** People have been notified that the list lacks the open request, which it does for ever. */
async function withOldTrouble(): Promise<PersistentWorld> {
  const world = new PersistentWorld(oneOpen)
  await world.run(5 * minute)
  world.fail(theList, lacksOld)
  await world.event()
  await world.pass(2 * hour)
  expect(world.notices.at(-1)?.code).toBe('azure-fails')
  return world
}

/** As before, and the tags of the target fail as well from now on. */
function failAtTags({ arena }: PersistentWorld, fault: Fault): void {
  arena.fault = (method, path, respond) => {
    if (theTags(method, path)) return fault(respond)
    return theList(method, path) ? lacksOld(respond) : respond()
  }
}

const tagsDown = failing(503, 'TagsAreDown', 'The tag service is down.')
const askAnew = ({ arena }: PersistentWorld) =>
  void arena.connections.get(lake)?.push(connectionOf(lake, 'c-new', endpointNamed('adf-sales.mpe-blob')))

describe('a second failure at a target whose first one is known to people', () => {
  it('is said after its half hour, once, with the words of Azure, where it is at a new request', async () => {
    const world = await withOldTrouble()
    const [before, from] = [world.notices.length, world.seconds()]
    failAtTags(world, tagsDown)
    askAnew(world)
    await world.event()
    await world.pass(day)
    const anew = world.notices.slice(before)
    expect(anew.map(({ code }) => code)).toEqual(['azure-fails'])
    expect(anew[0]?.sentence).toContain('TagsAreDown ("The tag service is down.")')
    expect((anew[0]?.seconds ?? 0) - from).toBeGreaterThanOrEqual(30 * minute)
    expect((anew[0]?.seconds ?? 0) - from).toBeLessThan(hour + minute)
  })

  it('is said where the whole list fails', async () => {
    const world = await withOldTrouble()
    const before = world.notices.length
    world.fail(theList, failing(503, 'ServiceUnavailable', 'The region is down.'))
    askAnew(world)
    await world.event()
    await world.pass(day)
    const anew = world.notices.slice(before)
    expect(anew.filter(({ sentence }) => sentence.includes('The region is down.'))).toHaveLength(1)
  })

  it('is not said where it is over at the next try', async () => {
    const world = await withOldTrouble()
    const before = world.notices.length
    let failed = 0
    failAtTags(world, (respond) => {
      failed += 1
      return failed <= 3 ? tagsDown(respond) : respond()
    })
    askAnew(world)
    await world.event()
    await world.pass(5 * hour)
    expect(world.notices.slice(before).filter(({ code }) => code === 'azure-fails')).toEqual([])
  })

  it('is said where its code is another at each try', async () => {
    const world = await withOldTrouble()
    const before = world.notices.length
    let tries = 0
    failAtTags(world, (respond) => {
      tries += 1
      return failing(503, `TagsAreDown${String.fromCharCode(65 + (tries % 26))}`)(respond)
    })
    askAnew(world)
    await world.event()
    await world.pass(day)
    const anew = world.notices.slice(before)
    expect(anew.length).toBeGreaterThan(0)
    expect(anew.length).toBeLessThanOrEqual(10)
  })
})

const noPermission = failing(403, 'AuthorizationFailed', 'No.')
const noTenant = failing(401, 'InvalidAuthenticationTokenTenant', 'No.')
const notThere = failing(404, 'ResourceNotFound', 'Not there.')
const down = failing(503, 'ServiceUnavailable', 'Down.')
const emptyList = respondingWith({ status: 200, body: { value: [] } })

describe('two failures of a list by turns are two questions, however often they change', () => {
  it.each<[string, Fault, Fault]>([
    ['403 and 401', noPermission, noTenant],
    ['403 and 404', noPermission, notThere],
    ['403 and 503', noPermission, down],
    ['an empty list and 404', emptyList, notThere],
  ])('%s', async (_, one, other) => {
    for (const times of [1, 2, 3]) {
      const world = new PersistentWorld({ rules: [], end: 'Pending' })
      await world.run(10 * minute)
      const before = world.notices.length
      world.fail(theList, byTurns([one, other], times))
      await world.event()
      await world.pass(2 * day)
      const anew = world.notices.slice(before)
      expect(anew.length).toBeGreaterThan(0)
      expect(new Set(anew.map(({ sentence }) => sentence)).size).toBeLessThanOrEqual(anew.length)
      expect(anew.length).toBeLessThanOrEqual(3)
    }
  })

  it('an empty list and 404, from the first event on', async () => {
    for (const times of [1, 2, 3]) {
      const world = new PersistentWorld({ rules: [salesToLake], end: 'Approved' })
      world.fail(theList, byTurns([emptyList, notThere], times))
      await world.run(3 * hour)
      expect(world.notices.length).toBeGreaterThan(0)
      expect(world.notices.length).toBeLessThanOrEqual(5)
    }
  })

  it('an answer and 403, each for some minutes', async () => {
    const world = new PersistentWorld(empty)
    for (let at = 0; at < 72; at += 1) {
      if (at % 2 === 0) world.fail(theList, noPermission)
      else world.heal()
      await world.event()
      await world.pass(5 * minute)
    }
    expect(world.notices).toHaveLength(1)
  })
})

describe('a question about a target', () => {
  it('is asked at most ten times, and the last one says that it is the last', async () => {
    const world = new PersistentWorld(empty)
    let tries = 0
    world.fail(theList, (respond) => {
      tries += 1
      return failing(403, `Forbidden${String.fromCharCode(65 + (tries % 26))}`)(respond)
    })
    for (let at = 0; at < 20; at += 1) {
      await world.event()
      await world.pass(10 * minute)
    }
    expect(world.notices).toHaveLength(10)
    expect(world.notices.map(({ sentence }) => sentence.includes('are not notified'))).toEqual(
      Array.from({ length: 10 }, (_, index) => index === 9),
    )
  })

  it('is asked once where its words differ only in addresses, times, ids and request numbers', async () => {
    const world = new PersistentWorld(empty)
    let tries = 0
    world.fail(theList, (respond) => {
      tries += 1
      const message = `Client address 20.1.${tries % 200}.7 is not authorized, request ${tries}, at 10:${10 + (tries % 40)}:00.`
      return failing(403, 'AuthorizationFailure', message)(respond)
    })
    await world.run(12 * hour)
    expect(world.notices).toHaveLength(1)
  })

  it('does not keep a made-up target for longer than a day, although its words change', async () => {
    const world = new PersistentWorld(empty)
    world.fail(theList, byTurns([noPermission, noTenant]))
    await world.run(3 * day)
    expect(world.lists()).toBeLessThanOrEqual(40)
    expect(world.work()).toBeUndefined()
  })

  it('is asked anew when it comes back an hour after it was over', async () => {
    const world = new PersistentWorld(empty)
    world.fail(theList, noPermission)
    await world.run(hour)
    world.heal()
    await world.event()
    await world.pass(3 * hour)
    expect(world.openQuestions()).toEqual([])
    world.fail(theList, noPermission)
    await world.event()
    await world.pass(hour)
    expect(world.notices).toHaveLength(2)
  })

  it('is asked anew when it comes back sooner and stays for half an hour', async () => {
    const world = new PersistentWorld(empty)
    world.fail(theList, noPermission)
    await world.run(hour)
    world.heal()
    await world.event()
    await world.pass(10 * minute)
    expect(world.openQuestions()).toEqual([])
    world.fail(theList, noPermission)
    await world.event()
    await world.pass(20 * minute)
    expect(world.openQuestions()).toEqual(['target-unreadable'])
    expect(world.notices).toHaveLength(1)
    await world.pass(2 * hour)
    expect(world.notices).toHaveLength(2)
    await world.pass(day)
    expect(world.notices).toHaveLength(2)
  })
})

const approval: Story = { rules: [salesToLake], end: 'Approved' }
const codes = [
  failing(503, 'ServiceUnavailable'),
  failing(504, 'GatewayTimeout'),
  failing(500, 'InternalServerError'),
]

describe('a decision that Azure does not take', () => {
  it.each([
    ['the write', theWrite],
    ['the read', theRead],
  ])('because of an outage with different codes at %s: each code is said once', async (_, place) => {
    const world = new PersistentWorld(approval)
    world.fail(place, byTurns(codes))
    await world.run(2 * day)
    expect(world.notices.length).toBeGreaterThan(0)
    expect(world.notices.length).toBeLessThanOrEqual(3)
  })

  it('because of two refusals by turns: each is said once', async () => {
    const world = new PersistentWorld(approval)
    world.fail(theWrite, byTurns([failing(409, 'ScopeLocked'), failing(409, 'RequestDisallowedByPolicy')]))
    await world.run(2 * day)
    expect(world.notices).toHaveLength(2)
  })

  it('with another code each time is said ten times, and the last one says that it is the last', async () => {
    const world = new PersistentWorld(approval)
    let tries = 0
    world.fail(theWrite, (respond) => {
      tries += 1
      return failing(409, `ScopeLocked${tries}`)(respond)
    })
    await world.run(2 * day)
    expect(world.notices).toHaveLength(10)
    expect(world.notices.map(({ sentence }) => sentence.includes('are not notified'))).toEqual(
      Array.from({ length: 10 }, (_, index) => index === 9),
    )
    world.heal()
    await world.pass(2 * hour)
    expect(world.status()).toBe('Approved')
  })

  it('while its requester is proven only now and then asks each of its questions once', async () => {
    const world = new PersistentWorld(approval)
    world.fail(theWrite, failing(503, 'ServiceUnavailable'))
    await world.run(minute)
    const { managedEndpoints } = world.arena
    const shown = managedEndpoints.get(factory)
    for (let at = 0; at < 48; at += 1) {
      managedEndpoints.set(factory, at % 2 === 0 ? [] : shown)
      await world.event()
      await world.pass(hour)
    }
    expect(world.notices.length).toBeGreaterThan(0)
    expect(world.notices.length).toBeLessThanOrEqual(3)
  })
})
