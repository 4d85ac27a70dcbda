import { describe, expect, it } from 'vitest'
import { hashRules } from '../../../shared/allow-list/rule/hash.ts'
import type { Rule } from '../../../shared/domain/rule.ts'
import { row, ruleFromRow } from './given.ts'

function rule(change: Record<string, unknown>): Rule {
  const reading = ruleFromRow(row(change))
  if (reading.rule === undefined) throw new Error(reading.problem)
  return reading.rule
}

describe('the hash of a rule set', () => {
  const a = rule({ rowKey: 'a' })
  const b = rule({ rowKey: 'b' })

  it('is the same in any order of rules and members', () => {
    const turned = Object.fromEntries(Object.entries(a).reverse()) as unknown as Rule
    expect(hashRules([b, turned])).toBe(hashRules([a, b]))
  })

  it('is 64 hex digits, and stays the same from one version of this program to the next', () => {
    expect(hashRules([])).toBe('4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945')
    expect(hashRules([b, a])).toBe('121d19fbdc265e234b3409fa209fb360bc90f8a7c46a06ffdebaf4bfa7161e36')
  })

  it.each([
    { effect: 'ask' },
    { version: 2 },
    { groupIds: 'blob' },
    { validUntil: '2030-01-01' },
    { justification: 'because' },
    { rowKey: 'c' },
  ])('changes with %j', (change) => {
    expect(hashRules([rule({ rowKey: 'a', ...change }), b])).not.toBe(hashRules([a, b]))
  })

  it.each([{ reasonRequired: 'true' }, { expiresAfter: 'P3D' }, { atExpiry: 'reject' }])(
    'of an ask changes with %j',
    (change) => {
      const ask = rule({ effect: 'ask' })
      expect(hashRules([rule({ effect: 'ask', ...change })])).not.toBe(hashRules([ask]))
    },
  )

  it('does not change by a default that is stated', () => {
    const stated = rule({ effect: 'ask', reasonRequired: 'false', atExpiry: 'stay-pending' })
    expect(hashRules([stated])).toBe(hashRules([rule({ effect: 'ask' })]))
  })

  it('changes when a rule is left out', () => {
    expect(hashRules([a])).not.toBe(hashRules([a, b]))
  })
})
