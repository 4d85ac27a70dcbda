import type { GuardedTable } from '../../storage/guarded-table.ts'
import { headKey } from './head.ts'
import { filterOfWholeLog, keyOfRow, type ListRows, rulePartition, type UnusableRow } from './rows.ts'

const place = { partitionKey: rulePartition, rowKey: headKey }

/** Stands for the row `~head` that somebody removed: without an ETag, since there is none. */
const lostHead: UnusableRow = {
  ...place,
  etag: '',
  kind: 'unusable',
  problem:
    `Row "${headKey}" is missing although changes were written, so nobody knows whether the last apply was finished; ` +
    'running apply again with its file fixes it.',
  columns: {},
}

/**
 * The same rows; or, when the head was removed while there is a log, with a row in its place that cannot be used: an
 * apply may be half done, and the head would have said so.
 */
export async function withLostHead(
  table: GuardedTable,
  rows: ListRows,
  signal: AbortSignal,
): Promise<ListRows> {
  if (rows.has(keyOfRow(place)) || !(await table.hasAny(filterOfWholeLog, signal))) return rows
  // The very first apply may have written both since the rows were read.
  if (await table.read(rulePartition, headKey, signal)) return rows
  return new Map([...rows, [keyOfRow(place), lostHead]])
}
