import type { BlobServiceClient, ContainerClient } from '@azure/storage-blob'

/** When a timer ran and will run; `undefined` before the first run. */
export interface TimerStatus {
  last: Date | undefined
  next: Date
  lastUpdated: Date | undefined
}

/** Stores the statuses of an app's timers, each in a blob in `azure-webjobs-hosts`, as the real host does. */
export interface TimerStatusStore {
  read(functionName: string): Promise<TimerStatus | undefined>
  write(functionName: string, status: TimerStatus): Promise<void>
}

const never = '0001-01-01T00:00:00+00:00'

/** A time as the app sees it; before the first run it is the year 1 (seen with host 4.1037). */
export function timeText(time: Date | undefined): string {
  return time ? time.toISOString().replace('Z', '+00:00') : never
}

/** @param hostId distinguishes the timers of several apps in one account */
export function createTimerStatusStore(service: BlobServiceClient, hostId: string): TimerStatusStore {
  const container = service.getContainerClient('azure-webjobs-hosts')
  return {
    read: async (functionName) => {
      const blob = blobOf(container, hostId, functionName)
      if (!(await blob.exists())) return undefined
      const stored = JSON.parse((await blob.downloadToBuffer()).toString()) as Record<string, string>
      return {
        last: time(stored['Last']),
        next: time(stored['Next']) ?? new Date(0),
        lastUpdated: time(stored['LastUpdated']),
      }
    },
    write: async (functionName, status) => {
      await container.createIfNotExists()
      const text = JSON.stringify({
        Last: timeText(status.last),
        Next: timeText(status.next),
        LastUpdated: timeText(status.lastUpdated),
      })
      await blobOf(container, hostId, functionName).upload(text, Buffer.byteLength(text))
    },
  }
}

function blobOf(container: ContainerClient, hostId: string, functionName: string) {
  return container.getBlockBlobClient(`timers/${hostId}/Host.Functions.${functionName}/status`)
}

function time(text: string | undefined): Date | undefined {
  return text === undefined || text === never ? undefined : new Date(text)
}
