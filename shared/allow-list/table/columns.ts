import type { Rule } from '../../domain/rule.ts'
import { objectOfTags, shortTime, type Stated, statedFields } from '../rule/content.ts'

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
  return 'tags' in value ? JSON.stringify(objectOfTags(value)) : value.join(', ')
}
