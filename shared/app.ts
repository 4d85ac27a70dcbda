import { TableClient } from '@azure/data-tables'
import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity'
import { QueueClient } from '@azure/storage-queue'
import { AllowListStore } from './allow-list/index.ts'
import { tableNames } from './config/table-names.ts'
import { readSettings, type Settings, type StorageAccess } from './config/settings.ts'
import { LogChannel } from './channels/log/log-channel.ts'
import { Floods } from './ledger/floods.ts'
import { Ledger } from './ledger/ledger.ts'
import { Marks } from './ledger/marks.ts'
import { Outbox } from './ledger/outbox.ts'
import type { UnreadableRow } from './ledger/unreadable-row.ts'
import type { DeliveryPorts } from './notify/deliver.ts'
import type { NotificationHintPort } from './ports/outbox.ts'
import { isEmulator } from './storage/emulator.ts'
import { GuardedTable } from './storage/guarded-table.ts'
import { TargetWork } from './ledger/target-work.ts'
import { createPrivateLink } from './private-link/index.ts'
import { NotificationQueue, notificationQueueName } from './queue/notification-queue.ts'
import { ReviewQueue, reviewQueueName } from './queue/review-queue.ts'
import type { ReviewPorts } from './review/ports.ts'
import { currentLog } from './telemetry/current-log.ts'

const userAgent = 'private-endpoint-approver'
let started: Promise<App> | undefined

/** What functions call use cases with. */
export interface App extends ReviewPorts {
  readonly hints: NotificationHintPort
  readonly delivery: DeliveryPorts
}

/**
 * The app, built once from the environment, at the first call. A failed start is tried again at the next one.
 * @throws SettingsError when a setting is missing or wrong.
 */
export function startedApp(): Promise<App> {
  started ??= createApp(readSettings(process.env)).catch((error: unknown) => {
    started = undefined
    throw error
  })
  return started
}

/** Puts the adapters together, and makes the tables and the queues if they are not there. */
async function createApp(settings: Settings): Promise<App> {
  const storage = storageClients(settings.storage)
  const allowList = new GuardedTable(storage.table(tableNames.allowList))
  const requests = new GuardedTable(storage.table(tableNames.requests))
  const requestIndex = new GuardedTable(storage.table(tableNames.requestIndex))
  const targetWork = new GuardedTable(storage.table(tableNames.targetWork))
  const floods = new GuardedTable(storage.table(tableNames.floods))
  const reviews = storage.queue(reviewQueueName)
  const notifications = storage.queue(notificationQueueName)
  await Promise.all([
    allowList.create(),
    requests.create(),
    requestIndex.create(),
    targetWork.create(),
    floods.create(),
    reviews.createIfNotExists(),
    notifications.createIfNotExists(),
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
    ledger: new Ledger(requests, requestIndex, logUnreadable),
    hints: new NotificationQueue(notifications, currentLog),
    delivery: {
      outbox: new Outbox(requests, requestIndex, logUnreadable),
      channels: [new LogChannel(currentLog)],
      log: currentLog,
      random: Math.random,
    },
    marks: new Marks(requestIndex),
    floods: new Floods(floods),
    floodLimits: settings.floodLimits,
    work: new TargetWork(targetWork, currentLog, now),
    queue: new ReviewQueue(reviews),
    log: currentLog,
    now,
  }
}

function logUnreadable(row: UnreadableRow): void {
  currentLog.error('A row of the ledger cannot be used.', {
    metric: 'ledger.unreadable',
    problem: row.message,
  })
}

function credentialFor(settings: Settings): TokenCredential {
  return new DefaultAzureCredential({
    disableInstanceDiscovery: settings.disableInstanceDiscovery,
    ...(settings.clientId ? { managedIdentityClientId: settings.clientId } : {}),
  })
}

interface StorageClients {
  readonly table: (name: string) => TableClient
  readonly queue: (name: string) => QueueClient
}

function storageClients(access: StorageAccess): StorageClients {
  if (access.kind === 'connection-string') {
    const { connectionString } = access
    return {
      table: (name) =>
        TableClient.fromConnectionString(connectionString, name, {
          allowInsecureConnection: isEmulator(connectionString),
        }),
      queue: (name) => new QueueClient(connectionString, name),
    }
  }
  const credential = new ManagedIdentityCredential(access.clientId ? { clientId: access.clientId } : {})
  return {
    table: (name) => new TableClient(access.tableServiceUri, name, credential),
    queue: (name) => new QueueClient(new URL(name, withSlash(access.queueServiceUri)).href, credential),
  }
}

function withSlash(uri: string): string {
  return uri.endsWith('/') ? uri : `${uri}/`
}
