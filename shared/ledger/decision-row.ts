import { odata } from '@azure/data-tables'
import type { LogEntry } from '../domain/log-entry.ts'
import type { StoredRow } from '../storage/guarded-table.ts'
import type { LedgerTable } from './indexes.ts'
import { placeOfDecision } from './keys.ts'
import { chainedOf } from './rows.ts'

/** Rows of one key, in the partitions that begin so: ids hold only the beginning of a partition key. */
export function rowsBeginningWith(
  table: Pick<LedgerTable, 'query'>,
  { keyStart, rowKey }: { readonly keyStart: string; readonly rowKey: string },
): AsyncIterable<StoredRow> {
  return table.query(
    odata`PartitionKey ge ${keyStart} and PartitionKey lt ${`${keyStart}g`} and RowKey eq ${rowKey}`,
  )
}

/**
 * The row of the log with which a decision was logged; undefined when there is none, or the id cannot be one.
 * @throws UnreadableRow
 */
export async function decisionRow(
  requests: LedgerTable,
  decisionId: string,
): Promise<{ readonly row: StoredRow; readonly entry: LogEntry } | undefined> {
  const place = placeOfDecision(decisionId)
  if (!place) return undefined
  for await (const row of rowsBeginningWith(requests, place)) {
    const { entry } = chainedOf(requests.name, row)
    if (entry.decisionId === decisionId) return { row, entry }
  }
  return undefined
}
