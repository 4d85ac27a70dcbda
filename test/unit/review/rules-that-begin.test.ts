import { describe, expect, it } from 'vitest'
import type { Rule } from '../../../shared/domain/rule.ts'
import { PersistentWorld } from '../../support/persistent-world.ts'
import { salesToLake } from '../../support/request-parts.ts'

const minute = 60
const day = 24 * 3600

/** So many seconds after the beginning, as a rule has it. */
function timeIn({ arena }: PersistentWorld, seconds: number): string {
  return `${new Date(arena.world.time + seconds * 1000).toISOString().slice(0, 19)}Z`
}

describe('a request in manual review follows a rule', () => {
  it.each([0, 1, 8])('within two minutes of its beginning, %i days old', async (days) => {
    const world = new PersistentWorld({ rules: [], end: 'Pending' })
    const seconds = days * day + 40 * minute
    world.arena.rules = [{ ...salesToLake, validFrom: timeIn(world, seconds) } satisfies Rule]
    await world.run(seconds - 1)
    expect(world.status()).toBe('Pending')
    await world.pass(2 * minute)
    expect(world.status()).toBe('Approved')
  })

  it('within two minutes of the end of an `ask`', async () => {
    const world = new PersistentWorld({ rules: [], end: 'Pending' })
    const seconds = 9 * day + 40 * minute
    const ask: Rule = { ...salesToLake, id: 'ask', effect: 'ask', validUntil: timeIn(world, seconds) }
    world.arena.rules = [salesToLake, ask]
    await world.run(seconds - 1)
    expect(world.status()).toBe('Pending')
    await world.pass(2 * minute)
    expect(world.status()).toBe('Approved')
  })
})
