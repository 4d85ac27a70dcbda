import { describe, expect, it } from 'vitest'
import { theList, theRead } from '../support/places.ts'
import { type Arena, connectionOf, endpointNamed, lake, type WireConnection } from './arena.ts'
import { begin, evilOne, inState, trueOne } from './story.ts'

/** A read of this connection shows it so, whatever is there. */
function readShows(arena: Arena, body: WireConnection): void {
  arena.fault = (method, path, respond) =>
    theRead(method, path) && path === body.id ? { status: 200, body } : respond()
}

describe('an approval by a person that only a read shows', () => {
  it.each([
    ['shows it as Pending', [evilOne()]],
    ['lacks it', []],
  ])('releases no competing claim while the list %s', async (_, value) => {
    const { arena, shows, pass } = begin()
    shows(trueOne(), evilOne())
    await pass()
    shows(evilOne())
    await pass()
    arena.fault = (method, path, respond) => {
      const reply = respond()
      if (theList(method, path)) return { ...reply, body: { value } }
      return theRead(method, path) ? { ...reply, body: evilOne(inState('Approved', 'By hand.')) } : reply
    }
    await pass()
    arena.fault = () => undefined
    await pass()
    await pass()
    expect(arena.approvals()).toEqual([])
  })
})

const approved = trueOne(inState('Approved', 'By hand.'))

/** A person approves the endpoint, then rejects it; it is made anew, and the list shows so. */
async function madeAnew() {
  const story = begin()
  const { shows, pass } = story
  shows(approved)
  await pass()
  shows(trueOne(inState('Rejected', 'No more.')))
  await pass()
  shows()
  await pass()
  shows(trueOne())
  return story
}

it("a read that is older than a person's 'no' takes it back from no endpoint that asks again", async () => {
  const { arena, pass } = await madeAnew()
  // A read still shows the first decision, for one pass.
  arena.fault = (method, path, respond) =>
    theRead(method, path) ? { status: 200, body: approved } : respond()
  await pass()
  arena.fault = () => undefined
  await pass()
  await pass()
  expect(arena.approvals()).toEqual([])
})

it("a person's 'no' to an endpoint that asks again stays, where every read is up to date", async () => {
  const { arena, pass } = await madeAnew()
  await pass()
  await pass()
  expect(arena.approvals()).toEqual([])
})

describe('a hidden endpoint that only a read shows', () => {
  const hidden = (status: string) =>
    connectionOf(lake, 'c-hid', undefined, { privateEndpoint: undefined, ...inState(status, 'By hand.') })
  const odd = connectionOf(lake, 'c-hid', endpointNamed('adf-odd.mpe-odd'), inState('Approved', 'By hand.'))

  it.each([
    ['hides it', [hidden('Approved')]],
    ['lacks the connection', []],
  ])('still competes while the list %s', async (_, listed) => {
    const { arena, shows, pass } = begin()
    shows(hidden('Pending'))
    await pass()
    shows(...listed)
    readShows(arena, odd)
    await pass()
    arena.fault = () => undefined
    shows(trueOne())
    await pass()
    await pass()
    expect(arena.approvals()).toEqual([])
  })
})

describe('of an approved connection, what only a read shows once', () => {
  const byHand = inState('Approved', 'By hand.')

  it.each([
    ['another endpoint', evilOne(byHand, endpointNamed('adf-odd.mpe-odd'))],
    ['Pending', evilOne()],
    ['Disconnected', evilOne(inState('Disconnected'))],
    ['Rejected', evilOne(inState('Rejected', 'By hand.'))],
  ])('makes no second approval of one of earlier: %s', async (_, read) => {
    const { arena, shows, pass } = begin()
    shows(evilOne(byHand))
    await pass()
    shows(trueOne(), evilOne(byHand))
    await pass()
    readShows(arena, read)
    shows(trueOne(), evilOne(inState('Approved', 'Worded otherwise.')))
    await pass()
    arena.fault = () => undefined
    shows(trueOne(), evilOne(byHand))
    await pass()
    shows(evilOne())
    await pass()
    await pass()
    expect(arena.approvals()).toEqual([])
  })
})
