import { expect, it } from 'vitest'
import { askForReview } from '../../../shared/review/ask-for-review.ts'
import { dataPlatform, endpointNamed, lake } from '../../forgery/arena.ts'
import { spoilRecord } from '../../support/bad-records.ts'
import { PersistentWorld } from '../../support/persistent-world.ts'
import { failing } from '../../support/places.ts'
import { id, salesToLake } from '../../support/request-parts.ts'

const hour = 3600
const broken = new Error('Storage is away.')

// Known gaps: see decision 33.
it.fails(
  'a request of which one write to storage fails for ever makes at most 40 calls an hour',
  async () => {
    const world = new PersistentWorld({ rules: [salesToLake], end: 'Pending' })
    const { ledger } = world.arena.ports
    const own = { ...ledger }
    Object.assign(ledger, {
      write: (...args: Parameters<typeof own.write>) =>
        args[0].id.name === 'c-true' ? Promise.reject(broken) : own.write(...args),
    })
    await world.run(4 * hour)
    expect(world.calls().length / 4).toBeLessThanOrEqual(40)
  },
)

it.fails('a request at which storage fails for hours is named to people', async () => {
  const world = new PersistentWorld({ rules: [salesToLake], end: 'Pending' })
  spoilRecord(world, 'c-true', broken)
  await world.run(6 * hour)
  expect(world.notices.some(({ sentence }) => sentence.includes('c-true'))).toBe(true)
})

it.fails('ten events about one endpoint that Azure fails to show make at most 40 calls an hour', async () => {
  const endpoint = endpointNamed('pe-own', dataPlatform)
  const world = new PersistentWorld({
    rules: [],
    prepare: (arena) => arena.connections.set(lake, []),
    end: 'Pending',
  })
  world.fail((_, path) => path === endpoint, failing(400, 'Odd'))
  const hint = { at: id(endpoint), expectsMore: true, correlationId: undefined }
  for (let count = 0; count < 10; count += 1) await askForReview(world.arena.ports, hint)
  await world.pass(24 * hour)
  const before = world.calls().length
  await world.pass(hour)
  expect(world.calls().length - before).toBeLessThanOrEqual(40)
})
