import type { BlobServiceClient } from '@azure/storage-blob'
import type { QueueServiceClient } from '@azure/storage-queue'
import { StartFailure } from './failure.ts'

export interface Storage {
  /** Queues of the account that a binding's `connection` names; empty: AzureWebJobsStorage. */
  queues(connection: string): Promise<QueueServiceClient>
  /** Blobs of AzureWebJobsStorage, or undefined when there is no such setting. */
  blobs(): Promise<BlobServiceClient | undefined>
}

// A local emulator responds at once or not at all; the listeners retry anyway.
const retryOptions = { maxTries: 2, retryDelayInMs: 200, tryTimeoutInMs: 30_000 }

/**
 * Storage clients by the name of the setting with the connection string: NAME itself, else AzureWebJobsNAME (Microsoft
 * documentation). The SDKs are loaded on first use, because that takes a third of a second.
 */
export function createStorage(settings: NodeJS.ProcessEnv): Storage {
  const services = new Map<string, Promise<QueueServiceClient>>()
  return {
    queues: (connection) => {
      const text = connectionString(settings, connection)
      const known = services.get(text)
      if (known) return known
      const made = import('@azure/storage-queue').then(({ QueueServiceClient }) =>
        QueueServiceClient.fromConnectionString(text, { retryOptions }),
      )
      services.set(text, made)
      return made
    },
    blobs: async () => {
      if (!settings['AzureWebJobsStorage']) return undefined
      const { BlobServiceClient } = await import('@azure/storage-blob')
      return BlobServiceClient.fromConnectionString(connectionString(settings, ''), { retryOptions })
    },
  }
}

/** @throws StartFailure when no setting of that name holds a connection string */
export function connectionString(settings: NodeJS.ProcessEnv, connection: string): string {
  const name = connection === '' ? 'AzureWebJobsStorage' : connection
  const names = [name, `AzureWebJobs${name}`]
  const text = names.map((each) => settings[each]).find((value) => value !== undefined && value !== '')
  if (text === undefined) {
    throw new StartFailure(
      `The setting ${names.join(' or ')} is missing: it holds the connection string of a storage account.`,
    )
  }
  return text
}
