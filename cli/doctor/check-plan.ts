import { checkAllowList, checkLint } from './allow-list.ts'
import { checkAppHealth, checkAppReady } from './app.ts'
import { checkChannels } from './channels.ts'
import type { CheckRun } from './check.ts'
import type { CheckId } from './checks.ts'
import { checkEvents } from './events.ts'
import { checkClock, checkIdentity } from './identity.ts'
import {
  checkNotificationPoisonQueue,
  checkNotificationQueue,
  checkReviewPoisonQueue,
  checkReviewQueue,
} from './queues.ts'
import { checkPermissions } from './roles.ts'
import { checkManagedTenants, checkSettings, checkStoragePlace } from './settings.ts'
import { checkTableWrite, checkTables } from './storage.ts'
import { checkSubscriptions } from './subscriptions.ts'

interface Planned {
  readonly run: CheckRun
  /** Without a pass or warning of these it is not worth looking. */
  readonly after: readonly CheckId[]
}

const needsStorage: readonly CheckId[] = ['settings', 'storage-place']
const needsAzure: readonly CheckId[] = ['settings', 'identity']

/** How each check runs, and which checks must pass before it. */
export const checkPlan: Readonly<Record<CheckId, Planned>> = {
  settings: { run: checkSettings, after: [] },
  'managed-tenants': { run: checkManagedTenants, after: ['settings'] },
  identity: { run: checkIdentity, after: ['settings'] },
  clock: { run: checkClock, after: needsAzure },
  subscriptions: { run: checkSubscriptions, after: needsAzure },
  permissions: { run: checkPermissions, after: [...needsAzure, 'subscriptions'] },
  'storage-place': { run: checkStoragePlace, after: ['settings'] },
  tables: { run: checkTables, after: needsStorage },
  'table-write': { run: checkTableWrite, after: [...needsStorage, 'tables'] },
  'review-queue': { run: checkReviewQueue, after: needsStorage },
  'review-poison-queue': { run: checkReviewPoisonQueue, after: needsStorage },
  'notification-queue': { run: checkNotificationQueue, after: needsStorage },
  'notification-poison-queue': { run: checkNotificationPoisonQueue, after: needsStorage },
  'allow-list': { run: checkAllowList, after: [...needsStorage, 'tables'] },
  lint: { run: checkLint, after: [...needsStorage, 'allow-list'] },
  events: { run: checkEvents, after: [...needsAzure, 'subscriptions'] },
  'app-health': { run: checkAppHealth, after: [] },
  'app-ready': { run: checkAppReady, after: ['app-health'] },
  channels: { run: checkChannels, after: [] },
}
