import type { Effect } from '../domain/rule.ts'
import type {
  Condition,
  Facts,
  Match,
  Outcome,
  ReasonCode,
  RuleExplanation,
  Verdict,
} from '../domain/verdict.ts'
import { explainRule, isHeldBackByProof, obstacles } from './explain.ts'
import type { PreparedRules } from './prepare.ts'
import { visible } from './printable.ts'
import { rulesFor } from './rule-index.ts'

type DecidingCode = 'allowed-by-rule' | 'denied-by-rule' | 'asked-by-rule' | 'may-be-denied' | 'may-be-asked'

interface Step {
  readonly effect: Effect
  readonly match: Match
  readonly outcome: Outcome
  readonly code: DecidingCode
  /** The step counts only when some `allow` matched: without one a person decides anyway. */
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
 * Judges one connection: most restrictive rule first, and what is not known goes to a person. Pure: the same facts,
 * rules and time give the same verdict, and rules whose target is not this connection's play no part in it.
 */
export function evaluate(facts: Facts, prepared: PreparedRules, now: Date): Verdict {
  if (!prepared.complete) return unreadable(prepared.problem)
  const looked = rulesFor(prepared.index, facts.connection.target).map((rule) =>
    explainRule(rule, facts, now),
  )
  const enforced = looked.filter(({ mode }) => mode === 'enforce')
  const shared = {
    audited: looked.filter(({ mode, match }) => mode === 'audit' && match === 'yes'),
    ruleSetHash: prepared.hash,
  }

  const isAllowed = find(enforced, 'allow', 'yes') !== undefined
  for (const { effect, match, outcome, code, onlyWhenAllowed } of steps) {
    const decidedBy = find(enforced, effect, match)
    if (decidedBy === undefined || (onlyWhenAllowed && !isAllowed)) continue
    return {
      ...shared,
      outcome,
      reason: { code, sentence: sentences[code](decidedBy) },
      decidedBy,
      looked: decidingFirst(looked, decidedBy),
      nearest: outcome === 'escalate' ? nearestOf(enforced, decidedBy) : undefined,
    }
  }

  const nearest = nearestOf(enforced, undefined)
  const heldBack = enforced.find(isHeldBackByProof)
  return {
    ...shared,
    outcome: 'escalate',
    reason:
      heldBack === undefined
        ? { code: 'no-rule-matched', sentence: noRuleMatched(nearest) }
        : { code: 'unproven-requester', sentence: unproven(heldBack, facts) },
    decidedBy: undefined,
    looked: decidingFirst(looked, undefined),
    nearest: heldBack ?? nearest,
  }
}

function unreadable(problem: string): Verdict {
  return {
    outcome: 'escalate',
    reason: {
      code: 'rules-unreadable' satisfies ReasonCode,
      sentence: `The allow-list could not be read as a whole, so nothing is decided by it. ${problem}`,
    },
    decidedBy: undefined,
    looked: [],
    nearest: undefined,
    audited: [],
    ruleSetHash: undefined,
  }
}

const sentences: Readonly<Record<DecidingCode, (rule: RuleExplanation) => string>> = {
  'allowed-by-rule': (rule) => `${nameOf(rule)} allows this request.`,
  'denied-by-rule': (rule) => `${nameOf(rule)} denies this request.`,
  'asked-by-rule': (rule) => `${nameOf(rule)} wants a person to decide this request.`,
  'may-be-denied': (rule) => `${nameOf(rule)} may deny this request: ${obstacleOf(rule)}.`,
  'may-be-asked': (rule) => `${nameOf(rule)} may want a person to decide this request: ${obstacleOf(rule)}.`,
}

const conditionWords: Readonly<Record<Condition['name'], string>> = {
  target: 'the target',
  targetTypes: 'the target type',
  groupIds: 'the groups',
  requester: 'the requester',
  endpointName: 'the endpoint name',
  proof: 'proof',
  valid: 'the time',
}

function noRuleMatched(nearest: RuleExplanation | undefined): string {
  return nearest === undefined
    ? 'No rule speaks of this target.'
    : `No rule matched this request. The nearest was ${nearest.ruleId}: ${obstacleOf(nearest)}.`
}

function unproven(heldBack: RuleExplanation, facts: Facts): string {
  const [refusal] = facts.proof.refusals
  return refusal === undefined
    ? `${nameOf(heldBack)} would allow this request, but who asks is not proven.`
    : `${nameOf(heldBack)} would allow this request, but who asks is not proven. ${visible(refusal.sentence)}`
}

function nameOf(rule: RuleExplanation): string {
  return `Rule ${rule.ruleId} (version ${rule.ruleVersion})`
}

function obstacleOf(rule: RuleExplanation): string {
  const [first] = obstacles(rule)
  return first === undefined
    ? ''
    : `it wants ${conditionWords[first.name]} ${first.wanted}; seen was ${first.seen}`
}

function find(rules: readonly RuleExplanation[], effect: Effect, match: Match): RuleExplanation | undefined {
  return rules.find((rule) => rule.effect === effect && rule.match === match)
}

/** The rule that decided, then what matched, then what may have; the lowest id first among equals. */
function decidingFirst(
  looked: readonly RuleExplanation[],
  decidedBy: RuleExplanation | undefined,
): readonly RuleExplanation[] {
  const place = (rule: RuleExplanation): number => (rule === decidedBy ? -1 : matchOrder.indexOf(rule.match))
  return looked.toSorted((a, b) => place(a) - place(b))
}

/** The `allow` or `ask` with the fewest open conditions; a plain mismatch weighs more than a fact not known. */
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
