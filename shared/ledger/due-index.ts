import { odata } from '@azure/data-tables'
import type { OutboxRef } from '../ports/outbox.ts'
import { type Row, type StoredRow, textColumn } from '../storage/guarded-table.ts'
import type { LedgerTable } from './indexes.ts'
import { schemaVersion } from './read-row.ts'

const duePartition = 'due'
const timeLength = '2026-11-21T08:00:00.000Z'.length

/** The index row of an undelivered notification. */
export function dueRow(ref: OutboxRef, dueAt: string): Row {
  return { partitionKey: duePartition, rowKey: `${dueAt}:${ref}`, columns: { schemaVersion } }
}

/** The notification that an index row names. */
export function refIn(row: StoredRow): OutboxRef {
  return textColumn(row, 'rowKey').slice(timeLength + 1)
}

/** Three times as long as the longest wait for another try. */
const maxDueAheadMs = 1_800_000

/** Whether a notification is due. A time that is too far ahead counts as now. */
export function isDueAt(dueAt: string, now: Date): boolean {
  return dueAt <= now.toISOString() || dueAt > tooFarAhead(now)
}

/** Index rows that are due, longest waiting first; then those whose time is too far ahead. */
export async function* dueRows(index: LedgerTable, now: Date): AsyncGenerator<StoredRow> {
  const after = `${now.toISOString()};`
  yield* index.query(odata`PartitionKey eq ${duePartition} and RowKey lt ${after}`)
  yield* index.query(odata`PartitionKey eq ${duePartition} and RowKey ge ${`${tooFarAhead(now)};`}`)
}

function tooFarAhead(now: Date): string {
  return new Date(now.getTime() + maxDueAheadMs).toISOString()
}

/** Moves an index row to another time: the new row first, so that a crash leaves two and never none. */
export async function moveDue(
  index: LedgerTable,
  ref: OutboxRef,
  fromRowKey: string,
  dueAt: string,
): Promise<void> {
  await index.putDerived(dueRow(ref, dueAt))
  await index.removeDerived(duePartition, fromRowKey)
}

/** Removes the index row of a past time, or of a delivered notification. */
export async function removeDue(index: LedgerTable, rowKey: string): Promise<void> {
  await index.removeDerived(duePartition, rowKey)
}
