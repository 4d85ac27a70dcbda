import type { GuardedTable } from '../../storage/guarded-table.ts'
import { forms } from '../routing/forms.ts'
import { type ListRow, rulePartition } from '../table/rows.ts'
import { lastEntries } from './history.ts'
import type { ListState } from './list-state.ts'
import { type RecordedRow, recordedItem, recordedUnusable } from './log.ts'

/** A rule, channel or route that differs from the log: the table was changed without `apply`. */
export interface Drift {
  /** The row key. */
  readonly ruleId: string
  readonly how: 'added by hand' | 'changed by hand' | 'removed by hand'
}

/** A longer log is not read: every plan would take longer than the one before. */
const maxEntriesRead = 50_000

/**
 * Compares the items in the table with the log, by row key. Undefined when the log has more than 50,000 entries.
 * @param onProgress entries of the log that were read, and all.
 */
export async function driftOf(
  table: GuardedTable,
  state: ListState,
  onProgress?: (done: number, total: number) => void,
): Promise<readonly Drift[] | undefined> {
  if (state.head !== undefined && state.head.sequence > maxEntriesRead) return undefined
  const last = await lastEntries(table, onProgress)
  const now = new Map(Array.from(state.rows.values()).flatMap(recordedNow))
  const ids = Array.from(new Set([...last.keys(), ...now.keys()])).sort()
  return ids.flatMap((ruleId) => {
    const how = howItDiffers(last.get(ruleId)?.after, now.get(ruleId))
    return how ? { ruleId, how } : []
  })
}

function recordedNow(row: ListRow): [string, RecordedRow][] {
  if (row.partitionKey !== rulePartition || row.kind === 'head') return []
  return [
    [row.rowKey, row.kind === 'unusable' ? recordedUnusable(row) : recordedItem(forms[row.kind], row.item)],
  ]
}

function howItDiffers(
  logged: RecordedRow | undefined,
  now: RecordedRow | undefined,
): Drift['how'] | undefined {
  if (!logged) return now && 'added by hand'
  if (!now) return 'removed by hand'
  return spelled(logged) === spelled(now) ? undefined : 'changed by hand'
}

function spelled({ columns }: RecordedRow): string {
  return JSON.stringify(Object.entries(columns).sort(([a], [b]) => (a < b ? -1 : 1)))
}
