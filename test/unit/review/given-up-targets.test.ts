import { describe, expect, it } from 'vitest'
import { lake, ok } from '../../forgery/arena.ts'
import { PersistentWorld, type Story } from '../../support/persistent-world.ts'
import { failing, respondingWith, theList } from '../../support/places.ts'
import { salesToLake } from '../../support/request-parts.ts'

const hour = 3600
const nothing: Story = {
  rules: [salesToLake],
  prepare: ({ connections }) => connections.set(lake, []),
  end: 'Pending',
}
const givenUp = (world: PersistentWorld) =>
  world.arena.world.logged.filter((line) => line.includes('is given up'))

describe('a target that is given up', () => {
  it.each([
    ['Azure fails at it', failing(503, 'ServiceUnavailable')],
    ['it cannot be read', failing(403, 'AuthorizationFailed')],
    ['a part of its list cannot be read', respondingWith(ok({ value: [{ properties: {} }] }))],
  ])('is a line in the log, once: %s', async (_, fault) => {
    const world = new PersistentWorld(nothing)
    world.fail(theList, fault)
    await world.run(2 * 24 * hour)
    expect(world.work()).toBeUndefined()
    expect(givenUp(world)).toHaveLength(1)
  })

  it.each([
    ['Azure fails at it', failing(503, 'ServiceUnavailable')],
    ['it cannot be read', failing(403, 'AuthorizationFailed')],
    ['a part of its list cannot be read', respondingWith(ok({ value: [{ properties: {} }] }))],
  ])(
    'was announced: the notification says for how long, and what takes it up again: %s',
    async (_, fault) => {
      const world = new PersistentWorld(nothing)
      world.fail(theList, fault)
      await world.run(2 * 24 * hour)
      expect(world.notices).toHaveLength(1)
      expect(world.notices[0]?.sentence).not.toContain('keeps trying')
      expect(world.notices[0]?.sentence).toContain('for a day')
      expect(world.notices[0]?.sentence).toContain('when an event, the sweep or a changed allow-list names')
    },
  )

  it('by an endpoint of ours is a line, too', async () => {
    const world = new PersistentWorld(nothing)
    world.fail(theList, failing(503, 'ServiceUnavailable'))
    await world.event(true)
    await world.pass(2 * hour)
    expect(givenUp(world)).toHaveLength(1)
  })
})

it('where a request is known, the app keeps trying, and says so', async () => {
  const world = new PersistentWorld({ rules: [], end: 'Pending' })
  await world.run(600)
  world.fail(theList, failing(503, 'ServiceUnavailable'))
  await world.event()
  await world.pass(2 * 24 * hour)
  expect(world.notices.at(-1)?.sentence).toContain('The app keeps trying.')
  expect(givenUp(world)).toEqual([])
  expect(world.work()).toBeDefined()
})
