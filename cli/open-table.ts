import { TableClient } from '@azure/data-tables'
import type { TokenCredential } from '@azure/identity'
import type { StorageAccess } from '../shared/config/settings.ts'
import { isEmulator } from '../shared/storage/emulator.ts'
import { CommandFailed } from './io.ts'

const retryOptions = { maxRetries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 5_000 }

/**
 * One table of the app's storage.
 * @throws CommandFailed (2) when the connection string is none; it is not repeated, as it may hold a key.
 */
export async function openTable(
  access: StorageAccess,
  name: string,
  credential: () => Promise<TokenCredential>,
): Promise<TableClient> {
  if (access.kind === 'identity') {
    return new TableClient(access.tableServiceUri, name, await credential(), { retryOptions })
  }
  try {
    return TableClient.fromConnectionString(access.connectionString, name, {
      retryOptions,
      allowInsecureConnection: isEmulator(access.connectionString),
    })
  } catch {
    throw new CommandFailed(
      'The connection string (--storage or AzureWebJobsStorage) is none; wanted: "DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…".',
      2,
    )
  }
}
