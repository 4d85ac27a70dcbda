import { TableClient } from '@azure/data-tables'
import { tableNames } from '../shared/config/table-names.ts'
import { GuardedTable } from '../shared/storage/guarded-table.ts'

/** A table of the app in Azurite. */
export function tableIn(storage: string, name: keyof typeof tableNames): GuardedTable {
  const options = { allowInsecureConnection: true }
  return new GuardedTable(TableClient.fromConnectionString(storage, tableNames[name], options))
}
