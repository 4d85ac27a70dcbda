import type { Rule, RuleContent } from '../../domain/rule.ts'
import type { Row, Step } from '../../storage/guarded-table.ts'
import { columnsOfRule } from '../table/columns.ts'
import { ruleFromRow } from '../table/row.ts'
import { keyOfRow, type ListRows, rulePartition, type UnusableRow } from '../table/rows.ts'
import type { ListPlan } from './list-state.ts'
import { type Author, type RecordedRow, recordedRule, recordedUnusable, type RuleChange } from './log.ts'

/** One change of the list with the step that makes it. */
export interface PreparedChange extends RuleChange {
  readonly version: number
  /** Undefined for a row of another partition, which cannot be in a transaction with rules. */
  readonly step: Step | undefined
}

/**
 * The changes of a plan, in the order in which they are made. Restrictions are added first and removed last, so that a
 * half-done apply approves nothing that neither the former nor the new list approves. This does not hold when several
 * rules, among them a `deny` or `ask`, change whom they apply to in different transactions.
 * @param known highest logged version of each new id.
 * @throws RangeError when the row of a rule could not be read back as that rule.
 */
export function changesOf(
  plan: ListPlan,
  author: Author,
  known: ReadonlyMap<string, number>,
): readonly PreparedChange[] {
  const rows = plan.state.rows
  const write = (content: RuleContent, before: RecordedRow | undefined, lastVersion: number) => {
    const after = {
      ...content,
      version: lastVersion + 1,
      changedBy: author.who,
      changedAt: author.at.toISOString(),
    }
    return written(after, before, rows)
  }
  return [
    ...plan.added.map((rule) => write(rule, undefined, known.get(rule.id) ?? 0)),
    ...plan.changed.map(({ before, after }) => write(after, recordedRule(before), before.version)),
    ...plan.replaced.map(({ before, after }) =>
      write(after, recordedUnusable(before), Math.max(known.get(after.id) ?? 0, statedVersion(before))),
    ),
    ...plan.removed.map((rule): PreparedChange => ({
      action: 'removed',
      ruleId: rule.id,
      before: recordedRule(rule),
      after: undefined,
      version: rule.version,
      step: { kind: 'remove', ...placeOf(rule.id), etag: etagOf(rows, rule.id) ?? '' },
    })),
    ...plan.discarded.map(discarded),
  ].sort((a, b) => rankOf(a) - rankOf(b) || (a.ruleId < b.ruleId ? -1 : 1))
}

function written(rule: Rule, before: RecordedRow | undefined, rows: ListRows): PreparedChange {
  const row = { ...placeOf(rule.id), columns: columnsOfRule(rule) }
  checkReadable(row)
  const etag = etagOf(rows, rule.id)
  return {
    action: before ? 'changed' : 'added',
    ruleId: rule.id,
    before,
    after: recordedRule(rule),
    version: rule.version,
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
function checkReadable({ partitionKey, rowKey, columns }: Row): void {
  const { problem } = ruleFromRow({ partitionKey, rowKey, ...columns })
  if (problem !== undefined) throw new RangeError(`This rule cannot be written. ${problem}`)
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

function rankOf({ before, after }: PreparedChange): number {
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

function placeOf(ruleId: string): { readonly partitionKey: string; readonly rowKey: string } {
  return { partitionKey: rulePartition, rowKey: ruleId }
}

function etagOf(rows: ListRows, ruleId: string): string | undefined {
  return rows.get(keyOfRow(placeOf(ruleId)))?.etag
}
