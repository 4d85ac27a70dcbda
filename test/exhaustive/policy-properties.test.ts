import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate, prepareRules } from '../../shared/policy/index.ts'
import { anyFacts, anyRuleElsewhere, anyRules } from '../unit/policy/arbitrary.ts'
import { verdictOf, now, rule } from '../unit/policy/given.ts'
import { expectedOutcome } from '../unit/policy/oracle.ts'

const runs = { numRuns: 3000 }

describe('whatever the rules and the request', () => {
  it('the outcome is that of the plainest telling of the policy', () => {
    const actual = new Set<string>()
    fc.assert(
      fc.property(anyRules, anyFacts, (rules, facts) => {
        const { outcome } = verdictOf(rules, facts)
        actual.add(outcome)
        expect(outcome).toBe(expectedOutcome(rules, facts, now))
      }),
      { numRuns: 10_000 },
    )
    expect(actual).toEqual(new Set(['approve', 'escalate', 'reject']))
  })

  it('the order of the rules changes nothing at all', () => {
    const shuffled = anyRules.chain((rules) =>
      fc.tuple(fc.constant(rules), fc.shuffledSubarray([...rules], { minLength: rules.length })),
    )
    fc.assert(
      fc.property(shuffled, anyFacts, ([rules, others], facts) => {
        expect(verdictOf(others, facts)).toEqual(verdictOf(rules, facts))
      }),
      runs,
    )
  })

  it('a rule on another target changes nothing at all', () => {
    fc.assert(
      fc.property(anyRules, anyRuleElsewhere, anyFacts, (rules, elsewhere, facts) => {
        expect(verdictOf([...rules, elsewhere], facts)).toEqual(verdictOf(rules, facts))
      }),
      runs,
    )
  })

  it('nothing is approved without an enforced allow of which every condition is met', () => {
    fc.assert(
      fc.property(anyRules, anyFacts, (rules, facts) => {
        const { outcome, decidedBy } = verdictOf(rules, facts)
        if (outcome !== 'approve') return
        expect(decidedBy).toMatchObject({ effect: 'allow', mode: 'enforce', match: 'yes' })
        expect(decidedBy?.conditions.map(({ match }) => match)).not.toContain('unknown')
        expect(decidedBy?.conditions.map(({ match }) => match)).not.toContain('no')
        expect(rules.map(({ id }) => id)).toContain(decidedBy?.ruleId)
      }),
      runs,
    )
  })

  it('nothing is approved beside an enforced deny or ask that matches or may match', () => {
    fc.assert(
      fc.property(anyRules, anyFacts, (rules, facts) => {
        const { outcome, explanation } = verdictOf(rules, facts)
        const against = explanation.filter(
          ({ effect, mode, match }) => effect !== 'allow' && mode === 'enforce' && match !== 'no',
        )
        if (against.length > 0) expect(outcome).not.toBe('approve')
      }),
      runs,
    )
  })

  it('one more deny never turns an answer into an approval, and one more allow never into a rejection', () => {
    fc.assert(
      fc.property(anyRules, anyRules, anyFacts, (rules, more, facts) => {
        const renamed = more.map((extra) => ({ ...extra, id: `more-${extra.id}` }))
        const before = verdictOf(rules, facts).outcome
        const denied = verdictOf(
          [...rules, ...renamed.map((extra) => ({ ...extra, effect: 'deny' as const }))],
          facts,
        ).outcome
        const allowed = verdictOf(
          [...rules, ...renamed.map((extra) => ({ ...extra, effect: 'allow' as const }))],
          facts,
        ).outcome
        if (before !== 'approve') expect(denied).not.toBe('approve')
        if (before !== 'reject') expect(allowed).not.toBe('reject')
      }),
      runs,
    )
  })

  it('what nobody proved is never approved by a rule that wants it confirmed', () => {
    fc.assert(
      fc.property(anyRules, anyFacts, (rules, facts) => {
        if (facts.proof.level === 'confirmed') return
        const strict = rules.map((each) => ({ ...each, proof: 'confirmed' as const }))
        expect(verdictOf(strict, facts).outcome).not.toBe('approve')
      }),
      runs,
    )
  })

  it('an endpoint in a managed network is approved only when confirmed as a requester named in full', () => {
    fc.assert(
      fc.property(anyRules, anyFacts, (rules, facts) => {
        const { outcome, decidedBy } = verdictOf(rules, facts)
        if (outcome !== 'approve' || facts.proof.isManagedTenant !== true) return
        const deciding = rules.find(({ id }) => id === decidedBy?.ruleId)
        expect(facts.proof.level).toBe('confirmed')
        expect(deciding?.requester).toEqual({ kind: 'resource', id: facts.proof.requester?.id.id })
      }),
      runs,
    )
  })

  it('audit rules change nothing but the report of what they would have done', () => {
    fc.assert(
      fc.property(anyRules, anyFacts, (rules, facts) => {
        const enforced = verdictOf(
          rules.filter(({ mode }) => mode === 'enforce'),
          facts,
        )
        const both = verdictOf(rules, facts)
        expect(both.outcome).toBe(enforced.outcome)
        expect(both.reason).toEqual(enforced.reason)
        expect(both.nearest).toEqual(enforced.nearest)
        expect(enforced.audited).toEqual([])
      }),
      runs,
    )
  })

  it('a set that is not complete goes to a person', () => {
    fc.assert(
      fc.property(anyRules, anyFacts, fc.boolean(), (rules, facts, unreadable) => {
        const prepared = unreadable
          ? prepareRules({ complete: false, problem: 'A page is missing.' })
          : prepareRules({
              complete: true,
              rules: [...rules, rule({ id: 'broken', target: '/**' })],
              hash: 'h',
            })
        expect(evaluate(facts, prepared, now)).toMatchObject({
          outcome: 'escalate',
          reason: { code: 'rules-unreadable' },
        })
      }),
      runs,
    )
  })

  it('the same question has the same answer', () => {
    fc.assert(
      fc.property(anyRules, anyFacts, (rules, facts) => {
        expect(verdictOf(structuredClone(rules), structuredClone(facts))).toEqual(verdictOf(rules, facts))
      }),
      { numRuns: 500 },
    )
  })
})
