import { describe, expect, it } from 'vitest'
import { connectionOf, endpointNamed, lake, ok } from '../../forgery/arena.ts'
import { type Fault, PersistentWorld, type Place } from '../../support/persistent-world.ts'
import { failing, theList, theTags } from '../../support/places.ts'
import { salesToLake } from '../../support/request-parts.ts'

const minute = 60
const hour = 3600
const byTag = { ...salesToLake, targetTags: [{ name: 'open', value: 'yes' }] }
const tagsDown = failing(503, 'TagsDown', 'The tag service is down.')
const down = failing(503, 'ListDown', 'The region is down.')

/** An endpoint of ours names the target, and nothing else does: no search shows it. */
async function namedByEndpoint(
  seconds: number,
  { place, fault }: { readonly place?: Place; readonly fault?: Fault } = {},
): Promise<PersistentWorld> {
  const world = new PersistentWorld({ rules: [byTag], end: 'Pending' })
  world.isSearched = false
  if (place && fault) world.fail(place, fault)
  await world.event(true)
  await world.pass(seconds)
  return world
}

describe('a target that only an endpoint of ours names is ours as soon as it could be listed', () => {
  it('people are notified when its tags have failed for half an hour', async () => {
    const world = await namedByEndpoint(hour, { place: theTags, fault: tagsDown })
    expect(world.notices.map(({ code }) => code)).toEqual(['azure-fails'])
    expect(world.notices[0]?.seconds).toBeLessThan(45 * minute)
  })

  it('people are notified when a part of its list cannot be read', async () => {
    const partly: Fault = () => ok({ value: [{ properties: {} }] })
    const world = await namedByEndpoint(10 * minute, { place: theList, fault: partly })
    expect(world.notices.map(({ code }) => code)).toEqual(['target-unreadable'])
  })

  it('people are notified when its list fails after its tags did, and it is not given up for a day', async () => {
    const world = await namedByEndpoint(10 * minute, { place: theTags, fault: tagsDown })
    world.fail(theList, down)
    await world.pass(hour)
    expect(world.notices.map(({ sentence }) => sentence.includes('ListDown'))).toEqual([true])
    expect(world.work()).toBeDefined()
  })

  it('people are notified when its list fails while a request is open', async () => {
    const world = new PersistentWorld({
      rules: [],
      prepare: ({ connections }) =>
        connections.set(lake, [connectionOf(lake, 'c-old', endpointNamed('unknown.mpe'))]),
      end: 'Pending',
    })
    world.isSearched = false
    await world.event(true)
    await world.pass(10 * minute)
    world.fail(theList, down)
    await world.event(true)
    await world.pass(hour)
    expect(world.notices.map(({ code }) => code).slice(1)).toEqual(['azure-fails'])
  })

  it('where it never could, nobody is notified', async () => {
    const world = await namedByEndpoint(2 * hour, { place: theList, fault: down })
    expect([world.notices, world.work()]).toEqual([[], undefined])
  })
})
