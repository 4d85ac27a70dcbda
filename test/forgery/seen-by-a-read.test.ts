import { describe, expect, it } from 'vitest'
import { theList } from '../support/places.ts'
import { factory, lake, managedEndpoint } from './arena.ts'
import { begin, evilOne, inState, trueOne } from './story.ts'

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

// A known gap (decision 33): passes as soon as it is closed, and then this line fails.
it.fails('an approval that only a list shows releases no competing claim', async () => {
  const { arena, shows, pass } = begin()
  shows(trueOne(), evilOne())
  await pass()
  shows(evilOne())
  await pass()
  arena.fault = (method, path, respond) => {
    const reply = respond()
    const value = [evilOne(inState('Approved', 'By hand.'))]
    return theList(method, path) ? { ...reply, body: { value } } : reply
  }
  await pass()
  arena.fault = () => undefined
  await pass()
  await pass()
  expect(arena.approvals()).toEqual([])
})
