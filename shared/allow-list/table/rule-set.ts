import type { RuleSet } from '../../domain/rule.ts'
import { hashRules } from '../rule/hash.ts'
import { itemsOf, type ListRows } from './rows.ts'

const maxProblemsShown = 3

/**
 * The rules among the rows, lowest id first; incomplete when any row is neither a rule nor the list's own. Channels and
 * routes play no part, not even those that cannot be read.
 */
export function ruleSetOf(rows: ListRows): RuleSet {
  const all = Array.from(rows.values())
  const problems = all.flatMap((row) =>
    row.kind === 'unusable' && row.concerns === 'rules' ? row.problem : [],
  )
  if (problems.length > 0) {
    const usable = all.filter(({ kind }) => kind === 'rules').length
    return { complete: false, problem: describeRows(problems, usable + problems.length) }
  }
  const rules = itemsOf(rows, 'rules').toSorted((a, b) => (a.id < b.id ? -1 : 1))
  return { complete: true, rules, hash: hashRules(rules) }
}

function describeRows(problems: readonly string[], rows: number): string {
  const shown = problems.toSorted().slice(0, maxProblemsShown)
  const more = problems.length - shown.length
  return [
    `${problems.length} of ${rows} rows cannot be used.`,
    ...shown,
    ...(more > 0 ? [`And ${more} more.`] : []),
  ].join(' ')
}
