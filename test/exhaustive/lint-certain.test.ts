import { describe, expect, it } from 'vitest'
import { lintRules, type Finding } from '../../shared/lint/index.ts'
import type { Rule } from '../../shared/domain/rule.ts'
import type { Facts, Match, RuleExplanation, Verdict } from '../../shared/domain/verdict.ts'
import { factsOf } from '../unit/policy/corpus-draft.ts'
import { anyPlaces } from '../unit/policy/corpus-places.ts'
import { randomOf, type Random } from '../unit/policy/corpus-random.ts'
import { anyFamily } from '../unit/policy/corpus-requests.ts'
import { anyRuleSet } from '../unit/policy/corpus-rules.ts'
import { verdictOf, now } from '../unit/policy/given.ts'

const seed = 20261122
const sets = 1200
const familiesPerSet = 3

interface Asked {
  readonly rules: readonly Rule[]
  readonly findings: readonly Finding[]
  readonly facts: Facts
  readonly verdict: Verdict
}

/** Random rule sets with what is said of them, and requests that some rule of the set means or nearly means. */
function anyAsked(): readonly Asked[] {
  const asked: Asked[] = []
  for (let set = 0; set < sets; set++) {
    const random = randomOf(seed, set)
    const places = anyPlaces(random)
    const rules = withNarrowerOnes(anyRuleSet(places, random).map(withReadableTimes), random)
    const findings = lintRules(rules, now)
    for (let family = 0; family < familiesPerSet; family++)
      for (const { draft } of anyFamily(rules, places, random)) {
        const facts = factsOf(draft)
        const verdict = verdictOf(rules, facts)
        if (verdict.reason.code !== 'rules-unreadable') asked.push({ rules, findings, facts, verdict })
      }
  }
  return asked
}

/** As rules are when they come from a file or a row. */
function withReadableTimes(rule: Rule): Rule {
  const readable = (time: string | undefined): string | undefined =>
    Number.isNaN(Date.parse(time ?? '')) ? undefined : time
  return { ...rule, validFrom: readable(rule.validFrom), validUntil: readable(rule.validUntil) }
}

/** The rules, and for some of them another that says a little more or has another effect. */
function withNarrowerOnes(rules: readonly Rule[], random: Random): readonly Rule[] {
  const more = rules
    .filter(() => random.chance(0.5))
    .map((rule, index) => ({
      ...rule,
      id: `more-${index}`,
      ...random.pick<() => Partial<Rule>>([
        () => ({ effect: random.pick(['ask', 'deny'] as const) }),
        () => ({ groupIds: rule.groupIds.slice(0, 1) }),
        () => ({ endpointName: rule.endpointName ?? 'pe-*' }),
        () => ({ target: rule.target.split('/').slice(0, 5).join('/') }),
        () => ({ target: rule.target.split('/').slice(0, 3).join('/') }),
        () => ({ target: `${rule.target}*` }),
        () => ({ validUntil: undefined, validFrom: undefined }),
      ])(),
    }))
  return [...rules, ...more]
}

function decisiveOf({ explanation }: Verdict, id: string | undefined): RuleExplanation | undefined {
  return explanation.find(({ ruleId }) => ruleId === id)
}

function matchOf(verdict: Verdict, id: string | undefined): Match {
  return decisiveOf(verdict, id)?.match ?? 'no'
}

function of(code: Finding['code'], { findings }: Asked): readonly Finding[] {
  return findings.filter((finding) => finding.code === code)
}

describe('what is said for certain of random rules', () => {
  const all = anyAsked()

  it('whatever a shadowed rule matches, the other one matches, too', () => {
    let matched = 0
    for (const asked of all)
      for (const { ruleId, about } of of('shadowed', asked)) {
        if (matchOf(asked.verdict, ruleId) !== 'yes') continue
        expect({ ruleId, about, match: matchOf(asked.verdict, about) }).toMatchObject({ match: 'yes' })
        matched++
      }
    expect(matched).toBeGreaterThan(300)
  })

  it('an overruled rule never decides', () => {
    const matched = { allow: 0, ask: 0, deny: 0 }
    for (const asked of all)
      for (const { ruleId, about } of of('overruled', asked)) {
        const decisive = decisiveOf(asked.verdict, ruleId)
        if (decisive === undefined || decisive.match === 'no') continue
        expect({ ruleId, about, decidedBy: asked.verdict.decidedBy?.ruleId }).not.toMatchObject({
          decidedBy: ruleId,
        })
        matched[decisive.effect]++
      }
    expect(matched.allow).toBeGreaterThan(300)
    expect(matched.ask).toBeGreaterThan(100)
    expect(matched.deny).toBe(0)
  })

  it('no outcome is another one when all rules that are shadowed, duplicates or past their end are removed', () => {
    let removed = 0
    for (const asked of all) {
      const useless = ['shadowed', 'duplicate', 'expired'] as const
      const ids = new Set(useless.flatMap((code) => of(code, asked)).map(({ ruleId }) => ruleId))
      if (ids.size === 0) continue
      const left = asked.rules.filter(({ id }) => !ids.has(id))
      expect(verdictOf(left, asked.facts).outcome).toBe(asked.verdict.outcome)
      removed++
    }
    expect(removed).toBeGreaterThan(1000)
  })

  it('no request is allowed by a rule that is said to match nothing', () => {
    let said = 0
    for (const asked of all)
      for (const { ruleId } of [...of('never-matches', asked), ...of('expired', asked)]) {
        expect(matchOf(asked.verdict, ruleId)).not.toBe('yes')
        said++
      }
    expect(said).toBeGreaterThan(1000)
  })
})
