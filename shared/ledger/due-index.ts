import { odata } from '@azure/data-tables'
import { isJobRef, isMessageRef } from '../domain/delivery-ref.ts'
import { type Row, type StoredRow, textColumn } from '../storage/guarded-table.ts'
import { isSettled, type LedgerTable } from './indexes.ts'
import { schemaVersion } from './read-row.ts'
import { type ReportUnreadable, UnreadableRow } from './unreadable-row.ts'

/** Partitions of what waits: notifications that have not joined a case, messages of cases, and decisions on cases. */
export type DuePartition = 'due' | 'due-messages' | 'due-jobs'

const timeLength = '2026-11-21T08:00:00.000Z'.length

/** The index row of a notification, message or job that waits. */
export function dueRow(ref: string, dueAt: string): Row {
  return { partitionKey: partitionOf(ref), rowKey: `${dueAt}:${ref}`, columns: { schemaVersion } }
}

/** What an index row names. */
export function refIn(row: StoredRow): string {
  return refOfKey(textColumn(row, 'rowKey'))
}

/** Twice as long as the longest wait for another try. */
const maxDueAheadMs = 7_200_000
/** A row that cannot be read is reported again after that. */
const unreadableMs = 600_000

/** Whether something is due. A time that is too far ahead counts as now. */
export function isDueAt(dueAt: string, now: Date): boolean {
  return dueAt <= now.toISOString() || dueAt > tooFarAhead(now)
}

/** Index rows that are due, longest waiting first; then those whose time is too far ahead. */
async function* dueRows(index: LedgerTable, partition: DuePartition, now: Date): AsyncGenerator<StoredRow> {
  const after = `${now.toISOString()};`
  yield* index.query(odata`PartitionKey eq ${partition} and RowKey lt ${after}`)
  yield* index.query(odata`PartitionKey eq ${partition} and RowKey ge ${`${tooFarAhead(now)};`}`)
}

function tooFarAhead(now: Date): string {
  return new Date(now.getTime() + maxDueAheadMs).toISOString()
}

/** Where what is due stands. */
export interface DuePlace {
  readonly index: LedgerTable
  readonly partition: DuePartition
  readonly now: Date
  readonly report: ReportUnreadable
  /** Undefined: there is no such row. @throws UnreadableRow */
  readonly statusOf: (ref: string) => Promise<DueStatus | undefined>
}

/** `later`: by its row; a step that makes it due may be under way. `over`: it does not wait at that time any more. */
export type DueStatus = 'due' | 'later' | 'over'

/**
 * What is due, longest waiting first, up to a limit. An unreadable one is reported and postponed for ten minutes: it must
 * neither be lost nor block the others. Index rows that are obsolete are removed.
 */
export async function dueRefs(place: DuePlace, max: number): Promise<readonly string[]> {
  const refs = new Set<string>()
  for await (const row of dueRows(place.index, place.partition, place.now)) {
    if (refs.size === max) break
    const ref = refIn(row)
    if (!refs.has(ref) && (await isDue(place, ref, row))) refs.add(ref)
  }
  return [...refs]
}

async function isDue(
  { index, now, report, statusOf }: DuePlace,
  ref: string,
  row: StoredRow,
): Promise<boolean> {
  const rowKey = textColumn(row, 'rowKey')
  try {
    const status = await statusOf(ref)
    if (status === 'due') return true
    if (status === 'over' || isSettled(row, now)) await removeDue(index, rowKey)
  } catch (error) {
    if (!(error instanceof UnreadableRow)) throw error
    report(error)
    await moveDue(index, ref, rowKey, new Date(now.getTime() + unreadableMs).toISOString())
  }
  return false
}

/** Moves an index row to another time: the new row first, so that a crash leaves two and never none. */
async function moveDue(index: LedgerTable, ref: string, fromRowKey: string, dueAt: string): Promise<void> {
  await index.putDerived(dueRow(ref, dueAt))
  await removeDue(index, fromRowKey)
}

/** Removes the index row of a past time, or of what does not wait any more. */
export async function removeDue(index: LedgerTable, rowKey: string): Promise<void> {
  await index.removeDerived(partitionOf(refOfKey(rowKey)), rowKey)
}

function refOfKey(rowKey: string): string {
  return rowKey.slice(timeLength + 1)
}

function partitionOf(ref: string): DuePartition {
  if (isJobRef(ref)) return 'due-jobs'
  return isMessageRef(ref) ? 'due-messages' : 'due'
}
