import { plainContent, type RuleContent, type Tag } from '../../domain/rule.ts'
import { type CheckedContent, type ContentField, contentFieldNames, contentFields } from './fields.ts'
import { requesterText } from './scopes.ts'

/** A value as a rule states it, before it is spelled for a row or a file. */
export type Stated = string | number | readonly string[] | readonly Tag[]

/** The content of a checked rule, with defaults filled in. */
export function contentOf(checked: CheckedContent): RuleContent {
  return { ...plainContent, ...checked }
}

/** The fields that the rule has to state, in order: those that are not at their default. */
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

/** Distinguishes tags from a list of texts. */
export function areTags(items: readonly string[] | readonly Tag[]): items is readonly Tag[] {
  return typeof items[0] === 'object'
}

/** Tags as a row and JSON hold them. */
export function objectOfTags(tags: readonly Tag[]): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map(({ name, value }) => [name, value]))
}

/** `2027-01-31T00:00:00.000Z` becomes the day; other times lose needless milliseconds. */
export function shortTime(time: string): string {
  return time.replace(/(T00:00:00)?\.000Z$/, (_, midnight) => (midnight === undefined ? 'Z' : ''))
}
