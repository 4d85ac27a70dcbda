import type { Rule, RuleContent } from '../../domain/rule.ts'
import { type Head, headKey } from '../table/head.ts'
import { headIn, keyOfRow, type ListRows, rulePartition, type UnusableRow } from '../table/rows.ts'
import { type Plan, planChanges } from './plan.ts'

/** The list as it stands in the table, for whoever wants to change it. */
export interface ListState {
  /** Lowest id first. */
  readonly rules: readonly Rule[]
  /** Rows that are no rules, or lie where no rule may: while there is one, the list decides nothing. */
  readonly unusable: readonly UnusableRow[]
  /** Undefined before the first apply, and when somebody removed or broke it. */
  readonly head: Head | undefined
  /** An apply that is under way, or was left unfinished: the list decides nothing until one runs to its end. */
  readonly unfinished: Head | undefined
  readonly isTableMissing: boolean
  /** With their ETags: what a plan is bound to. */
  readonly rows: ListRows
}

/** A plan for a table, bound to what stood there when it was made. */
export interface ListPlan extends Plan {
  /** Rows that are no rules and become one: not among those added. */
  readonly replaced: readonly { readonly before: UnusableRow; readonly after: RuleContent }[]
  /** Rows that are no rules and go. */
  readonly discarded: readonly UnusableRow[]
  /** True when the row `~head` is to be written anew although no rule changes: it is broken, or an apply unfinished. */
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
 * What it takes to make the list in the table say exactly what is wanted. Rows that are no rules are replaced by the
 * rule of their id, or go.
 * @throws RangeError when an id is wanted twice.
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

/** How many changes, and entries of the log, the plan makes. */
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
