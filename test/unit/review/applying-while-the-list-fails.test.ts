import { describe, expect, it } from 'vitest'
import {
  connectionOf,
  endpointNamed,
  factory,
  lake,
  managedEndpoint,
  type WireConnection,
} from '../../forgery/arena.ts'
import { type Fault, PersistentWorld } from '../../support/persistent-world.ts'
import { failing, theList, theWrite } from '../../support/places.ts'
import { salesToLake } from '../../support/request-parts.ts'

const minute = 60
const hour = 3600
const day = 24 * hour
const listDown = failing(503, 'ListDown', 'The list is down.')
const listForbidden = failing(403, 'AuthorizationFailed')
const writeDown = failing(503, 'WriteDown', 'The write is down.')
const isNamed = ({ id }: WireConnection, name: string) => String(id).endsWith(`/${name}`)
const oneOdd: Fault = (respond) => {
  const reply = respond()
  const { value } = reply.body as { readonly value: readonly WireConnection[] }
  return {
    ...reply,
    body: { value: value.map((one) => (isNamed(one, 'c-true') ? { ...one, id: 7 } : one)) },
  }
}
const naming = (world: PersistentWorld, name: string) =>
  world.notices.filter(({ sentence }) => sentence.includes(name))

/** Azure takes no decision, and the list does this. */
function listDoes(world: PersistentWorld, list: Fault): void {
  world.arena.fault = (method, path, respond) => {
    if (theList(method, path)) return list(respond)
    return theWrite(method, path) ? writeDown(respond) : respond()
  }
}

describe('a request whose decision Azure does not take', () => {
  it.each([
    ['fails', listDown],
    ['cannot be read', listForbidden],
    ['shows it in a way that nobody can read', oneOdd],
  ])('is named in the first notification where the list then %s', async (_, list) => {
    const world = new PersistentWorld({ rules: [salesToLake], end: 'Approved' })
    listDoes(world, (respond) => respond())
    await world.run(minute)
    expect(world.entryLines()).toContain('deferred:applying approve')
    listDoes(world, list)
    await world.event()
    await world.pass(day)
    expect(naming(world, 'c-true')).toHaveLength(1)
    expect(world.notices[0]?.sentence).toContain('c-true')
  })

  it.each([
    ['fails', listDown],
    ['cannot be read', listForbidden],
  ])('is named once, within 90 minutes, where people know that the list %s', async (_, list) => {
    const world = new PersistentWorld({
      rules: [salesToLake],
      prepare: ({ connections, managedEndpoints }) => {
        connections.set(lake, [connectionOf(lake, 'c-old', endpointNamed('unknown.mpe'))])
        managedEndpoints.set(factory, [managedEndpoint('mpe-new', lake, 'blob')])
      },
      end: 'Pending',
    })
    await world.run(5 * minute)
    const withoutOld: Fault = (respond) => {
      const reply = respond()
      const { value } = reply.body as { readonly value: readonly WireConnection[] }
      return { ...reply, body: { value: value.filter((one) => !isNamed(one, 'c-old')) } }
    }
    listDoes(world, withoutOld)
    await world.event()
    await world.pass(40 * minute)
    listDoes(world, list)
    await world.event()
    await world.pass(hour)
    const known = world.notices.length
    // The list works for some minutes, in which a new request is allowed.
    listDoes(world, withoutOld)
    await world.pass(6 * minute)
    world.arena.connections.get(lake)?.push(connectionOf(lake, 'c-new', endpointNamed('adf-sales.mpe-new')))
    await world.event()
    await world.pass(3 * minute)
    expect(world.entryLines().at(-1)).toBe('deferred:applying approve')
    listDoes(world, list)
    await world.event()
    const from = world.seconds()
    await world.pass(day)
    expect(world.notices.slice(known).map(({ sentence }) => sentence.includes('c-new'))).toEqual([true])
    expect((world.notices[known]?.seconds ?? Infinity) - from).toBeLessThanOrEqual(90 * minute)
  })
})

describe('where the list fails, no notification names', () => {
  it('a request that is open: people know it', async () => {
    const world = new PersistentWorld({ rules: [], end: 'Pending' })
    await world.run(20 * minute)
    listDoes(world, listDown)
    await world.pass(day)
    expect(naming(world, 'ListDown')).toHaveLength(1)
    expect(naming(world, 'c-true')).toEqual([])
  })

  it('a refused decision that is sent again: people know it', async () => {
    const world = new PersistentWorld({ rules: [salesToLake], end: 'Approved' })
    world.fail(theWrite, failing(403, 'AuthorizationFailed'))
    await world.run(10 * minute)
    expect(world.openQuestions()).toEqual(['refused-by-azure'])
    // The next try is accepted, and Azure does not carry it out.
    const accepted: Fault = () => ({ status: 200, body: world.connection() })
    world.fail(theWrite, accepted)
    await world.pass(22 * minute)
    expect(world.entryLines().at(-1)).toBe('deferred:applying approve')
    world.fail(theList, listDown)
    await world.event()
    await world.pass(day)
    expect(naming(world, 'ListDown').map(({ sentence }) => sentence.includes('c-true'))).toEqual([false])
  })
})
