import { describe, expect, it } from 'vitest'
import type { Hold } from '../../../shared/domain/request.ts'
import {
  byDecidingRule,
  hasCompetingClaim,
  hasNewCompetingClaim,
  holdNow,
  isReleased,
  nameOfRule,
  reasonOfHold,
} from '../../../shared/request/hold.ts'
import { staysOnHold } from '../../../shared/request/conditions.ts'
import { held, stillHeld } from '../../../shared/request/drafts.ts'
import { byNewRule, confirmed, evaluated, open, proofWith, rule, verdict } from './given.ts'

const burst: Hold = { kind: 'burst', knownRules: ['sales v1'] }
const claim: Hold = { kind: 'competing-claim', knownRules: ['sales v1'], isProvisional: false }
const provisional: Hold = { kind: 'competing-claim', knownRules: ['sales v1'], isProvisional: true }

describe('a hold', () => {
  it('knows every rule that was evaluated, by name and version', () => {
    const said = verdict('approve', { explanation: [rule(1), rule(2, { ruleId: 'other' })] })
    expect(nameOfRule(rule(12))).toBe('sales v12')
    expect(holdNow('burst', said)).toEqual({ kind: 'burst', knownRules: ['sales v1', 'other v2'] })
  })

  it('knows 200 rules, and not 201', () => {
    const rules = (count: number) => Array.from({ length: count }, (_, index) => rule(index))
    const knownOf = (count: number) =>
      holdNow('burst', verdict('approve', { explanation: rules(count) })).knownRules
    expect(knownOf(200)).toHaveLength(200)
    expect(knownOf(201)).toBe('too-many')
  })

  it('of a competing claim is provisional while no rule decides', () => {
    expect(holdNow('competing-claim', verdict('approve'))).toMatchObject({ isProvisional: false })
    expect(holdNow('competing-claim', verdict('escalate'))).toMatchObject({ isProvisional: true })
  })
})

describe('a hold is released', () => {
  it.each([
    ['by a new version of a rule', burst, true],
    ['by a new version of a rule, after a competing claim', claim, true],
    ['not while it is provisional', provisional, false],
    ['not where too many rules are known', { kind: 'burst', knownRules: 'too-many' } as const, false],
    ['not by a rule that was known', { kind: 'burst', knownRules: ['sales v1', 'sales v2'] } as const, false],
  ])('%s', (_how, hold, isSo) => {
    expect(isReleased(hold, byNewRule.verdict)).toBe(isSo)
  })

  it('not by a verdict without a rule', () => {
    expect(isReleased(burst, verdict('reject', { decidedBy: undefined }))).toBe(false)
  })

  it('only where there is one', () => {
    const made = evaluated('approve')
    expect(staysOnHold(open(), made)).toBe(false)
    expect(staysOnHold(open(undefined, { hold: burst }), made)).toBe(true)
    expect(staysOnHold(open(undefined, { hold: burst }), byNewRule)).toBe(false)
  })
})

describe('the rule that decides', () => {
  it('replaces what a provisional hold knows', () => {
    expect(byDecidingRule(provisional, byNewRule.verdict)).toEqual({
      kind: 'competing-claim',
      knownRules: ['sales v1', 'sales v2'],
      isProvisional: false,
    })
  })

  it.each([burst, claim])('leaves any other hold as it is: $kind', (hold) => {
    expect(byDecidingRule(hold, byNewRule.verdict)).toBe(hold)
  })
})

describe('the reason of a hold', () => {
  it('for a competing claim asks which of the two was meant', () => {
    expect(reasonOfHold(claim, 'beef.1.1')).toEqual({
      code: 'competing-claim-before',
      sentence:
        'Another connection claimed the same endpoint name before; it requires manual review to find out which of the two was meant.',
    })
  })

  it('for a burst names its case, and how it is released', () => {
    expect(reasonOfHold(burst, 'beef.1.1')).toEqual({
      code: 'burst-limit',
      sentence:
        'The request came in burst case beef.1.1 and stays in manual review; a new rule, or a new version of a rule, releases it.',
    })
    expect(reasonOfHold({ kind: 'burst', knownRules: 'too-many' }, undefined).sentence).toBe(
      'The request came in burst case unknown and stays in manual review; too many rules match it to recognize a new one.',
    )
  })

  it('is the reason of a verdict on a request that is on hold, and of no other', () => {
    const made = evaluated('approve')
    expect(stillHeld(open(), made)).toBe(made)
    expect(stillHeld(open(undefined, { hold: claim }), made).verdict).toMatchObject({
      outcome: 'escalate',
      reason: { code: 'competing-claim-before' },
    })
    expect(held(open(), made).memory).toEqual({ hold: undefined })
  })
})

describe('a competing claim', () => {
  it.each([
    ['competing-claim', true, true],
    ['competing-claim-hidden', true, true],
    ['competing-claim-unexplained', false, true],
    ['competing-claims-unknown', false, false],
  ] as const)('%s: is there %s, and holds %s', (code, isThere, isHolding) => {
    const proof = proofWith('could-not-ask', code)
    expect([hasCompetingClaim(proof), hasNewCompetingClaim(proof, undefined)]).toEqual([isThere, isHolding])
  })

  it('is none where nothing was refused', () => {
    expect([hasCompetingClaim(confirmed), hasNewCompetingClaim(confirmed, open())]).toEqual([false, false])
  })

  it('is new to a request that is not on hold, or on hold in a burst', () => {
    const proof = proofWith('competing-claim')
    expect(hasNewCompetingClaim(proof, open())).toBe(true)
    expect(hasNewCompetingClaim(proof, open(undefined, { hold: burst }))).toBe(true)
    expect(hasNewCompetingClaim(proof, open(undefined, { hold: claim }))).toBe(false)
  })
})
