import { describe, expect, it } from 'vitest'
import type { Rule } from '../../../shared/domain/rule.ts'
import { lake } from '../../forgery/arena.ts'
import { type Fault, PersistentWorld } from '../../support/persistent-world.ts'
import { differing, failing, respondingWith, theList, theRead, theTags } from '../../support/places.ts'
import { salesToLake } from '../../support/request-parts.ts'

const minute = 60
const hour = 3600
const day = 24 * hour
const empty = respondingWith({ status: 200, body: { value: [] } })
const denied = failing(404, 'NotFound')
const decided = (status: string) =>
  differing({ read: { privateLinkServiceConnectionState: { status, description: 'By hand.' } } })
const asItIs: Fault = (respond) => respond()

/** The first calls are carried out, the next one fails like this, and so on. */
function afterCalls(carriedOut: number, fault: Fault): Fault {
  let calls = 0
  return (respond) => ((calls += 1) % (carriedOut + 1) === 0 ? fault : asItIs)(respond)
}

function worldWith(rules: readonly Rule[], list: Fault, read: Fault): PersistentWorld {
  const world = new PersistentWorld({ rules, end: 'Pending' })
  world.arena.fault = (method, path, respond) => {
    if (theList(method, path) && path.startsWith(lake)) return list(respond)
    return theRead(method, path) ? read(respond) : respond()
  }
  return world
}

const named = (world: PersistentWorld) =>
  world.notices.filter(({ code, sentence }) => code === 'azure-fails' && sentence.includes('c-true'))
const timesGone = (world: PersistentWorld) =>
  world.entryLines().filter((line) => line === 'observed:withdrawn').length

async function callsInAnHour(world: PersistentWorld): Promise<number> {
  const before = world.calls().length
  await world.pass(hour)
  return world.calls().length - before
}

describe.each<[string, readonly Rule[]]>([
  ['that a rule allows', [salesToLake]],
  ['that no rule allows', []],
  ['that a rule denies', [{ ...salesToLake, id: 'no', effect: 'deny' }]],
])('a request %s, which Resource Graph shows as Pending', (_, rules) => {
  describe.each<[string, () => Fault, () => Fault]>([
    ['the list shows it by turns, and a read denies it', () => afterCalls(1, empty), () => denied],
    ['the list lacks it once in three times, and a read denies it', () => afterCalls(2, empty), () => denied],
    [
      'the list shows it by turns, and a read as approved',
      () => afterCalls(1, empty),
      () => decided('Approved'),
    ],
    [
      'the list shows it by turns, and a read as rejected',
      () => afterCalls(1, empty),
      () => decided('Rejected'),
    ],
    ['the list and a read show it by turns', () => afterCalls(1, empty), () => afterCalls(1, denied)],
    ['the list lacks it, and a read shows it by turns', () => empty, () => afterCalls(1, denied)],
    ['the list shows it, and a read by turns', () => asItIs, () => afterCalls(1, denied)],
    ['the list lacks it, and a read denies it', () => empty, () => denied],
  ])('while %s', (__, list, read) => {
    it('makes at most 40 calls an hour', async () => {
      const world = worldWith(rules, list(), read())
      await world.run(8 * hour)
      expect(await callsInAnHour(world)).toBeLessThanOrEqual(40)
    })

    it('is logged as gone once at most, and then people are notified that it is in trouble', async () => {
      const world = worldWith(rules, list(), read())
      await world.run(day)
      expect(timesGone(world)).toBeLessThanOrEqual(1)
      if (world.status() === 'Pending') expect(world.notices.length).toBeGreaterThanOrEqual(1)
      expect(world.notices.length).toBeLessThanOrEqual(3)
      if (world.entryLines().at(-1) === 'observed:withdrawn') expect(named(world).length).toBeGreaterThan(0)
    })
  })
})

describe('a connection that Resource Graph shows as Pending', () => {
  it('is logged as gone by a list and a read that agree, once Resource Graph shows it no more', async () => {
    const world = worldWith([], afterCalls(1, empty), denied)
    await world.run(2 * hour)
    world.arena.connections.set(lake, [])
    await world.pass(hour)
    expect(world.openQuestions()).toEqual([])
    expect(world.entryLines().at(-1)).toBe('observed:withdrawn')
  })

  it('is decided where the list and the read show it again', async () => {
    const world = worldWith([salesToLake], afterCalls(1, empty), denied)
    await world.run(2 * hour)
    world.heal()
    await world.pass(2 * hour)
    expect(world.status()).toBe('Approved')
    expect(world.openQuestions()).toEqual([])
  })

  it('is not logged as gone where its request is open and the sources differed before', async () => {
    let list = asItIs
    const world = worldWith(
      [],
      (respond) => list(respond),
      (respond) => (world.seconds() > 10 * minute ? denied : asItIs)(respond),
    )
    await world.run(2 * hour)
    list = empty
    await world.pass(day)
    expect(timesGone(world)).toBe(0)
    expect(world.openQuestions()).toEqual(['no-rule-matched', 'azure-fails'])
    expect(named(world)).toHaveLength(2)
  })

  it('is logged as gone at once by a list and a read that agree where nothing was in trouble', async () => {
    const world = new PersistentWorld({ rules: [], end: 'Pending' })
    await world.run(20 * minute)
    world.arena.connections.set(lake, [])
    await world.event()
    await world.pass(minute)
    expect(world.entryLines()).toEqual(['escalated:open', 'observed:withdrawn'])
  })

  const byTag = { ...salesToLake, targetTags: [{ name: 'open', value: 'yes' }] }
  it.each([
    ['no request is known', 0],
    ['a request is open', 20 * minute],
  ])('and that is deleted while Azure fails at it is no other question: %s', async (_, seconds) => {
    const world = new PersistentWorld({ rules: [], end: 'Pending' })
    if (seconds > 0) await world.run(seconds)
    world.arena.rules = [byTag]
    world.fail(theTags, failing(503, 'TagsDown'))
    await world.run(2 * hour)
    const before = world.notices.length
    expect(world.openQuestions()).toContain('azure-fails')
    // Resource Graph has just shown it.
    world.arena.connections.set(lake, [])
    await world.event()
    await world.pass(day)
    expect(world.notices).toHaveLength(before)
    expect(world.openQuestions()).toEqual([])
  })

  it('by turns of the list and the read together is no loop of requests', async () => {
    let lists = 0
    const world: PersistentWorld = worldWith(
      [],
      (respond) => ((lists += 1) % 2 === 0 ? empty : asItIs)(respond),
      (respond) => (lists % 2 === 0 ? denied : asItIs)(respond),
    )
    await world.run(day)
    expect(world.notices.length).toBeLessThanOrEqual(10)
    expect(world.entries().length).toBeLessThanOrEqual(24)
    expect(await callsInAnHour(world)).toBeLessThanOrEqual(40)
  })
})

it('a decision that a read shows, and a list by turns, makes at most 40 calls an hour though Resource Graph is behind', async () => {
  const world = worldWith([], afterCalls(1, empty), asItIs)
  world.doesSearchLag = true
  world.show('Approved', 'By hand.')
  await world.run(8 * hour)
  expect(await callsInAnHour(world)).toBeLessThanOrEqual(40)
})
