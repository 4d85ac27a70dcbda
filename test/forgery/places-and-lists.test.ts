import { describe, expect, it } from 'vitest'
import { theList } from '../support/places.ts'
import { salesToLake } from '../support/request-parts.ts'
import { type Arena, connectionOf, endpointNamed, factory, failed, lake, managedEndpoint } from './arena.ts'
import { begin, inState, trueOne } from './story.ts'

const connectionPath = `${lake}/privateEndpointConnections/c-first`
const first = (status = 'Pending', description = '') =>
  connectionOf(lake, 'c-first', endpointNamed('adf-sales.mpe-x'), inState(status, description))

/** The list shows the first connection like this, or lacks it; a read shows it as it is. */
function listShows(arena: Arena, how: string): void {
  arena.fault = (method, path, respond) => {
    const reply = respond()
    if (!theList(method, path)) return reply
    const { value } = structuredClone(reply.body) as { value: ReturnType<typeof first>[] }
    const others = value.filter(({ id }) => id !== connectionPath)
    const [shown] = value.filter(({ id }) => id === connectionPath)
    if (how === 'lacks' || !shown) return { ...reply, body: { value: others } }
    const { description } = (
      shown.properties as { privateLinkServiceConnectionState: { description: string } }
    ).privateLinkServiceConnectionState
    return { ...reply, body: { value: [first(how, description), ...others] } }
  }
}

function beginForOne() {
  const story = begin()
  const { arena } = story
  arena.rules = [{ ...salesToLake, maxConnections: 1 }]
  arena.managedEndpoints.set(factory, [
    managedEndpoint('mpe-blob', lake, 'blob'),
    managedEndpoint('mpe-x', lake, 'blob'),
  ])
  return story
}

const ways = ['Rejected', 'Disconnected', 'Pending', 'lacks']

describe.each(ways)('of a rule for one connection, while a list shows the approved one as %s,', (how) => {
  it('no second one is approved beside one that a person approved', async () => {
    const { arena, shows, pass } = beginForOne()
    const approved = first('Approved', 'By hand.')
    shows(approved)
    await pass()
    shows(approved, trueOne())
    listShows(arena, how)
    await pass()
    await pass()
    expect(arena.approvals()).toEqual([])
  })

  it('no second one is approved beside one that this app approved', async () => {
    const { arena, shows, pass } = beginForOne()
    const one = first()
    shows(one)
    await pass()
    expect(arena.approvals()).toEqual(['c-first'])
    shows(one, trueOne())
    listShows(arena, how)
    await pass()
    await pass()
    expect(arena.approvals()).toEqual(['c-first'])
  })

  it('no second one is approved while the read of the first one fails', async () => {
    const { arena, shows, pass } = beginForOne()
    const approved = first('Approved', 'By hand.')
    shows(approved)
    await pass()
    shows(...(how === 'lacks' ? [] : [first(how, 'By hand.')]), trueOne())
    arena.fault = (method, path) =>
      method === 'GET' && path === connectionPath ? failed(503, 'Busy') : undefined
    await pass()
    await pass()
    expect(arena.approvals()).toEqual([])
    expect(arena.escalated()).toContain('c-true')
  })

  it('the place is free in the pass in which a read shows the same', async () => {
    const { arena, shows, pass } = beginForOne()
    const approved = first('Approved', 'By hand.')
    shows(approved)
    await pass()
    shows(...(how === 'lacks' ? [] : [first(how, 'Another text.')]), trueOne())
    arena.rules = arena.rules.map((rule) => ({ ...rule, version: rule.version + 1 }))
    if (how === 'Pending') arena.managedEndpoints.set(factory, [managedEndpoint('mpe-blob', lake, 'blob')])
    await pass()
    expect(arena.approvals()).toEqual(['c-true'])
  })
})

it('a place is free without a further read when the connection was read as gone before', async () => {
  const { arena, shows, pass } = beginForOne()
  shows(first('Approved', 'By hand.'))
  await pass()
  shows(trueOne())
  await pass()
  expect(arena.approvals()).toEqual(['c-true'])
  shows()
  await pass()
  const before = arena.called.filter((call) => call.includes('c-first')).length
  shows(connectionOf(lake, 'c-3', endpointNamed('adf-sales.mpe-x')))
  await pass()
  expect(arena.called.filter((call) => call.includes('c-first'))).toHaveLength(before)
})
