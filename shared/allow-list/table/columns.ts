import type { Rule } from '../../domain/rule.ts'
import { areTags, objectOfTags, shortTime, type Stated, statedFields } from '../rule/content.ts'
import type { Value } from '../rule/field.ts'
import { contentFields, contentSchema, schemasOf } from '../rule/fields.ts'
import { line, time, wholeNumber } from '../rule/values.ts'

/** Columns of a row in addition to the rule's content. */
const ownColumns = {
  version: { ...wholeNumber(999_999_999), expected: 'a whole number from 1 (or left out for 1)' },
  changedBy: line,
  changedAt: time,
} as const satisfies Readonly<Record<string, Value>>

type Column = Pick<Value, 'kind' | 'expected' | 'expectedInColumn'>

const partitionKey: Column = { kind: 'text', expected: 'rule' }
const { id, ...contentColumns } = contentFields

/** The columns of a rule's row by name. */
export const ruleColumns: ReadonlyMap<string, Column> = new Map(
  Object.entries({ PartitionKey: partitionKey, RowKey: id, ...contentColumns, ...ownColumns }),
)

/** A row without its partition key, after lists, tags and numbers were parsed from text. */
export const rowSchema = contentSchema.extend(schemasOf(ownColumns))

/**
 * The columns of a rule's row, without its keys: the row key is the rule's id. Reading them back gives the same rule.
 * Fields at their default are left out.
 */
export function columnsOfRule(rule: Rule): Readonly<Record<string, string | number>> {
  const { version, changedBy, changedAt } = rule
  const stated = statedFields(rule).flatMap(([name, value]): [string, string | number][] =>
    name === 'id' ? [] : [[name, columnOf(value)]],
  )
  return {
    ...Object.fromEntries(stated),
    version,
    ...(changedBy === undefined ? {} : { changedBy }),
    ...(changedAt === undefined ? {} : { changedAt: shortTime(changedAt) }),
  }
}

function columnOf(value: Stated): string | number {
  if (typeof value !== 'object') return value
  return areTags(value) ? JSON.stringify(objectOfTags(value)) : value.join(', ')
}
