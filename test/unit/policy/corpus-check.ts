import type { Rule } from '../../../shared/domain/rule.ts'
import type { Facts, Verdict } from '../../../shared/domain/verdict.ts'
import { evaluate, prepareRules } from '../../../shared/policy/index.ts'
import { now } from './given.ts'
import type { RuleOpinion } from './oracle-rule.ts'
import { alike, strict } from './oracle-text.ts'
import { expectedVerdict, tellersOf, type Expected } from './oracle.ts'

/** What must come out, and what is wrong with what came out: undefined when nothing is. */
export interface Checked {
  readonly expected: Expected
  /** What each rule means; undefined for a set that could not be read. */
  readonly opinions: readonly RuleOpinion[] | undefined
  readonly fault: string | undefined
}

/** A rule set in two orders, ready to be asked about many requests. */
export function checkerOf(rules: readonly Rule[], inOtherOrder: readonly Rule[]): (facts: Facts) => Checked {
  const [prepared, again] = [rules, inOtherOrder].map((each) =>
    prepareRules({ complete: true, rules: each, hash: 'hash-of-the-set' }),
  )
  const ruleOracles = tellersOf(rules)
  if (prepared === undefined || again === undefined) throw new Error('Both orders are prepared.')
  return (facts) => {
    const verdict = evaluate(facts, prepared, now)
    const opinions = ruleOracles?.map((ruleOracle) => ruleOracle(facts, now))
    const expected = expectedVerdict(opinions)
    const fault =
      unsafe(verdict, opinions ?? []) ??
      unconfirmed(verdict, rules, facts) ??
      unlike(verdict, expected) ??
      unlikeEach(verdict, opinions ?? []) ??
      unlikeAgain(verdict, evaluate(facts, again, now))
    return { expected, opinions, fault }
  }
}

/** What must never be, whatever else a verdict says. */
function unsafe({ outcome }: Verdict, opinions: readonly RuleOpinion[]): string | undefined {
  const has = (effect: Rule['effect'], ...matches: readonly RuleOpinion['match'][]): boolean =>
    opinions.some(
      ({ rule, match }) => rule.mode === 'enforce' && rule.effect === effect && matches.includes(match),
    )
  if (outcome === 'approve') {
    if (!has('allow', 'yes')) return 'approved without an allow that matches'
    if (has('deny', 'yes', 'unknown')) return 'approved although a deny matches or may match'
    if (has('ask', 'yes', 'unknown')) return 'approved although an ask matches or may match'
  }
  return outcome === 'reject' && !has('deny', 'yes') ? 'rejected without a deny that matches' : undefined
}

/** Nobody in a managed network is approved or rejected by a rule that names another than the one confirmed. */
function unconfirmed(
  { outcome, decidedBy }: Verdict,
  rules: readonly Rule[],
  { proof }: Facts,
): string | undefined {
  const named = rules.find(({ id }) => id === decidedBy?.ruleId)?.requester
  if (outcome === 'escalate' || named?.kind !== 'resource') return undefined
  if (/privateEndpoints[/][^/]*$/i.test(named.id)) return undefined
  const { isSame } = outcome === 'approve' ? strict : alike
  const isConfirmed = proof.level === 'confirmed' && isSame(proof.requester?.id.id ?? '', named.id)
  return isConfirmed ? undefined : `${outcome} by a rule whose requester is not confirmed`
}

function unlike(verdict: Verdict, expected: Expected): string | undefined {
  const [actual, expectedText] = [
    [verdict.outcome, verdict.reason.code, verdict.decidedBy?.ruleId, ...idsOf(verdict.audited)],
    [expected.outcome, expected.code, expected.decidedBy, ...expected.audited],
  ].map((parts) => parts.map((part) => part ?? 'no rule').join(', '))
  return actual === expectedText ? undefined : `said ${actual}; should have said ${expectedText}`
}

/** What each rule means by itself, also where it changes nothing. */
function unlikeEach({ explanation }: Verdict, opinions: readonly RuleOpinion[]): string | undefined {
  const [actual, expectedText] = [
    explanation.map(({ ruleId, match }) => ({ ruleId, match })),
    opinions.map(({ rule, match }) => ({ ruleId: rule.id, match })),
  ].map((each) =>
    each
      .filter(({ match }) => match !== 'no')
      .map(({ ruleId, match }) => `${ruleId}: ${match}`)
      .sort((a, b) => (a < b ? -1 : 1))
      .join(', '),
  )
  return actual === expectedText ? undefined : `found ${actual}; should have found ${expectedText}`
}

function unlikeAgain(verdict: Verdict, again: Verdict): string | undefined {
  const [one, other] = [verdict, again].map(({ outcome, reason, decidedBy, nearest, explanation, audited }) =>
    [
      outcome,
      reason.code,
      reason.sentence,
      decidedBy?.ruleId,
      nearest?.ruleId,
      idsOf(explanation),
      idsOf(audited),
    ].join(' | '),
  )
  return one === other ? undefined : `said ${one}; with the rules in another order ${other}`
}

function idsOf(rules: readonly { readonly ruleId: string }[]): readonly string[] {
  return rules.map(({ ruleId }) => ruleId)
}
