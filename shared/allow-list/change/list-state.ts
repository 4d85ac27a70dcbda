import type { Rule, RuleContent } from '../../domain/rule.ts'
import { type Head, headKey } from '../table/head.ts'
import { headIn, keyOfRow, type ListRows, rulePartition, type UnusableRow } from '../table/rows.ts'
import { type Plan, planChanges } from './plan.ts'

/** The list in the table, as read before a change. */
export interface ListState {
  /** Lowest id first. */
  readonly rules: readonly Rule[]
  /** Rows that are no rules, or are where no rule may be: while there is one, the list decides nothing. */
  readonly unusable: readonly UnusableRow[]
  /** Undefined before the first apply, and when the row was removed or damaged. */
  readonly head: Head | undefined
  /** A running or unfinished apply: the list decides nothing until one completes. */
  readonly unfinished: Head | undefined
  readonly isTableMissing: boolean
  /** With the ETags that a plan is bound to. */
  readonly rows: ListRows
}

/** A plan for a table, bound to the rows that it is based on. */
export interface ListPlan extends Plan {
  /** Rows that are no rules and are replaced by one; not among `added`. */
  readonly replaced: readonly { readonly before: UnusableRow; readonly after: RuleContent }[]
  /** Rows that are no rules and are removed. */
  readonly discarded: readonly UnusableRow[]
  /** True when `~head` is written again although no rule changes: it is damaged, or an apply is unfinished. */
  readonly fixesHead: boolean
  readonly state: ListState
}

export function stateOf(rows: ListRows, isTableMissing = false): ListState {
  const all = Array.from(rows.values())
  const head = headIn(rows)?.head
  return {
    rules: all.flatMap((row) => (row.kind === 'rule' ? row.rule : [])).sort((a, b) => (a.id < b.id ? -1 : 1)),
    unusable: all.filter((row) => row.kind === 'unusable'),
    head,
    unfinished: head?.applyingSince === undefined ? undefined : head,
    isTableMissing,
    rows,
  }
}

/**
 * The plan that makes the list in the table equal to the desired one. Rows that are no rules are replaced by the rule
 * with their id, or removed.
 * @throws RangeError when an id is desired twice.
 */
export function planFor(state: ListState, desired: readonly RuleContent[]): ListPlan {
  const plan = planChanges(state.rules, desired)
  const desiredIds = new Set(desired.map(({ id }) => id))
  const others = state.unusable.filter((row) => !isHeadRow(row))
  const replaceable = new Map(
    others.filter((row) => row.partitionKey === rulePartition).map((row) => [row.rowKey, row]),
  )
  return {
    ...plan,
    added: plan.added.filter(({ id }) => !replaceable.has(id)),
    replaced: plan.added.flatMap((after) => {
      const before = replaceable.get(after.id)
      return before ? [{ before, after }] : []
    }),
    discarded: others.filter((row) => row.partitionKey !== rulePartition || !desiredIds.has(row.rowKey)),
    fixesHead: state.unfinished !== undefined || state.unusable.some(isHeadRow),
    state,
  }
}

/** The number of changes, and of log entries, that the plan makes. */
export function countOfChanges({ added, changed, removed, replaced, discarded }: ListPlan): number {
  return [added, changed, removed, replaced, discarded].reduce((sum, part) => sum + part.length, 0)
}

/** True when applying the plan writes nothing. */
export function changesNothing(plan: ListPlan): boolean {
  return !plan.fixesHead && countOfChanges(plan) === 0
}

/** The ETag of the row `~head`, whatever it holds; undefined when there is none. */
export function etagOfHead({ rows }: ListState): string | undefined {
  return rows.get(keyOfRow({ partitionKey: rulePartition, rowKey: headKey }))?.etag || undefined
}

function isHeadRow({ partitionKey, rowKey }: UnusableRow): boolean {
  return partitionKey === rulePartition && rowKey === headKey
}
