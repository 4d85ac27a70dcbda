import { describe, expect, it } from 'vitest'
import { theList, theRead } from '../support/places.ts'
import { begin, evilOne, inState, trueOne } from './story.ts'

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

it("a read that is older than a person's 'no' takes it back from no endpoint that asks again", async () => {
  const { arena, shows, pass } = begin()
  const approved = trueOne(inState('Approved', 'By hand.'))
  // A person approves the endpoint, then rejects it.
  shows(approved)
  await pass()
  shows(trueOne(inState('Rejected', 'No more.')))
  await pass()
  // It is made anew. The list shows so, and a read still shows the first decision, for one pass.
  shows()
  await pass()
  shows(trueOne())
  arena.fault = (method, path, respond) =>
    theRead(method, path) ? { status: 200, body: approved } : respond()
  await pass()
  arena.fault = () => undefined
  await pass()
  await pass()
  expect(arena.approvals()).toEqual([])
})

it("a person's 'no' to an endpoint that asks again stays, where every read is up to date", async () => {
  const { arena, shows, pass } = begin()
  const approved = trueOne(inState('Approved', 'By hand.'))
  shows(approved)
  await pass()
  shows(trueOne(inState('Rejected', 'No more.')))
  await pass()
  shows()
  await pass()
  shows(trueOne())
  await pass()
  await pass()
  expect(arena.approvals()).toEqual([])
})
