import { odata } from '@azure/data-tables'
import { inParallel } from '../storage/in-parallel.ts'
import { type Row, RowChanged, type StoredRow } from '../storage/guarded-table.ts'
import { indexRowsOfMessage } from './case-index.ts'
import { caseMessageOf } from './case-rows.ts'
import { dueRow } from './due-index.ts'
import { endedRows } from './ended-index.ts'
import { isBorneOut, type LedgerTable, type Pointers, pointersOf, recordKeyIn } from './indexes.ts'
import { refOf, stateRowKey } from './keys.ts'
import { placeOf } from './read-row.ts'
import { storedNotificationOf } from './outbox-row.ts'
import { chainedOf, dayRowOfStored, recordOf } from './rows.ts'
import { type ReportUnreadable, UnreadableRow } from './unreadable-row.ts'

const atOnce = 16
const batchSize = 256

/**
 * Writes the index rows that are missing for what was touched since, and sees to it that every pointer to an unfinished
 * record has its counterpart, and that no pointer is wrong. Returns how many rows were written or removed. Rows that
 * cannot be read are reported and left out.
 */
export async function repairIndexes(
  requests: LedgerTable,
  index: LedgerTable,
  pointers: Pointers,
  since: Date,
  report: ReportUnreadable,
): Promise<number> {
  const written = await writeMissing(requests, index, since, report)
  return written + (await checkPointers(requests, index, pointers, since))
}

/** By every reader of pointers. */
const alreadyReported: ReportUnreadable = () => undefined

/** A writer that was slow may have left a pointer too late, or been taken for dead before it wrote the record. */
async function checkPointers(
  requests: LedgerTable,
  index: LedgerTable,
  pointers: Pointers,
  since: Date,
): Promise<number> {
  const found = await Array.fromAsync(pointers.toCheck(since))
  const counts = await inParallel(found, atOnce, async (pointer) => {
    const key = recordKeyIn(pointer)
    const row = await requests.read(key, stateRowKey)
    const [record] = row ? reported(alreadyReported, () => [recordOf(requests.name, row)]) : []
    if (row && !record) return 0
    const request = record?.request
    if (!request || !isBorneOut(pointer, key, request)) return Number(await pointers.removeStale(pointer))
    const missing = await inParallel(pointersOf(key, request), 1, (other) => putMissing(index, other))
    return missing.filter(Boolean).length
  })
  return counts.reduce((sum, count) => sum + count, 0)
}

async function writeMissing(
  requests: LedgerTable,
  index: LedgerTable,
  since: Date,
  report: ReportUnreadable,
): Promise<number> {
  let written = 0
  let batch: Row[] = []
  const flush = async (): Promise<void> => {
    const counts = await inParallel(batch, atOnce, (row) => putMissing(index, row))
    written += counts.filter(Boolean).length
    batch = []
  }
  for await (const row of requests.query(odata`Timestamp ge ${since}`)) {
    batch.push(...reported(report, () => indexRowsOf(requests.name, row)))
    if (batch.length >= batchSize) await flush()
  }
  await flush()
  return written
}

/** Every index row that a row has to have. */
function indexRowsOf(table: string, row: StoredRow): readonly Row[] {
  const place = placeOf(row)
  if (place.rowKey === stateRowKey) return pointersOf(place.partitionKey, recordOf(table, row).request)
  if (place.rowKey.startsWith('log:'))
    return [dayRowOfStored(table, row), ...endedRows(place, chainedOf(table, row).entry)]
  if (place.rowKey.startsWith('message:')) return indexRowsOfMessage(refOf(place), caseMessageOf(table, row))
  if (!place.rowKey.startsWith('outbox:')) return []
  const { deliveredAt, dueAt } = storedNotificationOf(table, row)
  return deliveredAt === undefined ? [dueRow(refOf(place), dueAt)] : []
}

function reported<T>(report: ReportUnreadable, read: () => readonly T[]): readonly T[] {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof UnreadableRow)) throw error
    report(error)
    return []
  }
}

/** True when the row was missing. A concurrent writer writes the right one. */
async function putMissing(index: LedgerTable, row: Row): Promise<boolean> {
  if (await index.read(row.partitionKey, row.rowKey)) return false
  try {
    await index.insert(row)
    return true
  } catch (error) {
    if (!(error instanceof RowChanged)) throw error
    return false
  }
}
