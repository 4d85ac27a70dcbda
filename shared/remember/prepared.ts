import type { Rule, RuleContent } from '../domain/rule.ts'
import { prepareRules, type PreparedRules } from '../policy/index.ts'

/** The rule, which is not written yet, beside others. */
export function preparedWith(content: RuleContent, others: readonly Rule[]): PreparedRules {
  return preparedOf([...others, { ...content, version: 1, changedBy: undefined, changedAt: undefined }])
}

/** These rules alone, for the policy. */
export function preparedOf(rules: readonly Rule[]): PreparedRules {
  return prepareRules({ complete: true, rules, hash: '' })
}
