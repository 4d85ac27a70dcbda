import { describe, expect, it } from 'vitest'
import type { Rule } from '../../../shared/domain/rule.ts'
import { connectionOf, endpointNamed, lake } from '../../forgery/arena.ts'
import { spoilRecord } from '../../support/bad-records.ts'
import { PersistentWorld } from '../../support/persistent-world.ts'
import { failing, theTags, theWrite } from '../../support/places.ts'
import { salesToLake } from '../../support/request-parts.ts'

const minute = 60
const hour = 3600
const day = 24 * hour
const byTag = { ...salesToLake, targetTags: [{ name: 'open', value: 'yes' }] }
const tagsDown = failing(503, 'TagsDown', 'The tag service is down.')
const broken = new Error('Storage is away.')

/** The true request of the sales factory, and another one, whose record is bad. */
function besideBadRecord(error?: Error, rules: readonly Rule[] = [byTag]): PersistentWorld {
  const world = new PersistentWorld({
    rules,
    prepare: ({ connections }) =>
      connections.get(lake)?.push(connectionOf(lake, 'c-bad', endpointNamed('unknown.mpe'))),
    end: 'Pending',
  })
  spoilRecord(world, 'c-bad', error)
  return world
}

const about = ({ notices }: PersistentWorld, words: string) =>
  notices.filter(({ sentence }) => sentence.includes(words))

describe('where one record cannot be read', () => {
  it('what Azure fails at elsewhere on the target is said within the hour, once', async () => {
    const world = besideBadRecord()
    world.fail(theTags, tagsDown)
    await world.run(day)
    const [first, ...others] = about(world, 'TagsDown')
    expect(first?.seconds).toBeLessThan(hour)
    expect(others).toEqual([])
  })

  it('people are notified of that record within the hour, once, and that it is no failure of Azure', async () => {
    const world = besideBadRecord()
    await world.run(day)
    const [first, ...others] = about(world, 'c-bad')
    expect(first?.seconds).toBeLessThan(hour)
    expect(first?.sentence).toContain('Row x cannot be used.')
    expect(first?.sentence).not.toContain('Azure has failed')
    expect(others).toEqual([])
  })

  it('each pass logs an error that names it', async () => {
    const world = besideBadRecord()
    await world.run(0)
    await world.pass(minute)
    expect(world.arena.world.logged).toContain('error What is stored about a connection cannot be read.')
  })

  it('no more calls are made than elsewhere', async () => {
    const world = besideBadRecord()
    world.fail(theTags, tagsDown)
    await world.run(day)
    expect(world.calls().length / 24).toBeLessThanOrEqual(40)
  })

  it('a decision that Azure does not take is sent again at its own times', async () => {
    const world = besideBadRecord(undefined, [salesToLake])
    world.fail(theWrite, failing(503, 'ServiceUnavailable'))
    await world.run(11 * minute)
    const alone = new PersistentWorld({ rules: [salesToLake], end: 'Approved' })
    alone.fail(theWrite, failing(503, 'ServiceUnavailable'))
    await alone.run(11 * minute)
    expect(world.sentAt.length).toBe(alone.sentAt.length)
  })

  it('the question about it is closed when it can be read', async () => {
    const world = new PersistentWorld({ rules: [], end: 'Pending' })
    const restore = spoilRecord(world, 'c-true')
    await world.run(hour)
    expect(world.openQuestions()).toContain('azure-fails')
    restore()
    await world.pass(hour)
    expect(world.openQuestions()).not.toContain('azure-fails')
  })
})

describe('where storage fails at one record in another way', () => {
  it('what Azure fails at elsewhere on the target is remembered and said within the hour, once', async () => {
    const world = besideBadRecord(broken)
    world.fail(theTags, tagsDown)
    await world.run(hour)
    expect(about(world, 'TagsDown')).toHaveLength(1)
    expect(world.arena.world.logged).toContain('warn A connection could not be settled.')
    await world.pass(3 * hour)
    expect(about(world, 'TagsDown')).toHaveLength(1)
  })

  it('trouble that is over is forgotten', async () => {
    const world = besideBadRecord(broken)
    world.fail(theTags, tagsDown)
    await world.run(10 * minute)
    expect(world.work()?.series.trouble).toHaveLength(1)
    world.heal()
    await world.pass(15 * minute)
    expect(world.work()?.series.trouble).toBeUndefined()
  })
})

describe('where the record of the target cannot be read, so that no question about it can be opened', () => {
  it('what Azure fails at stays remembered, at its own times, and each pass logs an error', async () => {
    const world = besideBadRecord()
    spoilRecord(world, 'stlake')
    world.fail(theTags, tagsDown)
    await world.run(6 * hour)
    expect(world.work()?.series.trouble).toHaveLength(2)
    expect(world.arena.world.logged).toContain(
      'error What is stored about a target cannot be read: nobody is notified that it is in trouble.',
    )
    expect(world.calls().length / 6).toBeLessThanOrEqual(40)
  })
})
