import { type GuardedTable, RowChanged } from '../storage/guarded-table.ts'
import type { Place } from './keys.ts'

/** Removes a row that is still as it was read or written; false when it was changed in between, and stays. */
export async function removeUnchanged(
  table: Pick<GuardedTable, 'remove'>,
  { partitionKey, rowKey }: Place,
  etag: string,
): Promise<boolean> {
  try {
    await table.remove(partitionKey, rowKey, etag)
    return true
  } catch (error) {
    if (!(error instanceof RowChanged)) throw error
    return false
  }
}
