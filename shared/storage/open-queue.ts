import { QueueClient, type StoragePipelineOptions } from '@azure/storage-queue'
import type { CredentialSource, StorageAccess } from './access.ts'

/** One queue of the app's storage. */
export async function openQueue(
  access: StorageAccess,
  name: string,
  credential: CredentialSource,
  options: StoragePipelineOptions = {},
): Promise<QueueClient> {
  if (access.kind === 'connection-string') return new QueueClient(access.connectionString, name, options)
  const address = new URL(name, `${access.queueServiceUri.replace(/\/$/, '')}/`)
  return new QueueClient(address.href, await credential(), options)
}
