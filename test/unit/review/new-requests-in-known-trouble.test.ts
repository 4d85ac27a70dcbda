import { describe, expect, it } from 'vitest'
import { connectionOf, endpointNamed, lake } from '../../forgery/arena.ts'
import { PersistentWorld } from '../../support/persistent-world.ts'
import { failing, theList, theTags } from '../../support/places.ts'
import { salesToLake } from '../../support/request-parts.ts'

const minute = 60
const hour = 3600
const day = 24 * hour
const byTag = { ...salesToLake, targetTags: [{ name: 'open', value: 'yes' }] }
const tagsDown = failing(503, 'TagsDown', 'The tag service is down.')

/** People have known for a day that the tags of the target fail, which they do for ever. */
async function withKnownTrouble(): Promise<PersistentWorld> {
  const world = new PersistentWorld({ rules: [byTag], end: 'Pending' })
  world.fail(theTags, tagsDown)
  await world.run(day)
  expect(world.notices.map(({ code }) => code)).toEqual(['azure-fails'])
  return world
}

async function request(world: PersistentWorld, name: string): Promise<void> {
  world.arena.connections.get(lake)?.push(connectionOf(lake, name, endpointNamed(`adf-sales.${name}`)))
  await world.event()
}

describe('a new request at a target at which people know the same failure', () => {
  it('is named to people within the hour, once', async () => {
    const world = await withKnownTrouble()
    const from = world.seconds()
    await request(world, 'c-new')
    await world.pass(day)
    const [first, ...others] = world.notices.slice(1)
    expect(first?.sentence).toContain('c-new')
    expect(first?.sentence).toContain('TagsDown')
    expect((first?.seconds ?? 0) - from).toBeLessThanOrEqual(hour + minute)
    expect(others).toEqual([])
  })

  it('is not named where it is settled within half an hour', async () => {
    const world = await withKnownTrouble()
    await request(world, 'c-new')
    await world.pass(10 * minute)
    world.arena.connections.get(lake)?.pop()
    world.isSearched = false
    await world.pass(6 * hour)
    expect(world.notices).toHaveLength(1)
  })

  it('is one notification together with all others of the time until then', async () => {
    const world = await withKnownTrouble()
    for (let count = 1; count <= 8; count += 1) {
      await request(world, `c-new-${count}`)
      await world.pass(2 * minute)
    }
    await world.pass(2 * hour)
    const anew = world.notices.slice(1)
    expect(anew).toHaveLength(1)
    expect(anew[0]?.sentence).toContain('c-new-1, c-new-2, c-new-3 and 5 more')
    await world.pass(12 * hour)
    expect(world.notices).toHaveLength(2)
  })

  it('of many over days is ten notifications at most, and the last one says that it is the last', async () => {
    const world = await withKnownTrouble()
    for (let count = 1; count <= 15; count += 1) {
      await request(world, `c-new-${count}`)
      await world.pass(2 * hour)
    }
    expect(world.notices).toHaveLength(10)
    expect(world.notices.at(-1)?.sentence).toContain('are not notified')
  })

  it('is named where the failure ended and came back a little later', async () => {
    const world = await withKnownTrouble()
    world.isSearched = false
    await world.pass(15 * minute)
    world.heal()
    world.arena.connections.set(lake, [])
    await world.event()
    await world.pass(40 * minute)
    expect(world.openQuestions()).toEqual([])
    world.fail(theTags, tagsDown)
    await request(world, 'c-new')
    await world.pass(2 * hour)
    expect(world.notices.slice(1).map(({ sentence }) => sentence.includes('c-new'))).toEqual([true])
  })

  it.each([
    ['the list fails', failing(503, 'ListDown')],
    ['the list cannot be read', failing(403, 'AuthorizationFailed')],
  ])('is named where nothing else is known there, after days as well: %s', async (_, fault) => {
    const world = new PersistentWorld({ rules: [salesToLake], end: 'Pending' })
    world.fail(theList, fault)
    await world.run(2 * day)
    expect(world.notices.filter(({ sentence }) => sentence.includes('c-true'))).toHaveLength(1)
    world.arena.connections.get(lake)?.push(connectionOf(lake, 'c-new', endpointNamed('adf-sales.c-new')))
    const before = world.notices.length
    await world.pass(day)
    expect(world.notices.slice(before).map(({ sentence }) => sentence.includes('c-new'))).toEqual([true])
  })

  it.each([
    ['the list fails', failing(503, 'ListDown')],
    ['the list cannot be read', failing(403, 'AuthorizationFailed')],
  ])('is named where only Resource Graph can show it: %s', async (_, fault) => {
    const world = new PersistentWorld({ rules: [], end: 'Pending' })
    await world.run(10 * minute)
    world.fail(theList, fault)
    await world.event()
    await world.pass(day)
    const before = world.notices.length
    world.arena.connections.get(lake)?.push(connectionOf(lake, 'c-new', endpointNamed('adf-sales.c-new')))
    await world.pass(day)
    expect(world.notices.slice(before).map(({ sentence }) => sentence.includes('c-new'))).toEqual([true])
  })
})

it('the first notification names the requests that wait', async () => {
  const world = await withKnownTrouble()
  expect(world.notices[0]?.sentence).toContain('c-true')
})
