import { allowListLook, lintLook } from './allow-list.ts'
import { appHealthLook, appReadyLook } from './app.ts'
import { channelsLook } from './channels.ts'
import type { Look } from './check.ts'
import type { CheckId } from './checks.ts'
import { eventsLook } from './events.ts'
import { clockLook, identityLook } from './identity.ts'
import { poisonQueueLook, reviewQueueLook } from './queues.ts'
import { permissionsLook } from './roles.ts'
import { managedTenantsLook, settingsLook, storagePlaceLook } from './settings.ts'
import { tableWriteLook, tablesLook } from './storage.ts'
import { subscriptionsLook } from './subscriptions.ts'

interface Planned {
  readonly look: Look
  /** Without a pass or warning of these it is not worth looking. */
  readonly after: readonly CheckId[]
}

const needsStorage: readonly CheckId[] = ['settings', 'storage-place']
const needsAzure: readonly CheckId[] = ['settings', 'identity']

/** How each check looks, and what has to be well before. */
export const looks: Readonly<Record<CheckId, Planned>> = {
  settings: { look: settingsLook, after: [] },
  'managed-tenants': { look: managedTenantsLook, after: ['settings'] },
  identity: { look: identityLook, after: ['settings'] },
  clock: { look: clockLook, after: needsAzure },
  subscriptions: { look: subscriptionsLook, after: needsAzure },
  permissions: { look: permissionsLook, after: [...needsAzure, 'subscriptions'] },
  'storage-place': { look: storagePlaceLook, after: ['settings'] },
  tables: { look: tablesLook, after: needsStorage },
  'table-write': { look: tableWriteLook, after: [...needsStorage, 'tables'] },
  'review-queue': { look: reviewQueueLook, after: needsStorage },
  'poison-queue': { look: poisonQueueLook, after: needsStorage },
  'allow-list': { look: allowListLook, after: [...needsStorage, 'tables'] },
  lint: { look: lintLook, after: [...needsStorage, 'allow-list'] },
  events: { look: eventsLook, after: [...needsAzure, 'subscriptions'] },
  'app-health': { look: appHealthLook, after: [] },
  'app-ready': { look: appReadyLook, after: ['app-health'] },
  channels: { look: channelsLook, after: [] },
}
