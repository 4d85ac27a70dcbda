import type { Revision } from '../../domain/rule.ts'
import type { Row, Step } from '../../storage/guarded-table.ts'
import type { Form, ListName } from '../rule/form.ts'
import { forms, listNames } from '../routing/forms.ts'
import { columnsOfItem } from '../table/columns.ts'
import { itemFromRow } from '../table/row.ts'
import {
  keyOfItem,
  keyOfRow,
  listOfKey,
  type ListRows,
  rulePartition,
  type UnusableRow,
} from '../table/rows.ts'
import { type ListPlan, type PartPlan, partsOf } from './list-state.ts'
import { type Author, type RecordedRow, recordedItem, recordedUnusable, type RuleChange } from './log.ts'

/** One change of the list with the step that makes it. */
export interface PreparedChange extends RuleChange {
  readonly version: number
  /** Undefined for a row of another partition, which cannot be in a transaction with rules. */
  readonly step: Step | undefined
}

/**
 * The changes of a plan, in the order in which they are made. Channels and routes come first, in an order in which no
 * route is ever without its channels. Of rules, restrictions are added first and removed last, so that a half-done apply
 * approves nothing that neither the former nor the new list approves. This does not hold when several rules, among them a
 * `deny` or `ask`, change whom they apply to in different transactions.
 * @param known highest logged version of each new row key.
 * @throws RangeError when the row of an item could not be read back as that item.
 */
export function changesOf(
  plan: ListPlan,
  author: Author,
  known: ReadonlyMap<string, number>,
): readonly PreparedChange[] {
  const parts = partsOf(plan)
  return [
    ...listNames.flatMap((list) => changesOfPart(list, parts[list], plan.state.rows, author, known)),
    ...plan.discarded.map(discarded),
  ].sort((a, b) => rankOf(a) - rankOf(b) || (a.ruleId < b.ruleId ? -1 : 1))
}

function changesOfPart(
  list: ListName,
  { added, changed, removed, replaced }: PartPlan<object>,
  rows: ListRows,
  author: Author,
  known: ReadonlyMap<string, number>,
): readonly PreparedChange[] {
  const form = forms[list]
  const keyOf = (item: object): string => keyOfItem(form, item)
  const write = (content: object, before: RecordedRow | undefined, lastVersion: number) => {
    const revision = { version: lastVersion + 1, changedBy: author.who, changedAt: author.at.toISOString() }
    return written(form, { ...content, ...revision }, before, rows)
  }
  return [
    ...added.map((item) => write(item, undefined, known.get(keyOf(item)) ?? 0)),
    ...changed.map(({ before, after }) => write(after, recordedItem(form, before), before.version)),
    ...replaced.map(({ before, after }) =>
      write(after, recordedUnusable(before), Math.max(known.get(keyOf(after)) ?? 0, statedVersion(before))),
    ),
    ...removed.map((item): PreparedChange => ({
      action: 'removed',
      ruleId: keyOf(item),
      before: recordedItem(form, item),
      after: undefined,
      version: item.version,
      step: { kind: 'remove', ...placeOf(keyOf(item)), etag: etagOf(rows, keyOf(item)) ?? '' },
    })),
  ]
}

function written(
  form: Form,
  item: Revision,
  before: RecordedRow | undefined,
  rows: ListRows,
): PreparedChange {
  const key = keyOfItem(form, item)
  const row = { ...placeOf(key), columns: columnsOfItem(form, item) }
  checkReadable(form, row)
  const etag = etagOf(rows, key)
  return {
    action: before ? 'changed' : 'added',
    ruleId: key,
    before,
    after: recordedItem(form, item),
    version: item.version,
    step: etag === undefined ? { kind: 'insert', row } : { kind: 'replace', row, etag },
  }
}

function discarded(row: UnusableRow): PreparedChange {
  const { partitionKey, rowKey, etag } = row
  return {
    action: 'removed',
    ruleId: rowKey,
    before: recordedUnusable(row),
    after: undefined,
    version: statedVersion(row),
    step: partitionKey === rulePartition ? { kind: 'remove', partitionKey, rowKey, etag } : undefined,
  }
}

/** One row that is no rule would stop every automatic decision. */
function checkReadable(form: Form, { partitionKey, rowKey, columns }: Row): void {
  const { problem } = itemFromRow(form, { partitionKey, rowKey, ...columns })
  if (problem !== undefined) throw new RangeError(`This ${form.one} cannot be written. ${problem}`)
}

/** By the effect of a row before and after. Rows that are no rules go last: while there is one, nothing is decided. */
const rank = {
  'none to restrict': 0,
  'allow to restrict': 0,
  'none to none': 0,
  'allow to none': 1,
  'allow to allow': 2,
  'restrict to restrict': 3,
  'restrict to none': 4,
  'none to allow': 5,
  'restrict to allow': 5,
  'of no rule': 6,
} as const

/** Before all rules. */
const rankOfRouting = {
  'channels written': -4,
  'routes written': -3,
  'routes removed': -2,
  'channels removed': -1,
} as const

function rankOf({ ruleId, before, after }: PreparedChange): number {
  const list = listOfKey(ruleId)
  if (list !== 'rules') return rankOfRouting[`${list} ${after ? 'written' : 'removed'}`]
  if (before?.problem !== undefined) return rank['of no rule']
  return rank[`${workOf(before)} to ${workOf(after)}`]
}

/** A rule in mode `audit` decides nothing. */
function workOf(row: RecordedRow | undefined): 'none' | 'allow' | 'restrict' {
  if (!row || row.columns['mode'] === 'audit') return 'none'
  return row.columns['effect'] === 'allow' ? 'allow' : 'restrict'
}

function statedVersion({ columns }: UnusableRow): number {
  const version = Number(columns['version'])
  return Number.isInteger(version) && version > 0 ? version : 0
}

function placeOf(rowKey: string): { readonly partitionKey: string; readonly rowKey: string } {
  return { partitionKey: rulePartition, rowKey }
}

function etagOf(rows: ListRows, rowKey: string): string | undefined {
  return rows.get(keyOfRow(placeOf(rowKey)))?.etag
}
