import type { Rule } from '../domain/rule.ts'
import type { Condition, Facts, Match, RuleExplanation } from '../domain/verdict.ts'
import {
  endpointNameCondition,
  groupIdsCondition,
  proofCondition,
  targetCondition,
  targetTypesCondition,
  validCondition,
} from './conditions.ts'
import { requesterCondition } from './requester-condition.ts'

/** Holds one rule against the facts, condition by condition. The rule's target must hold the connection's. */
export function explainRule(rule: Rule, facts: Facts, now: Date): RuleExplanation {
  const conditions = [
    targetCondition(rule, facts),
    targetTypesCondition(rule, facts),
    groupIdsCondition(rule, facts),
    requesterCondition(rule.effect, rule.requester, facts),
    endpointNameCondition(rule, facts),
    proofCondition(rule, facts),
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

/** The conditions that keep a rule from matching, plain mismatches first. */
export function obstacles(explanation: RuleExplanation): readonly Condition[] {
  return (['no', 'unknown'] as const).flatMap((match) =>
    explanation.conditions.filter((condition) => condition.match === match),
  )
}

/**
 * True for an `allow` that only the missing proof keeps from matching: nothing about the request speaks against it,
 * and what is open is who asks, how sure that is, or what a proven endpoint or second witness would have told.
 */
export function isHeldBackByProof(explanation: RuleExplanation): boolean {
  const open = obstacles(explanation)
  return (
    explanation.effect === 'allow' &&
    open.every(({ name, match }) => name === 'proof' || (match === 'unknown' && name !== 'valid')) &&
    open.some(({ name }) => name === 'proof' || name === 'requester')
  )
}

function matchOfAll(conditions: readonly Condition[]): Match {
  const matches = conditions.map((condition) => condition.match)
  return matches.includes('no') ? 'no' : matches.includes('unknown') ? 'unknown' : 'yes'
}
