import type { Rule, RuleContent } from '../../domain/rule.ts'
import type { Form, ListName } from '../rule/form.ts'
import { forms, type ListContent, listNames } from '../routing/forms.ts'
import { routingProblems } from '../routing/references.ts'
import { type Head, headKey } from '../table/head.ts'
import { channelsIn, routesIn } from '../table/routing-set.ts'
import {
  headIn,
  type ItemOf,
  itemsOf,
  keyOfItem,
  keyOfRow,
  type ListRows,
  rulePartition,
  type UnusableRow,
} from '../table/rows.ts'
import { type Plan, planChanges } from './plan.ts'

/** The list in the table, as read before a change. */
export interface ListState {
  /** Lowest id first. */
  readonly rules: readonly Rule[]
  /** Lowest name first. */
  readonly channels: readonly ItemOf<'channels'>[]
  /** In the order in which they are tried. */
  readonly routes: readonly ItemOf<'routes'>[]
  /**
   * Rows that are no items, or are where none may be: while there is one that concerns rules, the list decides nothing.
   */
  readonly unusable: readonly UnusableRow[]
  /** Undefined before the first apply, and when the row was removed or damaged. */
  readonly head: Head | undefined
  /** A running or unfinished apply: the list decides nothing until one completes. */
  readonly unfinished: Head | undefined
  readonly isTableMissing: boolean
  /** With the ETags that a plan is bound to. */
  readonly rows: ListRows
}

/** The plan for one of the three lists. */
export interface PartPlan<Content extends object> extends Plan<Content> {
  /** Rows that are no items and are replaced by one; not among `added`. */
  readonly replaced: readonly { readonly before: UnusableRow; readonly after: Content }[]
}

/** A plan for a table, bound to the rows that it is based on. The plan for rules stands in it itself. */
export interface ListPlan extends PartPlan<RuleContent> {
  readonly channels: PartPlan<ListContent['channels'][number]>
  readonly routes: PartPlan<ListContent['routes'][number]>
  /** Rows that are no items and are removed. */
  readonly discarded: readonly UnusableRow[]
  /** True when `~head` is written again although nothing changes: it is damaged, or an apply is unfinished. */
  readonly fixesHead: boolean
  readonly state: ListState
}

export function stateOf(rows: ListRows, isTableMissing = false): ListState {
  const all = Array.from(rows.values())
  const head = headIn(rows)?.head
  return {
    rules: itemsOf(rows, 'rules').toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    channels: channelsIn(rows),
    routes: routesIn(rows),
    unusable: all.filter((row) => row.kind === 'unusable'),
    head,
    unfinished: head?.applyingSince === undefined ? undefined : head,
    isTableMissing,
    rows,
  }
}

/**
 * The plan that makes the list in the table equal to the desired one. Rows that are no items are replaced by the item with
 * their key, or removed.
 * @throws RangeError when an id is desired twice, a route names a channel that is not desired, or there are channels and not
 * one default route.
 */
export function planFor(state: ListState, desired: ListContent): ListPlan {
  const [problem] = routingProblems(desired)
  if (problem !== undefined)
    throw new RangeError(
      `${problem.list === 'routes' ? 'Route' : 'Channel'} "${problem.name}": ${problem.sentence}.`,
    )
  const others = state.unusable.filter((row) => !isHeadRow(row))
  const replaceable = new Map(
    others.filter((row) => row.partitionKey === rulePartition).map((row) => [row.rowKey, row]),
  )
  const desiredKeys = new Set(
    listNames.flatMap((list: ListName) => desired[list].map((item) => keyOfItem(forms[list], item))),
  )
  return {
    ...partOf(forms.rules, state.rules, desired.rules, replaceable),
    channels: partOf(forms.channels, state.channels, desired.channels, replaceable),
    routes: partOf(forms.routes, state.routes, desired.routes, replaceable),
    discarded: others.filter((row) => row.partitionKey !== rulePartition || !desiredKeys.has(row.rowKey)),
    fixesHead: state.unfinished !== undefined || state.unusable.some(isHeadRow),
    state,
  }
}

/** The plan that adds one rule to the list, and leaves all else as it is: rows of channels and routes that are none, too. */
export function planToAdd(state: ListState, rule: RuleContent): ListPlan {
  return {
    ...partOf(forms.rules, [], [rule], new Map()),
    unchanged: state.rules,
    channels: keeping(state.channels),
    routes: keeping(state.routes),
    discarded: [],
    fixesHead: false,
    state,
  }
}

function keeping<Content extends object>(unchanged: PartPlan<Content>['unchanged']): PartPlan<Content> {
  return { added: [], changed: [], removed: [], replaced: [], unchanged }
}

function partOf<Content extends object>(
  form: Form<Content>,
  current: Parameters<typeof planChanges<Content>>[1],
  desired: readonly Content[],
  replaceable: ReadonlyMap<string, UnusableRow>,
): PartPlan<Content> {
  const plan = planChanges(form, current, desired)
  return {
    ...plan,
    added: plan.added.filter((item) => !replaceable.has(keyOfItem(form, item))),
    replaced: plan.added.flatMap((after) => {
      const before = replaceable.get(keyOfItem(form, after))
      return before ? [{ before, after }] : []
    }),
  }
}

/** The parts of a plan: rules, channels, routes. */
export function partsOf(plan: ListPlan): Readonly<Record<ListName, PartPlan<object>>> {
  return { rules: plan, channels: plan.channels, routes: plan.routes }
}

/** The number of changes, and of log entries, that the plan makes. */
export function countOfChanges(plan: ListPlan): number {
  const changes = Object.values(partsOf(plan)).flatMap(({ added, changed, removed, replaced }) => [
    added,
    changed,
    removed,
    replaced,
  ])
  return [...changes, plan.discarded].reduce((sum, { length }) => sum + length, 0)
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
