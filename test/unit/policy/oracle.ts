import type { Effect, Rule } from '../../../shared/domain/rule.ts'
import type { Facts, Match, Outcome, ReasonCode } from '../../../shared/domain/verdict.ts'
import { ruleOracleOf, type RuleOracle, type RuleOpinion } from './oracle-rule.ts'

/** What the policy must say; `audited` and `decidedBy` are ids of rules. */
export interface Expected {
  readonly outcome: Outcome
  readonly code: ReasonCode
  readonly decidedBy: string | undefined
  readonly audited: readonly string[]
}

/** The outcome that the rules must lead to. */
export function expectedOutcome(rules: readonly Rule[], facts: Facts, now: Date): Outcome {
  return expectedVerdict(tellersOf(rules)?.map((ruleOracle) => ruleOracle(facts, now))).outcome
}

/**
 * The policy once more, told as plainly as possible and without any of its parts: rule after rule, by regular
 * expressions. Undefined when a rule's target cannot be understood, which leaves the whole set unread.
 */
export function tellersOf(rules: readonly Rule[]): readonly RuleOracle[] | undefined {
  const ruleOracles = rules.map(ruleOracleOf)
  return ruleOracles.every((ruleOracle) => ruleOracle !== undefined) ? ruleOracles : undefined
}

/** What the policy must say when this is what each rule means; undefined for a set that could not be read. */
export function expectedVerdict(opinions: readonly RuleOpinion[] | undefined): Expected {
  if (opinions === undefined)
    return { outcome: 'escalate', code: 'rules-unreadable', decidedBy: undefined, audited: [] }
  const inOrder = opinions.toSorted((a, b) => (a.rule.id < b.rule.id ? -1 : 1))
  const enforced = inOrder.filter(({ rule }) => rule.mode === 'enforce')
  const audited = inOrder.filter(({ rule, match }) => rule.mode === 'audit' && match === 'yes')
  return { ...decide(enforced), audited: audited.map(({ rule }) => rule.id) }
}

function decide(enforced: readonly RuleOpinion[]): Omit<Expected, 'audited'> {
  const first = (effect: Effect, expected: Match): string | undefined =>
    enforced.find(({ rule, match }) => rule.effect === effect && match === expected)?.rule.id
  const [denies, mayDeny] = [first('deny', 'yes'), first('deny', 'unknown')]
  const [asks, mayAsk, allows] = [first('ask', 'yes'), first('ask', 'unknown'), first('allow', 'yes')]
  if (denies !== undefined) return { outcome: 'reject', code: 'denied-by-rule', decidedBy: denies }
  if (mayDeny !== undefined) return { outcome: 'escalate', code: 'may-be-denied', decidedBy: mayDeny }
  if (asks !== undefined) return { outcome: 'escalate', code: 'asked-by-rule', decidedBy: asks }
  if (allows !== undefined && mayAsk !== undefined)
    return { outcome: 'escalate', code: 'may-be-asked', decidedBy: mayAsk }
  if (allows !== undefined) return { outcome: 'approve', code: 'allowed-by-rule', decidedBy: allows }
  const isUnproven = enforced.some(({ lacksProof }) => lacksProof)
  return {
    outcome: 'escalate',
    code: isUnproven ? 'unproven-requester' : 'no-rule-matched',
    decidedBy: undefined,
  }
}
