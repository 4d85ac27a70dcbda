import type { Rule, RuleContent } from '../../domain/rule.ts'
import { type ContentField, contentFieldNames } from '../rule/fields.ts'

/** The changes that turn one list of rules into another. */
export interface Plan {
  readonly added: readonly RuleContent[]
  readonly changed: readonly ChangedRule[]
  readonly removed: readonly Rule[]
  readonly unchanged: readonly Rule[]
}

export interface ChangedRule {
  readonly before: Rule
  readonly after: RuleContent
  /** Names of the fields that differ, in the order of the rule. */
  readonly fields: readonly ContentField[]
}

/**
 * Compares current and desired rules, by id. Version, author and time of a rule are not compared.
 * @throws RangeError when an id is desired twice.
 */
export function planChanges(current: readonly Rule[], desired: readonly RuleContent[]): Plan {
  const desiredById = byId(desired)
  const currentById = byId(current)
  const pairs = current.flatMap((before) => {
    const after = desiredById.get(before.id)
    return after ? [{ before, after, fields: differingFields(before, after) }] : []
  })
  return {
    added: desired.filter(({ id }) => !currentById.has(id)),
    changed: pairs.filter(({ fields }) => fields.length > 0),
    removed: current.filter(({ id }) => !desiredById.has(id)),
    unchanged: pairs.filter(({ fields }) => fields.length === 0).map(({ before }) => before),
  }
}

function byId<T extends { readonly id: string }>(rules: readonly T[]): ReadonlyMap<string, T> {
  const found = new Map<string, T>()
  for (const rule of rules) {
    if (found.has(rule.id)) throw new RangeError(`The rule "${rule.id}" stands there twice.`)
    found.set(rule.id, rule)
  }
  return found
}

function differingFields(before: RuleContent, after: RuleContent): readonly ContentField[] {
  return contentFieldNames.filter(
    (name) => before[name] !== after[name] && spelled(before[name]) !== spelled(after[name]),
  )
}

/** Tags are a set: a row holds them as a JSON object, which has no order. All else is compared as written. */
function spelled(value: RuleContent[keyof RuleContent]): string {
  if (!Array.isArray(value)) return JSON.stringify({ value })
  const items = value.map((item: unknown) => JSON.stringify(item))
  return (typeof value[0] === 'object' ? items.sort() : items).join()
}
