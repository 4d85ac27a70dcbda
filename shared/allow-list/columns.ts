import type { Rule, Tag } from '../domain/rule.ts'
import { shortTime, statedFields, type Stated } from './content.ts'

/**
 * The columns of a rule's row, without its keys: the row key is the rule's id. Reading them back gives the same rule.
 * What means the same when it is left out is left out.
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
  return isTags(value) ? JSON.stringify(objectOf(value)) : value.join(', ')
}

function isTags(value: readonly string[] | readonly Tag[]): value is readonly Tag[] {
  return typeof value[0] === 'object'
}

function objectOf(tags: readonly Tag[]): object {
  return Object.fromEntries(tags.map(({ name, value }) => [name, value]))
}
