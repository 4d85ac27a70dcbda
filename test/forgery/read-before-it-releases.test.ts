import { describe, expect, it } from 'vitest'
import { theList } from '../support/places.ts'
import { id, salesToLake } from '../support/request-parts.ts'
import {
  type Arena,
  connectionOf,
  dataPlatform,
  endpointNamed,
  factory,
  failed,
  lake,
  managedEndpoint,
  ordinaryEndpoint,
  resource,
  type WireConnection,
} from './arena.ts'
import { begin, elsewhere, evilOne, good, inState, trueOne } from './story.ts'

const byHand = (status: string) => inState(status, 'By hand.')

/** The list shows these, whatever is there. */
function listShows(arena: Arena, ...value: readonly WireConnection[]): void {
  arena.fault = (method, path, respond) => {
    const reply = respond()
    return theList(method, path) ? { ...reply, body: { value } } : reply
  }
}

type Read = 'shows the same' | 'fails' | 'lags'

/** What a read of this connection does; where it lags, it shows the connection as it was. */
function theReadOf(arena: Arena, connection: WireConnection, read: Read): void {
  const before = structuredClone(connection)
  if (read === 'shows the same') return
  arena.fault = (method, path, respond) => {
    if (method !== 'GET' || path !== connection.id) return respond()
    return read === 'fails' ? failed(503, 'Busy') : { status: 200, body: before }
  }
}

describe.each<Read>(['shows the same', 'fails', 'lags'])(
  "a person's 'no' that stands in the list, while the read of it %s,",
  (read) => {
    it('keeps an ordinary endpoint of the same name from being approved', async () => {
      const { arena, shows, pass, decidesByHand } = begin()
      const own = {
        ...salesToLake,
        id: 'own',
        requester: { kind: 'scope' as const, pattern: `/subscriptions/${dataPlatform}` },
      }
      const [first, second] = ['rg-a', 'rg-b'].map((group) =>
        resource(dataPlatform, group, 'Microsoft.Network/privateEndpoints', 'pe-own'),
      ) as [string, string]
      for (const one of [first, second]) arena.endpoints.set(one, ordinaryEndpoint(one, lake, ['blob']))
      const before = connectionOf(lake, 'c-1', first)
      shows(before)
      arena.rules = [{ ...own, effect: 'ask' as const }]
      await pass()
      arena.rules = [own]
      theReadOf(arena, before, read)
      decidesByHand('c-1', 'Rejected')
      shows(before, connectionOf(lake, 'c-2', second))
      await pass()
      expect(arena.approvals()).toEqual([])
    })

    it('keeps the same managed endpoint from being approved under another connection', async () => {
      const { arena, shows, pass, decidesByHand } = begin()
      arena.managedEndpoints.set(factory, [])
      const before = trueOne()
      shows(before)
      await pass()
      arena.managedEndpoints.set(factory, [managedEndpoint('mpe-blob', lake, 'blob')])
      theReadOf(arena, before, read)
      decidesByHand('c-true', 'Rejected')
      shows(before, connectionOf(lake, 'c-2', good))
      await pass()
      expect(arena.approvals()).toEqual([])
    })

    it('keeps it from being approved again after this app approved it', async () => {
      const { arena, shows, pass, decidesByHand } = begin()
      const before = trueOne()
      shows(before)
      await pass()
      expect(arena.approvals()).toEqual(['c-true'])
      theReadOf(arena, before, read)
      decidesByHand('c-true', 'Rejected')
      shows(before, connectionOf(lake, 'c-2', good))
      await pass()
      expect(arena.approvals()).toEqual(['c-true'])
    })
  },
)

describe.each(['Pending', 'Disconnected', 'Rejected', 'Approved'])(
  'another endpoint that a list shows once, as %s,',
  (status) => {
    it('does not take the place of a hidden one', async () => {
      const { arena, shows, pass } = begin()
      shows(connectionOf(lake, 'c-hid', undefined, { privateEndpoint: undefined }))
      await pass()
      listShows(arena, connectionOf(lake, 'c-hid', endpointNamed('adf-odd.mpe-odd'), byHand(status)))
      await pass()
      arena.fault = () => undefined
      await pass()
      shows(evilOne())
      await pass()
      await pass()
      expect(arena.approvals()).toEqual([])
    })

    it('is a competing claim at once', async () => {
      const { arena, shows, pass } = begin()
      const own = connectionOf(lake, 'c-odd', endpointNamed('adf-odd.mpe-odd'))
      arena.managedEndpoints.set(factory, [])
      shows(trueOne(), own)
      await pass()
      listShows(arena, trueOne(), connectionOf(lake, 'c-odd', elsewhere, byHand(status)))
      arena.managedEndpoints.set(factory, [managedEndpoint('mpe-blob', lake, 'blob')])
      await pass()
      expect(arena.approvals()).toEqual([])
    })
  },
)

