import { describe, expect, it } from 'vitest'
import { theList, theRead } from '../support/places.ts'
import { id } from '../support/request-parts.ts'
import {
  type Arena,
  connectionOf,
  endpointNamed,
  factory,
  failed,
  lake,
  managedEndpoint,
  type WireConnection,
} from './arena.ts'
import { begin, elsewhere, evilOne, inState, trueOne } from './story.ts'

const connectionPath = `${lake}/privateEndpointConnections/c-true`
const rejected = () => trueOne(inState('Rejected', 'By hand.'))

describe("a person's 'no' that a read shows before the list does", () => {
  it('counts between the list and the last read', async () => {
    const { arena, shows, pass, decidesByHand } = begin()
    shows(trueOne())
    let isDecided = false
    arena.fault = (method, path, respond) => {
      if (method === 'GET' && path === connectionPath && !isDecided) {
        isDecided = true
        decidesByHand('c-true', 'Rejected')
      }
      return respond()
    }
    await pass()
    shows(trueOne())
    await pass()
    await pass()
    expect(arena.approvals()).toEqual([])
  })

  it.each([
    ['lacks the connection', []],
    ['still shows it as Pending', [trueOne()]],
  ])('counts while the list %s', async (_, value) => {
    const { arena, shows, pass } = begin()
    arena.managedEndpoints.set(factory, [])
    shows(trueOne())
    await pass()
    shows(rejected())
    arena.fault = (method, path, respond) => {
      const reply = respond()
      return theList(method, path) ? { ...reply, body: { value } } : reply
    }
    await pass()
    arena.fault = () => undefined
    arena.managedEndpoints.set(factory, [managedEndpoint('mpe-blob', lake, 'blob')])
    shows(trueOne())
    await pass()
    await pass()
    expect(arena.approvals()).toEqual([])
  })
})

/** The list shows these, whatever is there. */
function listShows(arena: Arena, ...value: readonly WireConnection[]): void {
  arena.fault = (method, path, respond) => {
    const reply = respond()
    return theList(method, path) ? { ...reply, body: { value } } : reply
  }
}

