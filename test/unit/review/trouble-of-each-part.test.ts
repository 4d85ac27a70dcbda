import { describe, expect, it } from 'vitest'
import { connectionOf, endpointNamed, lake, ok, type WireConnection } from '../../forgery/arena.ts'
import { type Fault, PersistentWorld } from '../../support/persistent-world.ts'
import { failing, theList, theTags } from '../../support/places.ts'
import { inTrouble } from '../../support/old-trouble.ts'
import { salesToLake } from '../../support/request-parts.ts'

const minute = 60
const hour = 3600
const byTag = { ...salesToLake, targetTags: [{ name: 'open', value: 'yes' }] }
const tagsDown = failing(503, 'TagsDown', 'The tag service is down.')
const empty: Fault = () => ok({ value: [] })

/** The tags fail for ever, and the list does so when this says so. */
function withoutTags(world: PersistentWorld, list: Fault, isNow: (count: number) => boolean): void {
  let count = 0
  world.arena.fault = (method, path, respond) => {
    if (theTags(method, path)) return tagsDown(respond)
    if (!theList(method, path)) return respond()
    count += 1
    return isNow(count) ? list(respond) : respond()
  }
}

describe('a request whose tags fail for ever is brought to a person within the hour', () => {
  async function expectNotice(world: PersistentWorld): Promise<void> {
    await world.run(24 * hour)
    expect(world.notices[0]?.seconds).toBeLessThan(hour)
    // Of the tags once, and of the list once where it fails for half an hour by turns.
    const said = world.notices.map(({ sentence }) => sentence.includes('The tag service is down'))
    expect([[true], [true, false], [false, true]]).toContainEqual(said)
    expect(world.calls().length / 24).toBeLessThanOrEqual(40)
  }

  it.each([2, 3, 4, 5])('though the list is empty in one of %i passes', async (turns) => {
    const world = new PersistentWorld({ rules: [byTag], end: 'Pending' })
    withoutTags(world, empty, (count) => count % turns === 0)
    await expectNotice(world)
  })

  it.each([2, 3, 4, 5])('though the list fails with 404 in one of %i passes', async (turns) => {
    const world = new PersistentWorld({ rules: [byTag], end: 'Pending' })
    withoutTags(world, failing(404, 'ResourceNotFound'), (count) => count % turns === 0)
    await expectNotice(world)
  })

  it.each([2, 3, 4, 5])('though the list fails with 503 in one of %i passes', async (turns) => {
    const world = new PersistentWorld({ rules: [byTag], end: 'Pending' })
    withoutTags(world, failing(503, 'ServiceUnavailable'), (count) => count % turns === 0)
    await expectNotice(world)
  })

  it.each([
    [5, true],
    [10, true],
    [5, false],
    [10, false],
  ])('though the list is empty for a minute of every %i (search: %s)', async (minutes, isSearched) => {
    const world = new PersistentWorld({ rules: [byTag], end: 'Pending' })
    world.isSearched = isSearched
    withoutTags(world, empty, () => Math.floor(world.seconds() / 60) % minutes === minutes - 1)
    await world.run(0)
    for (let passed = 0; passed < 2 * hour; passed += 5 * minute) {
      if (!isSearched) await world.event()
      await world.pass(5 * minute)
    }
    expect(world.notices[0]?.seconds).toBeLessThan(hour)
  })
})

describe('trouble of one part', () => {
  it('is a question of its own beside that of others', async () => {
    const other = connectionOf(lake, 'c-old', endpointNamed('unknown.mpe'))
    const world = new PersistentWorld({
      rules: [byTag],
      prepare: ({ connections }) => connections.get(lake)?.push(other),
      end: 'Pending',
    })
    await world.run(5 * minute)
    world.arena.rules = [{ ...byTag, version: 2 }]
    world.arena.fault = (method, path, respond) => {
      if (theTags(method, path)) return tagsDown(respond)
      if (!theList(method, path)) return respond()
      const { value } = respond().body as { readonly value: readonly WireConnection[] }
      return ok({ value: value.filter((one) => one !== other) })
    }
    await world.event()
    await world.pass(hour)
    const sentences = world.notices.filter(({ code }) => code === 'azure-fails').map((one) => one.sentence)
    expect(sentences).toHaveLength(2)
    expect(sentences.join()).toContain('The tag service is down')
    expect(sentences.join()).toContain('lacks the connection c-old')
  })

  it('is over when the part is gone: the list and a read of it say so', async () => {
    const world = new PersistentWorld({ rules: [byTag], end: 'Pending' })
    world.fail(theTags, tagsDown)
    await world.run(10 * minute)
    world.arena.connections.set(lake, [])
    world.isSearched = false
    await world.pass(2 * hour)
    expect([world.notices, world.work(), world.messages()]).toEqual([[], undefined, 0])
  })

  it('leaves the patience of another part as it was', async () => {
    const world = new PersistentWorld({ rules: [byTag], end: 'Pending' })
    world.fail(theTags, tagsDown)
    await world.run(28 * minute)
    world.fail(theList, failing(503, 'ServiceUnavailable'))
    await world.event()
    await world.pass(20 * minute)
    // The list has failed for 20 min, and the tags were not asked for meanwhile.
    expect(world.notices).toEqual([])
    world.fail(theTags, tagsDown)
    await world.pass(10 * minute)
    expect(world.notices.map(({ code }) => code)).toEqual(['azure-fails'])
    expect(world.notices[0]?.sentence).toContain('The tag service is down')
  })
})

/** Seconds until the new request is approved. */
async function untilApproved(world: PersistentWorld): Promise<number> {
  world.arena.connections.get(lake)?.push(connectionOf(lake, 'c-new', endpointNamed('adf-sales.mpe-blob')))
  const from = world.seconds()
  while (!world.arena.approvals().includes('c-new') && world.seconds() - from < hour) await world.pass(10)
  return world.seconds() - from
}

describe('a new request is approved in time, though Azure fails at another one of the target', () => {
  it.each([6, 12, 40, 130])('for %i min: the list shows it 20 s after its event', async (minutes) => {
    const world = await inTrouble(minutes * minute)
    await world.event()
    await world.pass(20)
    expect(await untilApproved(world)).toBeLessThanOrEqual(minute)
  })

  it.each([12, 40, 130])('for %i min: the sweep finds it without an event', async (minutes) => {
    const world = await inTrouble(minutes * minute)
    expect(await untilApproved(world)).toBeLessThanOrEqual(6 * minute)
  })
})
