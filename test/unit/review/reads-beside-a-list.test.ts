import { describe, expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/connection.ts'
import { TargetUnreadable } from '../../../shared/ports/azure.ts'
import { connection, FakeReview, salesToLake } from '../../support/fake-review.ts'

/** What a read of this connection shows, whatever the list does. */
function readsAs(world: FakeReview, name: string, shown: (live: Connection) => Connection): void {
  const before = { ...world.ports.connections }
  Object.assign(world.ports.connections, {
    read: async (asked: Connection) => {
      const live = await before.read(asked)
      return live?.id.name === name ? shown(live) : live
    },
  })
}

const written = (world: FakeReview) => world.writes.map(({ connection: { id } }) => id.name)

describe('of a rule for one connection, while the list shows the approved one as Approved,', () => {
  it.each(['Pending', 'Rejected', 'Disconnected'])(
    'no second one is approved although a read shows %s',
    async (status) => {
      const world = new FakeReview()
      world.rules = { complete: true, rules: [{ ...salesToLake, maxConnections: 1 }], hash: 'max' }
      world.live = [connection('one')]
      await world.review()
      expect(written(world)).toEqual(['one'])
      world.time += 600_000
      world.set('one', { description: 'Text changed by somebody.' })
      world.live = [...world.live, connection('two')]
      readsAs(world, 'one', (live) => ({ ...live, status }))
      await world.review()
      expect(written(world)).toEqual(['one'])
    },
  )
})

describe('an ordinary endpoint that this app approved, and that a list shows otherwise once,', () => {
  it.each(['Pending', 'Rejected', 'Disconnected'])('keeps its place where that is %s', async (status) => {
    const world = new FakeReview()
    world.mayBeManaged = () => false
    world.rules = { complete: true, rules: [{ ...salesToLake, maxConnections: 1 }], hash: 'max' }
    world.live = [connection('one')]
    await world.review()
    world.time += 600_000
    const [approved] = world.live
    world.live = [{ ...(approved as Connection), status }, connection('two')]
    readsAs(world, 'one', () => approved as Connection)
    await world.review()
    expect(written(world)).toEqual(['one'])
  })
})

it('a read of one connection that cannot be used leaves the others alone', async () => {
  const world = new FakeReview()
  world.live = [connection('one')]
  await world.review()
  world.time += 600_000
  world.set('one', { status: 'Rejected', description: 'By hand.' })
  world.live = [...world.live, connection('two')]
  readsAs(world, 'one', () => {
    throw new TargetUnreadable('An odd item.')
  })
  world.proofOf = () => undefined
  await world.review()
  expect(world.story().at(-1)).toBe('result:applied approve')
  expect(world.log.at(-1)?.subject).toMatchObject({ connectionId: connection('two').id.id })
})
