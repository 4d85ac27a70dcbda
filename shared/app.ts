import { TableClient } from '@azure/data-tables'
import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity'
import { QueueClient } from '@azure/storage-queue'
import { AllowListStore } from './allow-list/index.ts'
import { tableNames } from './config/table-names.ts'
import { readSettings, type Settings, type StorageAccess } from './config/settings.ts'
import { Floods } from './ledger/floods.ts'
import { Ledger } from './ledger/ledger.ts'
import { Marks } from './ledger/marks.ts'
import { isEmulator } from './storage/emulator.ts'
import { GuardedTable } from './storage/guarded-table.ts'
import { TargetWork } from './ledger/target-work.ts'
import { createPrivateLink } from './private-link/index.ts'
import { ReviewQueue, reviewQueueName } from './queue/review-queue.ts'
import type { ReviewPorts } from './review/ports.ts'
import { defaultTimings, spedUp } from './review/schedule.ts'
import { currentLog } from './telemetry/current-log.ts'

const userAgent = 'private-endpoint-approver'
let started: Promise<ReviewPorts> | undefined

/**
 * The app, built once from the environment, at the first call. A failed start is tried again at the next one.
 * @throws SettingsError when a setting is missing or wrong.
 */
export function startedApp(): Promise<ReviewPorts> {
  started ??= createApp(readSettings(process.env)).catch((error: unknown) => {
    started = undefined
    throw error
  })
  return started
}

/** Puts the adapters together, and makes the tables and the queue if they are not there. */
async function createApp(settings: Settings): Promise<ReviewPorts> {
  const storage = storageClients(settings.storage)
  const allowList = new GuardedTable(storage.table(tableNames.allowList))
  const requests = new GuardedTable(storage.table(tableNames.requests))
  const requestIndex = new GuardedTable(storage.table(tableNames.requestIndex))
  const targetWork = new GuardedTable(storage.table(tableNames.targetWork))
  const floods = new GuardedTable(storage.table(tableNames.floods))
  await Promise.all([
    allowList.create(),
    requests.create(),
    requestIndex.create(),
    targetWork.create(),
    floods.create(),
    storage.queue.createIfNotExists(),
  ])
  const now = () => new Date()
  return {
    ...createPrivateLink({
      armEndpoint: settings.armEndpoint,
      credential: credentialFor(settings),
      managedTenants: settings.managedTenants,
      services: settings.services,
      loginHosts: settings.loginHosts,
      userAgent,
      log: currentLog,
      now,
    }),
    rules: new AllowListStore(allowList),
    ledger: new Ledger(requests, requestIndex),
    marks: new Marks(requestIndex),
    floods: new Floods(floods),
    floodLimits: settings.floodLimits,
    work: new TargetWork(targetWork),
    timings: spedUp(defaultTimings, settings.reviewSpeed),
    queue: new ReviewQueue(storage.queue),
    log: currentLog,
    now,
  }
}

function credentialFor(settings: Settings): TokenCredential {
  return new DefaultAzureCredential({
    disableInstanceDiscovery: settings.disableInstanceDiscovery,
    ...(settings.clientId ? { managedIdentityClientId: settings.clientId } : {}),
  })
}

interface StorageClients {
  readonly table: (name: string) => TableClient
  readonly queue: QueueClient
}

function storageClients(access: StorageAccess): StorageClients {
  if (access.kind === 'connection-string') {
    const { connectionString } = access
    return {
      table: (name) =>
        TableClient.fromConnectionString(connectionString, name, {
          allowInsecureConnection: isEmulator(connectionString),
        }),
      queue: new QueueClient(connectionString, reviewQueueName),
    }
  }
  const credential = new ManagedIdentityCredential(access.clientId ? { clientId: access.clientId } : {})
  return {
    table: (name) => new TableClient(access.tableServiceUri, name, credential),
    queue: new QueueClient(new URL(reviewQueueName, withSlash(access.queueServiceUri)).href, credential),
  }
}

function withSlash(uri: string): string {
  return uri.endsWith('/') ? uri : `${uri}/`
}
