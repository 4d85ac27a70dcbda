import { describe, expect, it } from 'vitest'
import type { Hold } from '../../../shared/domain/request.ts'
import {
  holdNow,
  holdsSource,
  isNewSince,
  isReleased,
  knownRulesOf,
  nameOfRule,
  reasonOfHold,
} from '../../../shared/request/hold.ts'
import { staysOnHold } from '../../../shared/request/conditions.ts'
import { held, stillHeld } from '../../../shared/request/drafts.ts'
import { byNewRule, evaluated, lake, open, rule, verdict } from './given.ts'

const burst: Hold = { kind: 'burst', knownRules: ['sales v1'] }

describe('a hold', () => {
  it('knows every rule over the target, evaluated or not, by name and version', () => {
    const said = verdict('approve', { rulesOver: [rule(1), rule(2, { ruleId: 'other' })] })
    expect(nameOfRule(rule(12))).toBe('sales v12')
    expect(holdNow(said)).toEqual({ kind: 'burst', knownRules: ['sales v1', 'other v2'] })
  })

  it('knows 200 rules, and not 201', () => {
    const rules = (count: number) => Array.from({ length: count }, (_, index) => rule(index))
    const knownOf = (count: number) => holdNow(verdict('approve', { rulesOver: rules(count) })).knownRules
    expect(knownOf(200)).toHaveLength(200)
    expect(knownOf(201)).toBe('too-many')
  })

  it('knows rules whose names take 6,000 characters, and no more', () => {
    const named = (length: number) => [rule(1, { ruleId: 'x'.repeat(length) })]
    expect(knownRulesOf(named(6_000 - '[" v1"]'.length))).toHaveLength(1)
    expect(knownRulesOf(named(6_001 - '[" v1"]'.length))).toBe('too-many')
  })
})

describe('a hold is released', () => {
  it.each([
    ['by a new version of a rule', burst, true],
    ['not where too many rules are known', { kind: 'burst', knownRules: 'too-many' } as const, false],
    ['not by a rule that was known', { kind: 'burst', knownRules: ['sales v1', 'sales v2'] } as const, false],
  ])('%s', (_how, hold, isSo) => {
    expect(isReleased(hold, byNewRule.verdict)).toBe(isSo)
  })

  it('not by a verdict without a rule', () => {
    expect(isReleased(burst, verdict('reject', { decidedBy: undefined }))).toBe(false)
  })

  it('by no rule while those of then are not known', () => {
    expect(isNewSince(undefined, rule(2))).toBe(false)
    expect(isNewSince(['sales v1'], rule(2))).toBe(true)
  })

  it('by no lower version, and not because its id begins like another', () => {
    expect(isNewSince(['sales v10'], rule(9))).toBe(false)
    expect(isNewSince(['sales v9'], rule(10))).toBe(true)
    expect(isNewSince(['sales v10', 'sales v2'], rule(3))).toBe(false)
    expect(isNewSince(['sales2 v10', 'sale v10'], rule(1))).toBe(true)
  })

  it('for another target by a higher version only', () => {
    const other = { kind: 'connection', connectionId: 'c', targetId: 'other', endpointId: undefined } as const
    const held = { hold: { kind: 'burst', knownRules: ['sales v4'] }, subject: other } as const
    const by = (version: number) => verdict('approve', { decidedBy: rule(version) })
    expect([3, 4, 5].map((version) => holdsSource([held], lake().target, by(version)))).toEqual([
      true,
      true,
      false,
    ])
  })

  it('only where there is one', () => {
    const made = evaluated('approve')
    expect(staysOnHold(open(), made)).toBe(false)
    expect(staysOnHold(open(undefined, { hold: burst }), made)).toBe(true)
    expect(staysOnHold(open(undefined, { hold: burst }), byNewRule)).toBe(false)
  })
})

describe('the reason of a hold', () => {
  it('for a burst names its case, and how it is released', () => {
    expect(reasonOfHold(burst, 'beef.1.1')).toEqual({
      code: 'burst-limit',
      sentence:
        'The request came in burst case beef.1.1 and stays in manual review; a new rule, or a new version of a rule, releases it.',
    })
    expect(reasonOfHold({ kind: 'burst', knownRules: 'too-many' }, undefined).sentence).toBe(
      'The request came in burst case unknown and stays in manual review; too many rules may apply to its target to recognize a new one.',
    )
  })

  it('is the reason of a verdict on a request that is on hold, and of no other', () => {
    const made = evaluated('approve')
    expect(stillHeld(open(), made)).toBe(made)
    expect(stillHeld(open(undefined, { hold: burst }), made).verdict).toMatchObject({
      outcome: 'escalate',
      reason: { code: 'burst-limit' },
    })
    expect(held(open(), made).memory).toEqual({})
  })
})
