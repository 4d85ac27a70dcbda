import type { LogEntry } from '../domain/log-entry.ts'
import { historyOwner } from '../domain/history-owner.ts'
import { isUnfinishedState } from '../domain/request.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import { type Row, type StoredRow, textColumn } from '../storage/guarded-table.ts'
import { hexOf, type Place, refOf } from './keys.ts'
import { schemaVersion } from './read-row.ts'

const recordKeyLength = 64
/** The newest is first: times count down from the year 2286. */
const lastMs = 9_999_999_999_999

/** Partition of what ended on a target. */
export function endedOnPartition(target: { readonly key: string }): string {
  return `ended-on:${hexOf(target.key)}`
}

/** Partition of what ended for a requester, or for an endpoint whose requester is not confirmed. */
export function endedOfPartition(requester: { readonly key: string }): string {
  return `ended-of:${hexOf(requester.key)}`
}

/** Index rows of an entry with which a request ended; none for another. `log`: where the entry lies. */
export function endedRows(log: Place, entry: LogEntry): readonly Row[] {
  if (isUnfinishedState(entry.state)) return []
  const target = parseResourceId(entry.subject.targetId)
  const owner = historyOwner(entry)
  const partitions = [target && endedOnPartition(target), owner && endedOfPartition(owner)]
  const rowKey = `${String(lastMs - Date.parse(entry.at)).padStart(13, '0')}:${refOf(log)}`
  return partitions.flatMap((partitionKey) =>
    partitionKey === undefined ? [] : [{ partitionKey, rowKey, columns: { schemaVersion } }],
  )
}

/** Where the entry lies that an index row points to. */
export function placeOfEnded(row: StoredRow): Place {
  const [, ref = ''] = /^\d+:(.*)$/.exec(textColumn(row, 'rowKey')) ?? []
  return { partitionKey: ref.slice(0, recordKeyLength), rowKey: ref.slice(recordKeyLength + 1) }
}
