import { odata } from '@azure/data-tables'
import { inParallel } from '../storage/in-parallel.ts'
import { type Row, RowChanged, type StoredRow } from '../storage/guarded-table.ts'
import { dueRow } from './due-index.ts'
import { type LedgerTable, pointersOf } from './indexes.ts'
import { refOf, stateRowKey } from './keys.ts'
import { placeOf } from './read-row.ts'
import { storedNotificationOf } from './outbox-row.ts'
import { dayRowOfStored, recordOf } from './rows.ts'
import { type ReportUnreadable, UnreadableRow } from './unreadable-row.ts'

const atOnce = 16
const batchSize = 256

/**
 * Writes the index rows that are missing, for what was touched since. Returns how many there were. Rows that cannot be
 * read are reported and left out.
 */
export async function repairIndexes(
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
  if (place.rowKey.startsWith('log:')) return [dayRowOfStored(table, row)]
  const { deliveredAt, dueAt } = storedNotificationOf(table, row)
  return deliveredAt === undefined ? [dueRow(refOf(place), dueAt)] : []
}

function reported(report: ReportUnreadable, read: () => readonly Row[]): readonly Row[] {
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
