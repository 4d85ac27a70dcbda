import { plainContent, type RequesterPattern, type RuleContent, type Tag } from '../../domain/rule.ts'
import type { CheckedContent } from './fields.ts'
import type { Form } from './form.ts'
import { requesterText } from './scopes.ts'

/** A value as an item states it, before it is spelled for a row or a file. */
export type Stated = string | number | boolean | readonly string[] | readonly Tag[]

/** The content of a checked rule, with defaults filled in. */
export function contentOf(checked: CheckedContent): RuleContent {
  return { ...plainContent, ...checked }
}

/** The fields that the item has to state, in order: those that are not at their default. */
export function statedFields(form: Form, item: object): readonly (readonly [string, Stated])[] {
  return Object.keys(form.fields).flatMap((name) => {
    const value = statedValue(form, item, name)
    return value === undefined ? [] : [[name, value]]
  })
}

/** One of them; undefined where the item need not state it. */
export function statedValue(form: Form, item: object, name: string): Stated | undefined {
  const value = valueOf(item, name)
  if (value === undefined || value === form.plain[name]) return undefined
  if (typeof value === 'string') return form.fields[name]?.kind === 'time' ? shortTime(value) : value
  if (typeof value !== 'object') return value
  if ('kind' in value) return requesterText(value)
  return value.length === 0 ? undefined : value
}

/** The id of a rule, the name of a channel or route. */
export function idOf(form: Form, item: object): string {
  const id = valueOf(item, form.idField)
  return typeof id === 'string' ? id : ''
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

function valueOf(item: object, name: string): Stated | RequesterPattern | undefined {
  return (item as Readonly<Record<string, Stated | RequesterPattern | undefined>>)[name]
}
