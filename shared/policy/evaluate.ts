import type { PreparedRule } from '../domain/prepared-rule.ts'
import type { Effect } from '../domain/rule.ts'
import type { Facts, Match, Outcome, RuleExplanation, Terms, Verdict } from '../domain/verdict.ts'
import { explainRule, isHeldByProof, obstacles } from './explain.ts'
import { type PreparedRules, versionsOf } from './prepare.ts'
import { rulesFor } from './rule-index.ts'
import { type DecidingCode, noRuleMatched, sentences, unproven } from './sentences.ts'

interface Step {
  readonly effect: Effect
  readonly match: Match
  readonly outcome: Outcome
  readonly code: DecidingCode
  /** The step counts only when some `allow` matched: otherwise the request is escalated anyway. */
  readonly onlyWhenAllowed?: true
}

/** Most restrictive first: the first step that finds a rule decides, and the order of rules plays no part. */
const steps: readonly Step[] = [
  { effect: 'deny', match: 'yes', outcome: 'reject', code: 'denied-by-rule' },
  { effect: 'deny', match: 'unknown', outcome: 'escalate', code: 'may-be-denied' },
  { effect: 'ask', match: 'yes', outcome: 'escalate', code: 'asked-by-rule' },
  { effect: 'ask', match: 'unknown', outcome: 'escalate', code: 'may-be-asked', onlyWhenAllowed: true },
  { effect: 'allow', match: 'yes', outcome: 'approve', code: 'allowed-by-rule' },
]

const matchOrder: readonly Match[] = ['yes', 'unknown', 'no']

/**
 * Evaluates one connection: most restrictive rule first, and unknown facts escalate. Pure: the same facts, rules and
 * time give the same verdict, and rules for other targets have no influence.
 */
export function evaluate(facts: Facts, prepared: PreparedRules, now: Date): Verdict {
  if (!prepared.complete) return unreadable(prepared.problem)
  const { target } = facts.connection
  const { targetGroups } = facts.context
  const rules = rulesFor(prepared.index, target, targetGroups)
  const over = targetGroups ? rulesFor(prepared.index, target, undefined) : rules
  const explanation = rules.map((rule) => explainRule(rule, facts, now))
  const enforced = explanation.filter(({ mode }) => mode === 'enforce')
  const shared = {
    audited: explanation.filter(({ mode, match }) => mode === 'audit' && match === 'yes'),
    rulesOver: versionsOf(over),
    ruleSetHash: prepared.hash,
  }

  const decided = firstDecision(enforced)
  return decided === undefined
    ? { ...shared, ...undecided(facts, rules, explanation, enforced) }
    : { ...shared, ...decidedBy(decided, rules, explanation, enforced) }
}

type Conclusion = Omit<Verdict, 'audited' | 'rulesOver' | 'ruleSetHash'>

interface Decision {
  readonly step: Step
  readonly rule: RuleExplanation
}

function firstDecision(enforced: readonly RuleExplanation[]): Decision | undefined {
  const isAllowed = find(enforced, 'allow', 'yes') !== undefined
  for (const step of steps) {
    const rule = find(enforced, step.effect, step.match)
    if (rule !== undefined && (isAllowed || !step.onlyWhenAllowed)) return { step, rule }
  }
  return undefined
}

function decidedBy(
  { step: { outcome, code }, rule }: Decision,
  rules: readonly PreparedRule[],
  explanation: readonly RuleExplanation[],
  enforced: readonly RuleExplanation[],
): Conclusion {
  const [terms] = rules.filter((prepared) => prepared.rule.id === rule.ruleId).map(termsOf)
  return {
    outcome,
    reason: { code, sentence: sentences[code](rule) },
    decidedBy: rule,
    terms,
    explanation: decidingFirst(explanation, rule),
    nearest: outcome === 'escalate' ? nearestOf(enforced, rule) : undefined,
  }
}

function undecided(
  facts: Facts,
  rules: readonly PreparedRule[],
  explanation: readonly RuleExplanation[],
  enforced: readonly RuleExplanation[],
): Conclusion {
  const hold = heldRule(facts, rules, enforced)
  const nearest = hold ?? nearestOf(enforced, undefined)
  return {
    outcome: 'escalate',
    reason:
      hold === undefined
        ? { code: 'no-rule-matched', sentence: noRuleMatched(nearest) }
        : { code: 'unproven-requester', sentence: unproven(hold, facts) },
    decidedBy: undefined,
    terms: undefined,
    explanation: decidingFirst(explanation, undefined),
    nearest,
  }
}

/** Of several rules that only lack the proof, the one whose requester the first refusal concerns. */
function heldRule(
  { proof }: Facts,
  rules: readonly PreparedRule[],
  enforced: readonly RuleExplanation[],
): RuleExplanation | undefined {
  const hold = enforced.filter(isHeldByProof)
  const about = proof.refusals[0]?.about
  const named = rules
    .filter(({ requester }) => requester && 'id' in requester && requester.id.key === about)
    .map(({ rule }) => rule.id)
  return hold.find(({ ruleId }) => named.includes(ruleId)) ?? hold[0]
}

function termsOf({ rule }: PreparedRule): Terms {
  return {
    approvalEndsAfter: rule.approvalEndsAfter,
    approvers: rule.approvers,
    requiredApprovals: rule.requiredApprovals ?? 1,
    reasonRequired: rule.reasonRequired,
    expiresAfter: rule.expiresAfter,
    atExpiry: rule.atExpiry,
  }
}

function unreadable(problem: string): Verdict {
  return {
    outcome: 'escalate',
    reason: {
      code: 'rules-unreadable',
      sentence: `The allow-list could not be read as a whole, so nothing is decided by it. ${problem}`,
    },
    decidedBy: undefined,
    terms: undefined,
    explanation: [],
    rulesOver: [],
    nearest: undefined,
    audited: [],
    ruleSetHash: undefined,
  }
}

function find(rules: readonly RuleExplanation[], effect: Effect, match: Match): RuleExplanation | undefined {
  return rules.find((rule) => rule.effect === effect && rule.match === match)
}

/** The rule that decided, then what matched, then what may have; the lowest id first among equals. */
function decidingFirst(
  explanation: readonly RuleExplanation[],
  decidedBy: RuleExplanation | undefined,
): readonly RuleExplanation[] {
  const place = (rule: RuleExplanation): number => (rule === decidedBy ? -1 : matchOrder.indexOf(rule.match))
  return explanation.toSorted((a, b) => place(a) - place(b))
}

/** The `allow` or `ask` with the fewest open conditions; a mismatch weighs more than an unknown fact. */
function nearestOf(
  enforced: readonly RuleExplanation[],
  decidedBy: RuleExplanation | undefined,
): RuleExplanation | undefined {
  const weight = (rule: RuleExplanation): number =>
    obstacles(rule).reduce((sum, { match }) => sum + (match === 'no' ? 101 : 100), 0)
  return enforced
    .filter((rule) => rule.effect !== 'deny' && rule.match !== 'yes' && rule !== decidedBy)
    .toSorted((a, b) => weight(a) - weight(b))[0]
}
