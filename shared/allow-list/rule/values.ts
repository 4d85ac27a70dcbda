import { z } from 'zod'
import { notText } from '../../domain/printable.ts'
import { foldCase } from '../../domain/fold-case.ts'
import { durationForm, parseDuration, parseTime, timeForm } from '../../domain/time.ts'
import type { Field, Value } from './field.ts'

const dayMs = 86_400_000
const maxName = 200
const maxList = 2000
/** Azure's own limits. */
const maxTags = 15
export const maxTagName = 512
const maxTagValue = 256

const oneLine = new RegExp(`^[^${notText}]*$`, 'u')
const tagNameForm = new RegExp(`^[^<>%&\\\\?/${notText}]+$`, 'u')
const notShown = /\p{Default_Ignorable_Code_Point}/u

/** The limit for all items of a list together, with a comma and a space between them. */
export const together = `at most ${maxList} characters together`

/** One line of text. */
export const line = {
  kind: 'text',
  schema: z.string().min(1).max(maxName).regex(oneLine).exactOptional(),
  expected: `one line of text of at most ${maxName} characters`,
} as const satisfies Value

/** A day, which begins at midnight UTC, or a time in UTC. The rule has it as ISO 8601 with milliseconds. */
export const time = {
  kind: 'time',
  schema: z.string().regex(timeForm).transform(utcTime).exactOptional(),
  expected: 'a day such as 2027-01-31 or a time in UTC such as 2027-01-31T08:00:00Z',
} as const satisfies Value

/** The name of a tag. */
export const tagName = visibleText().max(maxTagName).regex(tagNameForm)
const tagValue = visibleText().max(maxTagValue).regex(oneLine)
const tagsAllowed =
  `1 to ${maxTags} tags; a name has at most ${maxTagName} characters and none of <>%&\\?/,` +
  ` a value at most ${maxTagValue}, and names differ by more than case`

/**
 * A list, not an object: no name can have a meaning in JavaScript. Sorted by name, because their order has no meaning.
 */
export const tags = {
  kind: 'tags',
  schema: z
    .array(z.strictObject({ name: tagName, value: tagValue }))
    .min(1)
    .max(maxTags)
    .refine((all) => new Set(all.map(({ name }) => foldCase(name))).size === all.length)
    .transform((all) => all.toSorted((a, b) => (foldCase(a.name) < foldCase(b.name) ? -1 : 1)))
    .exactOptional(),
  inFile: z.record(tagName, tagValue).meta({ minProperties: 1, maxProperties: maxTags }).exactOptional(),
  expected: `names and values such as { environment: prod }, ${tagsAllowed}`,
  expectedInColumn: `a JSON object such as {"environment":"prod"}, ${tagsAllowed}`,
} as const satisfies Value

/** From 1. */
export function wholeNumber(max: number) {
  return {
    kind: 'number',
    schema: z.number().int().min(1).max(max).exactOptional(),
    expected: `a whole number from 1 to ${max}`,
  } as const satisfies Value
}

/** Whole days or whole hours, up to some days. */
export function duration(maxDays: number, example: string) {
  return {
    kind: 'text',
    schema: z
      .string()
      .regex(durationForm)
      .refine((text) => (parseDuration(text) ?? Infinity) <= maxDays * dayMs)
      .exactOptional(),
    expected: `days such as ${example} or hours such as PT8H, at most P${maxDays}D`,
    examples: [example, 'PT8H'],
  } as const satisfies Value & Pick<Field, 'examples'>
}

/** True or false. */
export const flag = { kind: 'flag', schema: z.boolean().exactOptional() } as const

/** Texts of one form. */
export function list(item: RegExp, maxLength = maxList) {
  return listOf(z.string().regex(item), maxLength)
}

/** Texts of one schema. */
export function listOf(item: z.ZodType<string>, maxLength = maxList) {
  const schema = z
    .array(item)
    .min(1)
    .refine((items) => items.join(', ').length <= maxLength)
    .exactOptional()
  return { kind: 'list', schema } as const
}

/** Text in which every character is visible. */
export function visibleText() {
  return z.string().refine((text) => !notShown.test(text))
}

/** The first invisible character of a text, which fields that decide must not contain: "U+200B as character 5". */
export function hiddenIn(text: string): string | undefined {
  const at = text.search(notShown)
  if (at < 0) return undefined
  const code = (text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return `U+${code} as character ${at + 1}`
}

function utcTime(text: string, context: z.RefinementCtx): string {
  const read = parseTime(text)
  if (read !== undefined) return read.toISOString()
  context.addIssue({ code: 'custom' })
  return z.NEVER
}
