import { describe, expect, it } from 'vitest'
import { guardRemovals, type Removals } from '../../../cli/allow-list/removal-guard.ts'

const removals = (removed: number, standing: number, desired = standing - removed): Removals => ({
  removed,
  standing,
  desired,
  one: 'rule',
  many: 'rules',
})
const person = { canAsk: true }
const nobody = { canAsk: false }

describe('removals', () => {
  it.each([
    ['none', removals(0, 0), {}, undefined],
    ['none, and few allowed', removals(0, 100), { allowRemovals: 0 }, undefined],
    ['five of ten', removals(5, 10), {}, undefined],
    ['six of sixty: a tenth', removals(6, 60), {}, undefined],
    ['six of 59', removals(6, 59), {}, '6'],
    ['as many as allowed', removals(10, 20), { allowRemovals: 10 }, undefined],
    ['all, as allowed', removals(20, 20), { allowRemovals: 20 }, undefined],
  ])('%s: a person has to type', (_, given, options, typed) => {
    expect(guardRemovals([given], 'rules.yaml', options, person)).toBe(typed)
  })

  it.each<[string, Removals, Parameters<typeof guardRemovals>[2], { canAsk: boolean }, string]>([
    ['many with --yes', removals(6, 59), { yes: true }, person, '6 of 59 rules would be removed.'],
    ['many without a terminal', removals(6, 59), {}, nobody, '6 of 59 rules would be removed.'],
    [
      'more than allowed',
      removals(3, 59),
      { allowRemovals: 2 },
      person,
      '3 rules would be removed, and --allow-removals says 2.',
    ],
    ['all, however few', removals(1, 1), {}, person, 'rules.yaml has no rules: all 1 rule would be removed.'],
  ])('%s are refused', (_, given, options, io, refusal) => {
    expect(() => guardRemovals([given], 'rules.yaml', options, io)).toThrow(refusal)
  })

  const routing = (removed: number, standing: number, desired = standing - removed): Removals => ({
    ...removals(removed, standing, desired),
    one: 'channel or route',
    many: 'channels and routes',
  })

  it('a file that lost its channels and routes is refused, though it has all rules', () => {
    expect(() => guardRemovals([removals(0, 9), routing(2, 2)], 'rules.yaml', { yes: true }, person)).toThrow(
      'rules.yaml has no channels and routes: all 2 channels and routes would be removed. If that is meant, say --allow-removals 2. Nothing was written.',
    )
  })

  it('rules, channels and routes are allowed together', () => {
    const parts = [removals(2, 9), routing(1, 3)]
    expect(guardRemovals(parts, 'rules.yaml', { allowRemovals: 3 }, person)).toBeUndefined()
    expect(() => guardRemovals(parts, 'rules.yaml', { allowRemovals: 2 }, person)).toThrow(
      '2 rules and 1 channel or route would be removed, and --allow-removals says 2. If that is meant, say --allow-removals 3.',
    )
  })

  it('a person types how many go, where many channels and routes are among them', () => {
    expect(guardRemovals([removals(1, 9), routing(6, 9)], 'rules.yaml', {}, person)).toBe('7')
    expect(() => guardRemovals([removals(1, 9), routing(6, 9)], 'rules.yaml', {}, nobody)).toThrow(
      '6 of 9 channels and routes would be removed.',
    )
  })
})
