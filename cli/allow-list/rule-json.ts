import { areTags, objectOfTags, type Stated, statedFields } from '../../shared/allow-list/rule/content.ts'
import type { Form } from '../../shared/allow-list/rule/form.ts'
import { forms } from '../../shared/allow-list/routing/forms.ts'
import type { RuleContent } from '../../shared/domain/rule.ts'

/** A rule as a rule file states it. */
export function ruleJson(rule: RuleContent): Readonly<Record<string, unknown>> {
  return itemJson(forms.rules, rule)
}

/** A rule, channel or route as a rule file states it; also a route's position. */
export function itemJson(form: Form, item: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(statedFields(form, item).map(([name, value]) => [name, plain(value)]))
}

/** One field of it; null where the item leaves it out. */
export function fieldJson(form: Form, item: object, field: string): unknown {
  return itemJson(form, item)[field] ?? null
}

function plain(value: Stated): unknown {
  return typeof value === 'object' && areTags(value) ? objectOfTags(value) : value
}
