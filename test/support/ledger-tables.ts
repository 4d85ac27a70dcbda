import { TableClient } from '@azure/data-tables'
import { GuardedTable } from '../../shared/storage/guarded-table.ts'
import type { Azurite } from './azurite.ts'

let tableCount = 0

/** A new table with a name of its own. */
export async function newTable(azurite: Azurite, name: string): Promise<GuardedTable> {
  tableCount += 1
  const client = TableClient.fromConnectionString(azurite.connectionString, `${name}${tableCount}`, {
    allowInsecureConnection: true,
  })
  const guarded = new GuardedTable(client)
  await guarded.create()
  return guarded
}
