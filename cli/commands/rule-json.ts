import { statedFields, type Stated } from '../../shared/allow-list/content.ts'
import type { RuleContent } from '../../shared/domain/rule.ts'

/** A rule as a rule file states it. */
export function ruleJson(rule: RuleContent): Readonly<Record<string, unknown>> {
  return Object.fromEntries(statedFields(rule).map(([name, value]) => [name, plain(value)]))
}

/** One field of it; null where the rule says nothing. */
export function fieldJson(rule: RuleContent, field: string): unknown {
  return ruleJson(rule)[field] ?? null
}

function plain(value: Stated): unknown {
  if (typeof value !== 'object') return value
  const tags = value.flatMap((item) => (typeof item === 'object' ? item : []))
  return tags.length === 0 ? value : Object.fromEntries(tags.map((tag) => [tag.name, tag.value]))
}
