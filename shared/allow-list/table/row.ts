import { quote } from '../../domain/quote.ts'
import type { Rule } from '../../domain/rule.ts'
import { contentOf } from '../rule/content.ts'
import { findContradiction } from '../rule/contradictions.ts'
import type { Kind } from '../rule/field.ts'
import { hiddenIn } from '../rule/values.ts'
import { ruleColumns, rowSchema } from './columns.ts'

/** One row read: a rule, or a sentence that states the row, the column, the actual and the expected value. */
export type RowReading =
  | { readonly rule: Rule; readonly problem?: undefined }
  | { readonly rule?: undefined; readonly problem: string }

/** Names of a row's keys in the Table client, and in the service and its tools. */
const keyNames: ReadonlyMap<string, string> = new Map([
  ['partitionKey', 'PartitionKey'],
  ['rowKey', 'RowKey'],
])
const columnsOfTheService = /^([Tt]imestamp|etag|odata\..*|.*@odata\.type)$/
const wholeNumber = /^[1-9][0-9]{0,8}$/
const textInJson = /"(?:[^"\\]|\\.)*"/g

/** Converts a column, as text or in the type that a tool prefers, to the plain value of the field. */
const valueOfColumn: Readonly<Record<Kind, (column: unknown) => unknown>> = {
  text: (column) => column,
  time: textOfTime,
  number: numberOfText,
  list: itemsOfText,
  tags: tagsOfText,
}

/**
 * Reads one row of the allow-list table, as the Table client returns it. A column with the empty text counts as left
 * out, because tools show the two alike. Nothing unknown is ignored.
 */
export function ruleFromRow(row: Readonly<Record<string, unknown>>): RowReading {
  const columns = ownColumns(row)
  const unknown = [...columns.keys()].find((name) => !ruleColumns.has(name))
  if (unknown !== undefined) return refused(columns, describeUnknown(unknown))
  const { PartitionKey: partition, ...values } = valuesOf(columns)
  if (partition !== 'rule') return refused(columns, describeColumn('PartitionKey', columns))
  const read = rowSchema.safeParse(values)
  if (!read.success) {
    const field = String(read.error.issues[0]?.path[0])
    return refused(columns, describeColumn(field === 'id' ? 'RowKey' : field, columns))
  }
  const contradiction = findContradiction(read.data)
  if (contradiction !== undefined) return refused(columns, contradiction.sentence)
  const { version = 1, changedBy, changedAt } = read.data
  return { rule: { ...contentOf(read.data), version, changedBy, changedAt } }
}

function refused(columns: ReadonlyMap<string, unknown>, sentence: string): RowReading {
  return { problem: `Row ${quote(columns.get('RowKey'))}: ${sentence}.` }
}

function ownColumns(row: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  const isSet = ([name, value]: [string, unknown]): boolean =>
    !columnsOfTheService.test(name) && value !== '' && value !== undefined && value !== null
  return new Map(
    Object.entries(row)
      .filter(isSet)
      .map(([name, value]) => [keyNames.get(name) ?? name, value]),
  )
}

function valuesOf(columns: ReadonlyMap<string, unknown>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Array.from(columns, ([name, column]) => [
      name === 'RowKey' ? 'id' : name,
      valueOfColumn[ruleColumns.get(name)?.kind ?? 'text'](column),
    ]),
  )
}

function itemsOfText(column: unknown): unknown {
  return typeof column === 'string' ? column.split(',').map((part) => part.trim()) : column
}

/** Tags from a JSON object of texts. Any other value, and an object with a repeated name, is returned unchanged. */
function tagsOfText(column: unknown): unknown {
  if (typeof column !== 'string') return column
  const tags = objectOfJson(column).map(([name, value]) => ({ name, value }))
  return column.match(textInJson)?.length === 2 * tags.length ? tags : column
}

function objectOfJson(text: string): readonly [string, unknown][] {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []
  } catch {
    return []
  }
}

/** Storage Explorer writes text by default, and Int64 columns arrive as bigint. */
function numberOfText(column: unknown): unknown {
  const text = typeof column === 'bigint' ? column.toString() : column
  return typeof text === 'string' && wholeNumber.test(text) ? Number(text) : column
}

/** A DateTime column. */
function textOfTime(column: unknown): unknown {
  return column instanceof Date && !Number.isNaN(column.getTime()) ? column.toISOString() : column
}

function describeUnknown(name: string): string {
  return `${quote(name)} is not a column of a rule; the columns are ${[...ruleColumns.keys()].join(', ')}`
}

function describeColumn(name: string, columns: ReadonlyMap<string, unknown>): string {
  const { expected, expectedInColumn = expected } = ruleColumns.get(name) ?? { expected: 'left out' }
  const seen = columns.get(name)
  const hidden = typeof seen === 'string' ? hiddenIn(seen) : undefined
  const where = hidden === undefined ? '' : `; it holds ${hidden}, which does not show`
  return `${name} is ${seen === undefined ? 'missing' : quote(seen)}; it must be ${expectedInColumn}${where}`
}
