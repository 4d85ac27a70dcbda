import { quote } from '../../domain/quote.ts'
import type { Revision } from '../../domain/rule.ts'
import type { Kind } from '../rule/field.ts'
import { adviceOn, type Form } from '../rule/form.ts'
import { hiddenIn } from '../rule/values.ts'
import { type Column, columnsOf, revisionColumns, revisionSchema } from './columns.ts'

/** One row read: an item, or a sentence that states the row, the column, the actual and the expected value. */
export type RowReading<Content extends object> =
  | { readonly item: Content & Revision; readonly problem?: undefined }
  | { readonly item?: undefined; readonly problem: string }

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
  flag: flagOfText,
  list: itemsOfText,
  tags: tagsOfText,
}

/**
 * Reads one row of the allow-list table, as the Table client returns it. A column with the empty text counts as left
 * out, because tools show the two alike. Nothing unknown is ignored.
 */
export function itemFromRow<Content extends object>(
  form: Form<Content>,
  row: Readonly<Record<string, unknown>>,
): RowReading<Content> {
  const columns = ownColumns(row)
  const known = columnsOf[form.list]
  const refused = (sentence: string) => ({ problem: `Row ${quote(columns.get('RowKey'))}: ${sentence}.` })
  const unknown = [...columns.keys()].find((name) => !known.has(name))
  if (unknown !== undefined) return refused(describeUnknown(form.one, unknown, known))
  const { PartitionKey: partition, ...values } = valuesOf(form, columns, known)
  if (partition !== 'rule') return refused(describeColumn('PartitionKey', columns, known))
  const isContent = ([name]: [string, unknown]) => !revisionColumns.includes(name)
  const { content, issues, contradiction } = form.ofRow(
    Object.fromEntries(Object.entries(values).filter(isContent)),
  )
  const revision = revisionSchema.safeParse(values)
  const field = String((issues ?? revision.error?.issues)?.[0]?.path[0])
  if (contradiction !== undefined) return refused(contradiction.sentence)
  if (content === undefined || !revision.success)
    return refused(describeColumn(field === form.idField ? 'RowKey' : field, columns, known))
  const { version = 1, changedBy, changedAt } = revision.data
  return { item: { ...content, version, changedBy, changedAt } }
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

function valuesOf(
  { idField, keyPrefix }: Form,
  columns: ReadonlyMap<string, unknown>,
  known: ReadonlyMap<string, Column>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Array.from(columns, ([name, column]) =>
      name === 'RowKey'
        ? [idField, typeof column === 'string' ? column.slice(keyPrefix.length) : column]
        : [name, valueOfColumn[known.get(name)?.kind ?? 'text'](column)],
    ),
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

function flagOfText(column: unknown): unknown {
  return column === 'true' || (column === 'false' ? false : column)
}

function describeUnknown(one: string, name: string, known: ReadonlyMap<string, Column>): string {
  return `${quote(name)} is not a column of a ${one}; the columns are ${[...known.keys()].join(', ')}`
}

function describeColumn(
  name: string,
  columns: ReadonlyMap<string, unknown>,
  known: ReadonlyMap<string, Column>,
): string {
  const column: Column = known.get(name) ?? { kind: 'text', expected: 'left out' }
  const { expected, expectedInColumn = expected, isNeverQuoted } = column
  const seen = columns.get(name)
  const text = typeof seen === 'string' ? seen : ''
  const hidden = hiddenIn(text)
  const advice = adviceOn(column, text)
  const described =
    isNeverQuoted && seen !== undefined ? 'something else, which is not shown here' : quote(seen)
  return [
    `${name} is ${seen === undefined ? 'missing' : described}; it must be ${expectedInColumn}`,
    ...(hidden === undefined ? [] : [`it holds ${hidden}, which does not show`]),
    ...(advice === undefined ? [] : [advice]),
  ].join('; ')
}
