import { areTags, objectOfTags, type Stated, statedFields } from '../../shared/allow-list/rule/content.ts'
import type { RuleContent } from '../../shared/domain/rule.ts'

/** A rule as a rule file states it. */
export function ruleJson(rule: RuleContent): Readonly<Record<string, unknown>> {
  return Object.fromEntries(statedFields(rule).map(([name, value]) => [name, plain(value)]))
}

/** One field of it; null where the rule leaves it out. */
export function fieldJson(rule: RuleContent, field: string): unknown {
  return ruleJson(rule)[field] ?? null
}

function plain(value: Stated): unknown {
  return typeof value === 'object' && areTags(value) ? objectOfTags(value) : value
}
