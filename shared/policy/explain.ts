import type { PreparedRule } from '../domain/prepared-rule.ts'
import type { Condition, ConditionName, Facts, Match, RuleExplanation } from '../domain/verdict.ts'
import {
  endpointNameCondition,
  groupIdsCondition,
  proofCondition,
  targetCondition,
  targetTagsCondition,
  targetTypesCondition,
  validCondition,
} from './conditions.ts'
import { maxConnectionsCondition } from './count-condition.ts'
import { lettersCondition } from './letters-condition.ts'
import { requesterCondition } from './requester-condition.ts'

/** Evaluates one rule, condition by condition. The rule's target must contain the connection's target, or may. */
export function explainRule(prepared: PreparedRule, facts: Facts, now: Date): RuleExplanation {
  const { rule } = prepared
  const conditions = [
    targetCondition(prepared, facts),
    targetTypesCondition(rule, facts),
    targetTagsCondition(rule, facts),
    groupIdsCondition(rule, facts),
    requesterCondition(prepared, facts),
    endpointNameCondition(rule, facts),
    proofCondition(rule, facts),
    lettersCondition(prepared, facts),
    maxConnectionsCondition(prepared, facts),
    validCondition(rule, now),
  ].filter((condition) => condition !== undefined)
  return {
    ruleId: rule.id,
    ruleVersion: rule.version,
    effect: rule.effect,
    mode: rule.mode,
    match: matchOfAll(conditions),
    conditions,
  }
}

/** The conditions that keep a rule from matching, mismatches first. */
export function obstacles(explanation: RuleExplanation): readonly Condition[] {
  return (['no', 'unknown'] as const).flatMap((match) =>
    explanation.conditions.filter((condition) => condition.match === match),
  )
}

/** Conditions whose facts come from a proven endpoint or a second witness. */
const explainedByProof: readonly ConditionName[] = ['requester', 'groupIds', 'endpointName']

/**
 * True for an `allow` that lacks only the proof: no condition is a mismatch, and the unknown ones are the requester,
 * the proof level, or facts from a proven endpoint or second witness.
 */
export function isHeldByProof(explanation: RuleExplanation): boolean {
  const open = obstacles(explanation)
  return (
    explanation.effect === 'allow' &&
    open.every(
      ({ name, match }) => name === 'proof' || (match === 'unknown' && explainedByProof.includes(name)),
    ) &&
    open.some(({ name }) => name === 'proof' || name === 'requester')
  )
}

function matchOfAll(conditions: readonly Condition[]): Match {
  const matches = conditions.map((condition) => condition.match)
  return matches.includes('no') ? 'no' : matches.includes('unknown') ? 'unknown' : 'yes'
}
