import type { TokenCredential } from '@azure/identity'
import { QueueClient } from '@azure/storage-queue'
import type { StorageAccess } from '../shared/config/settings.ts'

const options = { retryOptions: { maxTries: 1 } }

/** One queue of the app's storage. Each call is tried once. */
export async function openQueue(
  access: StorageAccess,
  name: string,
  credential: () => Promise<TokenCredential>,
): Promise<QueueClient> {
  if (access.kind === 'connection-string') return new QueueClient(access.connectionString, name, options)
  const address = new URL(name, `${access.queueServiceUri.replace(/\/$/, '')}/`)
  return new QueueClient(address.href, await credential(), options)
}
