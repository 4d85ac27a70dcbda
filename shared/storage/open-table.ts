import { TableClient, type TableServiceClientOptions } from '@azure/data-tables'
import { ConnectionStringError, type CredentialSource, type StorageAccess } from './access.ts'
import { isEmulator } from './emulator.ts'

/**
 * One table of the app's storage.
 * @throws ConnectionStringError when the connection string is none.
 */
export async function openTable(
  access: StorageAccess,
  name: string,
  credential: CredentialSource,
  options: TableServiceClientOptions = {},
): Promise<TableClient> {
  if (access.kind === 'identity')
    return new TableClient(access.tableServiceUri, name, await credential(), options)
  const { connectionString } = access
  try {
    return TableClient.fromConnectionString(connectionString, name, {
      ...options,
      allowInsecureConnection: isEmulator(connectionString),
    })
  } catch (error) {
    throw new ConnectionStringError({ cause: error })
  }
}
