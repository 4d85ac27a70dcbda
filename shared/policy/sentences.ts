import {
  type Condition,
  conditions,
  type Facts,
  type ReasonCode,
  type RuleExplanation,
} from '../domain/verdict.ts'
import { obstacles } from './explain.ts'
import { visible } from '../domain/printable.ts'

/** Codes of the reasons that one rule gives. */
export type DecidingCode = Extract<
  ReasonCode,
  'allowed-by-rule' | 'denied-by-rule' | 'asked-by-rule' | 'may-be-denied' | 'may-be-asked'
>

/** The sentence of a verdict that a rule decided. */
export const sentences: Readonly<Record<DecidingCode, (rule: RuleExplanation) => string>> = {
  'allowed-by-rule': (rule) => `${nameOf(rule)} allows this request.`,
  'denied-by-rule': (rule) => `${nameOf(rule)} denies this request.`,
  'asked-by-rule': (rule) => `${nameOf(rule)} requires manual review of this request.`,
  'may-be-denied': (rule) => `${nameOf(rule)} may deny this request: ${obstacleOf(rule)}.`,
  'may-be-asked': (rule) => `${nameOf(rule)} may require manual review of this request: ${obstacleOf(rule)}.`,
}

/** The sentence when no rule matches. */
export function noRuleMatched(nearest: RuleExplanation | undefined): string {
  return nearest === undefined
    ? 'No rule allows anything on this target.'
    : `No rule matched this request. The nearest was ${nearest.ruleId}: ${obstacleOf(nearest)}.`
}

/** The sentence when an `allow` lacks only the proof: the first reason why it is missing. */
export function unproven(hold: RuleExplanation, facts: Facts): string {
  const [refusal] = facts.proof.refusals
  return refusal === undefined
    ? `${nameOf(hold)} would allow this request, but the requester is not proven.`
    : `${nameOf(hold)} would allow this request, but the requester is not proven. ${visible(refusal.sentence)}`
}

function nameOf(rule: RuleExplanation): string {
  return `Rule ${rule.ruleId} (version ${rule.ruleVersion})`
}

/** The first condition that keeps a rule from matching. */
function obstacleOf(rule: RuleExplanation): string {
  return obstacles(rule).slice(0, 1).map(describeObstacle).join()
}

/** Without ids; those are in the conditions in the log. */
function describeObstacle({ name, match, expected, actual }: Condition): string {
  if (name === 'requester')
    return match === 'no' ? 'it applies to another requester' : 'the requester is not proven'
  const expectedInWords = [conditions[name].inSentence, expected].filter(Boolean).join(' ')
  return `it requires ${expectedInWords}; actual: ${actual}`
}
