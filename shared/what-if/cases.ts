import type { Rule } from '../domain/rule.ts'
import type { Facts, Outcome, ReasonCode, Verdict } from '../domain/verdict.ts'
import { evaluate, prepareRules } from '../policy/index.ts'

/** A made-up request, and the expected verdict. */
export interface Case {
  readonly name: string
  readonly facts: Facts
  /** Undefined: now. */
  readonly at: Date | undefined
  readonly expect: Outcome
  /** The rule that must decide; undefined: whichever does. */
  readonly rule: string | undefined
  readonly reason: ReasonCode | undefined
}

export interface CaseResult<C extends Case = Case> {
  readonly case: C
  readonly verdict: Verdict
  /** Differences from the expectation, each a sentence; none when the case passes. */
  readonly failures: readonly string[]
}

export interface CasesResult<C extends Case = Case> {
  readonly results: readonly CaseResult<C>[]
  /** Ids of rules that no case is decided by. */
  readonly uncovered: readonly string[]
}

/** Reasons that rules alone can give. */
export const policyReasons: readonly ReasonCode[] = [
  'allowed-by-rule',
  'denied-by-rule',
  'asked-by-rule',
  'may-be-denied',
  'may-be-asked',
  'no-rule-matched',
  'unproven-requester',
]

/** Evaluates every case by the rules, and lists the rules that no case covers. */
export function evaluateCases<C extends Case>(
  cases: readonly C[],
  rules: readonly Rule[],
  now: Date,
): CasesResult<C> {
  const prepared = prepareRules({ complete: true, rules, hash: '' })
  const ids = new Set(rules.map(({ id }) => id))
  const results = cases.map((one) => {
    const verdict = evaluate(one.facts, prepared, one.at ?? now)
    return { case: one, verdict, failures: failuresOf(one, verdict, ids) }
  })
  const covered = new Set(results.flatMap(({ verdict }) => rulesTried(verdict)))
  return { results, uncovered: rules.map(({ id }) => id).filter((id) => !covered.has(id)) }
}

/** A rule that only the missing proof held was tried as far as it can be. */
function rulesTried({ decidedBy, audited, nearest, reason }: Verdict): readonly string[] {
  const hold = reason.code === 'unproven-requester' ? [nearest] : []
  return [decidedBy, ...audited, ...hold].flatMap((rule) => rule?.ruleId ?? [])
}

function failuresOf(
  { expect, rule, reason }: Case,
  { outcome, decidedBy, reason: given }: Verdict,
  ids: ReadonlySet<string>,
): readonly string[] {
  const decided = decidedBy?.ruleId ?? 'no rule'
  const unknownRule = rule !== undefined && !ids.has(rule) ? ', and there is no such rule' : ''
  return [
    outcome === expect ? '' : `expected: ${expect}; the rules say ${outcome}`,
    rule === undefined || rule === decided
      ? ''
      : `expected: rule ${rule} decides; ${decided} does${unknownRule}`,
    reason === undefined || reason === given.code ? '' : `expected: reason ${reason}; it is ${given.code}`,
  ].filter((failure) => failure !== '')
}
