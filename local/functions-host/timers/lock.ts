import type { BlobServiceClient, BlockBlobClient, ContainerClient } from '@azure/storage-blob'
import { messageOf } from '../failure.ts'
import type { TimerLockSettings } from '../host-json.ts'
import type { Log } from '../logger.ts'

/** The right to run one timer, renewed until it is released. */
export interface TimerLock {
  release: () => Promise<void>
}

/**
 * One lease for each timer, on a blob in `azure-webjobs-hosts`: of several hosts, the one that has it runs the timer
 * (azure-webjobs-sdk, SingletonListener and SingletonManager). A host that is killed leaves it until it runs out.
 */
export interface TimerLocks {
  recoveryPollingMs: number
  /** undefined: another host has it, or had it until it was killed. */
  take(functionName: string): Promise<TimerLock | undefined>
}

/** @param hostId distinguishes the timers of several apps in one account */
export function createTimerLocks(
  service: BlobServiceClient,
  hostId: string,
  { periodMs, recoveryPollingMs }: TimerLockSettings,
  log: Log,
): TimerLocks {
  const container = service.getContainerClient('azure-webjobs-hosts')
  return {
    recoveryPollingMs,
    take: async (functionName) => {
      const blob = await lockBlob(container, `locks/${hostId}/Host.Functions.${functionName}.Listener`)
      const lease = blob.getBlobLeaseClient()
      if (!(await unlessTaken(() => lease.acquireLease(periodMs / 1000)))) return undefined
      const renewing = setInterval(() => {
        lease.renewLease().catch((error: unknown) => {
          log('warning', 'Host.Singleton', `The lease of ${functionName} is not renewed: ${messageOf(error)}`)
        })
      }, periodMs / 2)
      return {
        release: async () => {
          clearInterval(renewing)
          await unlessTaken(() => lease.releaseLease())
        },
      }
    },
  }
}

async function lockBlob(container: ContainerClient, name: string): Promise<BlockBlobClient> {
  const blob = container.getBlockBlobClient(name)
  await container.createIfNotExists()
  if (!(await blob.exists())) await unlessTaken(() => blob.upload('', 0))
  return blob
}

/** False when somebody else has the lease. */
async function unlessTaken(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call()
    return true
  } catch (error) {
    const { statusCode } = error as { statusCode?: number }
    if (statusCode === 409 || statusCode === 412) return false
    throw error
  }
}
