import { z } from 'zod'
import type { Revision } from '../../domain/rule.ts'
import { areTags, objectOfTags, shortTime, type Stated, statedFields } from '../rule/content.ts'
import type { Value } from '../rule/field.ts'
import { type Form, type ListName, schemasOf } from '../rule/form.ts'
import { line, time, wholeNumber } from '../rule/values.ts'
import { forms } from '../routing/forms.ts'

/** Columns of a row in addition to the item's content. */
const ownColumns = {
  version: { ...wholeNumber(999_999_999), expected: 'a whole number from 1 (or left out for 1)' },
  changedBy: line,
  changedAt: time,
} as const satisfies Readonly<Record<string, Value>>

export type Column = Pick<Value, 'kind' | 'expected' | 'expectedInColumn' | 'mistakes' | 'isNeverQuoted'>

const partitionKey: Column = { kind: 'text', expected: 'rule' }

/** The columns of an item's row by name. */
export const columnsOf: Readonly<Record<ListName, ReadonlyMap<string, Column>>> = {
  rules: allColumns(forms.rules),
  channels: allColumns(forms.channels),
  routes: allColumns(forms.routes),
}

function allColumns({ fields, idField }: Form): ReadonlyMap<string, Column> {
  const { [idField]: id, ...others } = fields
  return new Map(
    Object.entries({ PartitionKey: partitionKey, ...(id && { RowKey: id }), ...others, ...ownColumns }),
  )
}

/** Who wrote a row, after numbers and times were parsed from text. */
export const revisionSchema = z.object(schemasOf(ownColumns))

export const revisionColumns: readonly string[] = Object.keys(ownColumns)

/**
 * The columns of an item's row, without its keys: the row key holds its id. Reading them back gives the same item.
 * Fields at their default are left out.
 */
export function columnsOfItem(form: Form, item: Revision): Readonly<Record<string, string | number>> {
  const { version, changedBy, changedAt } = item
  const stated = statedFields(form, item).flatMap(([name, value]): [string, string | number][] =>
    name === form.idField ? [] : [[name, columnOf(value)]],
  )
  return {
    ...Object.fromEntries(stated),
    version,
    ...(changedBy === undefined ? {} : { changedBy }),
    ...(changedAt === undefined ? {} : { changedAt: shortTime(changedAt) }),
  }
}

function columnOf(value: Stated): string | number {
  if (typeof value === 'boolean') return String(value)
  if (typeof value !== 'object') return value
  return areTags(value) ? JSON.stringify(objectOfTags(value)) : value.join(', ')
}
