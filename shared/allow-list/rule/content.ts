import { plainContent, type RuleContent, type Tag } from '../../domain/rule.ts'
import { type CheckedContent, type ContentField, contentFieldNames, contentFields } from './fields.ts'
import { requesterText } from './scopes.ts'

/** A value as a rule states it, before it is spelled for a row or a file. */
export type Stated = string | number | readonly string[] | readonly Tag[]

/** What a checked rule says, with what it means where it is silent. */
export function contentOf(checked: CheckedContent): RuleContent {
  return { ...plainContent, ...checked }
}

/** The fields that the rule has to state, in order: not those that mean the same when they are left out. */
export function statedFields(rule: RuleContent): readonly (readonly [ContentField, Stated])[] {
  return contentFieldNames.flatMap((name) => {
    const value = statedValue(rule, name)
    return value === undefined ? [] : [[name, value]]
  })
}

/** One of them; undefined where the rule need not state it. */
export function statedValue(rule: RuleContent, name: ContentField): Stated | undefined {
  const plain: Partial<RuleContent> = plainContent
  const value = rule[name]
  if (value === undefined || value === plain[name]) return undefined
  if (typeof value === 'string') return contentFields[name].kind === 'time' ? shortTime(value) : value
  if (typeof value === 'number') return value
  if ('kind' in value) return requesterText(value)
  return value.length === 0 ? undefined : value
}

/** Tells tags from a list of texts. */
export function areTags(items: readonly string[] | readonly Tag[]): items is readonly Tag[] {
  return typeof items[0] === 'object'
}

/** Tags as a row and JSON hold them. */
export function objectOfTags(tags: readonly Tag[]): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map(({ name, value }) => [name, value]))
}

/** `2027-01-31T00:00:00.000Z` is the day, and no time has needless milliseconds. */
export function shortTime(time: string): string {
  return time.replace(/(T00:00:00)?\.000Z$/, (_, midnight) => (midnight === undefined ? 'Z' : ''))
}