it('a hidden endpoint that a list and a read show keeps the request of that very connection from nothing', async () => {
  const { arena, shows, pass } = begin()
  shows(connectionOf(lake, 'c-true', undefined, { privateEndpoint: undefined }))
  await pass()
  shows(trueOne())
  await pass()
  await pass()
  expect(arena.approvals()).toEqual(['c-true'])
})

it('a hidden endpoint whose read fails releases nothing until it succeeds', async () => {
  const { arena, shows, pass } = begin()
  shows(connectionOf(lake, 'c-hid', undefined, { privateEndpoint: undefined }))
  await pass()
  const shown = connectionOf(lake, 'c-hid', endpointNamed('adf-odd.mpe-odd'), byHand('Approved'))
  theReadOf(arena, shown, 'fails')
  shows(shown, trueOne())
  await pass()
  expect(arena.approvals()).toEqual([])
  arena.fault = () => undefined
  await pass()
  expect(arena.approvals()).toEqual(['c-true'])
})

describe('an approval by a person of an endpoint of which no request is open', () => {
  it('releases it, when a read shows it as well', async () => {
    const { arena, shows, pass } = begin()
    arena.managedEndpoints.set(factory, [])
    shows(trueOne(byHand('Rejected')))
    await pass()
    shows(trueOne(byHand('Approved')))
    await pass()
    shows(trueOne())
    arena.managedEndpoints.set(factory, [managedEndpoint('mpe-blob', lake, 'blob')])
    await pass()
    await pass()
    expect(arena.approvals()).toEqual(['c-true'])
  })

  it('releases another connection of the endpoint in the pass that shows both', async () => {
    const { arena, shows, pass } = begin()
    shows(trueOne(byHand('Rejected')))
    await pass()
    shows(trueOne(byHand('Approved')), connectionOf(lake, 'c-2', good))
    await pass()
    expect(arena.approvals()).toEqual(['c-2'])
  })

  it.each<Read>(['fails', 'lags'])('releases no other connection while the read %s', async (read) => {
    const { arena, shows, pass } = begin()
    shows(trueOne(byHand('Rejected')))
    await pass()
    theReadOf(arena, trueOne(byHand('Rejected')), read)
    shows(trueOne(byHand('Approved')), connectionOf(lake, 'c-2', good))
    await pass()
    await pass()
    expect(arena.approvals()).toEqual([])
  })

  it('releases nothing, when it is of earlier and a list words it otherwise once', async () => {
    const { arena, shows, pass } = begin()
    const approved = evilOne(byHand('Approved'))
    shows(approved)
    await pass()
    shows(trueOne(), approved)
    await pass()
    listShows(arena, trueOne(), evilOne(inState('Approved', 'Worded otherwise.')))
    await pass()
    arena.fault = () => undefined
    await pass()
    shows(evilOne())
    await pass()
    await pass()
    expect(arena.approvals()).toEqual([])
  })

  it.each(['Rejected', 'Disconnected'])(
    'releases nothing, when it is of earlier and a list shows %s once',
    async (status) => {
      const { arena, shows, pass } = begin()
      const approved = evilOne(byHand('Approved'))
      shows(approved)
      await pass()
      shows(trueOne(), approved)
      await pass()
      listShows(arena, trueOne(), evilOne(byHand(status)))
      await pass()
      arena.fault = () => undefined
      await pass()
      shows(evilOne())
      await pass()
      await pass()
      expect(arena.approvals()).toEqual([])
    },
  )
})

it("a person's 'no' that a list shows for many passes is remembered once", async () => {
  const { arena, shows, pass, decidesByHand } = begin()
  shows(trueOne())
  await pass()
  decidesByHand('c-true', 'Rejected')
  arena.fault = (method, path) =>
    method === 'GET' && path.endsWith('/c-true') ? failed(503, 'Busy') : undefined
  const refusalAt = async () => {
    await pass()
    const { claims } = await arena.ports.claims.of(id(lake))
    return claims.map(({ claim }) => claim.refusal?.at)
  }
  const first = await refusalAt()
  expect(first).toEqual([expect.any(String)])
  expect(await refusalAt()).toEqual(first)
  expect(await refusalAt()).toEqual(first)
})