describe('what only a list shows of a known connection', () => {
  it('releases no competing claim, when it is an approval', async () => {
    const { arena, shows, pass } = begin()
    shows(trueOne(), evilOne())
    await pass()
    shows(evilOne())
    await pass()
    listShows(arena, evilOne(inState('Approved', 'By hand.')))
    await pass()
    arena.fault = () => undefined
    await pass()
    await pass()
    expect(arena.approvals()).toEqual([])
  })

  it('releases no competing claim, when the connection was approved before and a list calls it Pending once', async () => {
    const { arena, shows, pass } = begin()
    const approved = evilOne(inState('Approved', 'By hand.'))
    shows(approved)
    await pass()
    shows(trueOne(), approved)
    await pass()
    listShows(arena, trueOne(), evilOne())
    await pass()
    arena.fault = () => undefined
    await pass()
    shows(evilOne())
    await pass()
    await pass()
    expect(arena.approvals()).toEqual([])
  })

  it('releases no competing claim, when a list shows another endpoint behind an approved connection', async () => {
    const { arena, shows, pass } = begin()
    const byHand = inState('Approved', 'By hand.')
    const odd = (endpointId?: string) =>
      connectionOf(lake, 'c-odd', endpointId ?? endpointNamed('adf-odd.mpe-odd'), byHand)
    shows(trueOne(), evilOne(), odd())
    await pass()
    shows(evilOne(), odd())
    await pass()
    listShows(arena, evilOne(), odd(elsewhere))
    await pass()
    arena.fault = () => undefined
    await pass()
    await pass()
    expect(arena.approvals()).toEqual([])
  })

  it('releases no competing claim, when a first approval of an endpoint is in a list only', async () => {
    const { arena, shows, pass } = begin()
    shows(trueOne())
    arena.managedEndpoints.set(factory, [])
    await pass()
    shows()
    await pass()
    listShows(arena, evilOne(inState('Approved', 'By hand.')))
    await pass()
    arena.fault = () => undefined
    arena.managedEndpoints.set(factory, [managedEndpoint('mpe-blob', lake, 'blob')])
    shows(evilOne())
    await pass()
    await pass()
    expect(arena.approvals()).toEqual([])
  })

  it('is a competing claim at once, when it is another endpoint behind a connection that waits', async () => {
    const { arena, shows, pass, newVersion } = begin()
    const odd = (endpointId: string) => connectionOf(lake, 'c-odd', endpointId)
    const own = endpointNamed('adf-odd.mpe-odd')
    arena.managedEndpoints.set(factory, [])
    shows(trueOne(), odd(own))
    await pass()
    listShows(arena, trueOne(), odd(elsewhere))
    await pass()
    arena.fault = () => undefined
    arena.managedEndpoints.set(factory, [managedEndpoint('mpe-blob', lake, 'blob')])
    shows(trueOne(), odd(own))
    await pass()
    await pass()
    expect(arena.approvals()).toEqual([])
    newVersion()
    await pass()
    expect(arena.approvals()).toEqual(['c-true'])
  })

  /** The list shows this of a connection that waits, once. */
  async function beginListing(status: string) {
    const story = begin()
    const { arena, shows, pass } = story
    shows(trueOne())
    arena.managedEndpoints.set(factory, [])
    await pass()
    listShows(arena, trueOne(inState(status, 'By hand.')))
    await pass()
    arena.fault = () => undefined
    arena.managedEndpoints.set(factory, [managedEndpoint('mpe-blob', lake, 'blob')])
    await pass()
    await pass()
    return story
  }

  it("is no person's 'no', when it is Disconnected once", async () => {
    const { arena } = await beginListing('Disconnected')
    expect(arena.approvals()).toEqual(['c-true'])
  })

  it("is a person's 'no' at once, when it is Rejected: a new version releases it", async () => {
    const { arena, pass, newVersion } = await beginListing('Rejected')
    expect(arena.approvals()).toEqual([])
    newVersion()
    await pass()
    expect(arena.approvals()).toEqual(['c-true'])
  })

  it.each(['Rejected', 'Disconnected'])('takes back an approval at once, when it is %s', async (status) => {
    const { arena, shows, pass, newVersion } = begin()
    shows(trueOne())
    await pass()
    expect(arena.approvals()).toEqual(['c-true'])
    listShows(arena, trueOne(inState(status, 'By hand.')))
    await pass()
    arena.fault = () => undefined
    await pass()
    shows(trueOne())
    await pass()
    await pass()
    expect(arena.approvals()).toEqual(['c-true'])
    newVersion()
    await pass()
    expect(arena.approvals()).toEqual(['c-true', 'c-true'])
  })

  it("is no person's 'no', when a rejection of ours is Pending in a list once", async () => {
    const { arena, shows, pass } = begin()
    arena.rules = arena.rules.map((rule) => ({ ...rule, effect: 'deny' as const }))
    shows(trueOne())
    await pass()
    await pass()
    listShows(arena, trueOne())
    await pass()
    arena.fault = () => undefined
    await pass()
    const { claims } = await arena.ports.claims.of(id(lake))
    expect(claims.map(({ claim }) => claim.refusal)).toEqual([undefined])
  })
})

it('an approval by a person that a read shows as well releases the endpoint', async () => {
  const { arena, shows, pass } = begin()
  shows(trueOne(), evilOne())
  await pass()
  shows(trueOne(inState('Approved', 'By hand.')))
  await pass()
  shows(trueOne())
  await pass()
  await pass()
  expect(arena.approvals()).toEqual(['c-true'])
})

it("a competing claim whose first read fails is remembered, and the person's approval of it counts later", async () => {
  const { arena, shows, pass } = begin()
  arena.managedEndpoints.set(factory, [])
  shows(trueOne())
  await pass()
  shows(evilOne(inState('Approved', 'By hand.')))
  arena.fault = (method, path, respond) => (theRead(method, path) ? failed(503, 'Busy') : respond())
  await pass()
  const claimOf = async () => {
    const { claims } = await arena.ports.claims.of(id(lake))
    return claims.find(({ claim }) => claim.endpointId === elsewhere)?.claim
  }
  expect(await claimOf()).toMatchObject({ approvedAt: undefined })
  arena.fault = () => undefined
  await pass()
  expect((await claimOf())?.approvedAt).toBeDefined()
})
