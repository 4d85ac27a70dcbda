import type { GuardedTable } from '../../storage/guarded-table.ts'
import { headKey } from './head.ts'
import { filterOfWholeLog, keyOfRow, type ListRows, rulePartition, type UnusableRow } from './rows.ts'

const place = { partitionKey: rulePartition, rowKey: headKey }

/** Takes the place of a removed `~head`; without an ETag, since the row does not exist. */
const lostHead: UnusableRow = {
  ...place,
  etag: '',
  kind: 'unusable',
  concerns: 'rules',
  problem:
    `Row "${headKey}" is missing although changes were written, so nobody knows whether the last apply was finished; ` +
    'running apply again with its file fixes it.',
  columns: {},
}

/**
 * The same rows. If the head was removed although there is a log, with an unusable row in its place: an apply may be
 * half done, and only the head would have shown it.
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
