import { beforeEach, describe, expect, it } from 'vitest'
import type { Rule } from '../../../shared/domain/rule.ts'
import { connection, FakeReview, salesToLake } from '../../support/fake-review.ts'

const bare = { writeSupport: 'without-description', description: '' } as const
const lost = { kind: 'unanswered', afterSeconds: 0, code: 'ECONNRESET', message: 'socket hang up' } as const

let world: FakeReview
const alarms = () =>
  world.notifications.filter(({ severity }) => severity === 'alarm').map(({ code }) => code)
const show = async (status: string) => {
  world.time += 30_000
  world.set('mpe', { status, description: '' })
  await world.review()
}
const list = (...rules: readonly Rule[]) => {
  world.time += 30_000
  world.rules = { complete: true, rules, hash: rules.map(({ id }) => id).join() }
}

describe('on a type that keeps no description, an approval whose write had no response', () => {
  beforeEach(async () => {
    world = new FakeReview()
    world.live = [connection('mpe', bare)]
    world.outcomes = [lost]
    await world.review()
  })

  it('and that Azure shows after a person was asked is an alarm, not a decision of somebody else', async () => {
    list(salesToLake, { ...salesToLake, id: 'ask', effect: 'ask' })
    await world.review()
    await show('Approved')
    expect(world.story().at(-1)).toBe('escalated:open')
    expect(alarms()).toEqual(['shown-late'])
  })

  it('and that Azure shows while a rejection waits for it is applied', async () => {
    list(salesToLake, { ...salesToLake, id: 'no', effect: 'deny' })
    await world.review()
    await show('Approved')
    expect(world.story().at(-1)).toBe('result:applied approve')
  })

  it('for half an hour, and that Azure shows then, is applied', async () => {
    for (let tries = 0; tries < 9; tries += 1) {
      world.time += 300_000
      world.outcomes = [lost]
      await world.review()
    }
    expect(world.story().at(-1)).toBe('result:open')
    await show('Approved')
    expect(world.story().at(-1)).toBe('result:applied approve')
  })

  it('says nothing about a rejection, which is of somebody else', async () => {
    list(salesToLake, { ...salesToLake, id: 'ask', effect: 'ask' })
    await world.review()
    await show('Rejected')
    expect(world.story().at(-1)).toBe('observed:decided-elsewhere')
  })
})

it('on a type that keeps no description, an approval that Azure refused is not ours when it is shown later', async () => {
  world = new FakeReview()
  world.live = [connection('mpe', bare)]
  world.outcomes = [{ kind: 'refused', code: 'ScopeLocked', message: 'Locked.', passes: true }]
  await world.review()
  await show('Approved')
  expect(world.story().at(-1)).toBe('observed:decided-elsewhere')
})
