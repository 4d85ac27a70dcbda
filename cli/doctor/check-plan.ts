import { checkAllowList, checkLint } from './allow-list.ts'
import { checkAppHealth, checkAppReady } from './app.ts'
import { checkApprovers } from './approvers.ts'
import { checkChannels, checkChannelServices } from './channels.ts'
import type { CheckRun } from './check.ts'
import type { CheckId } from './checks.ts'
import { checkEvents } from './events.ts'
import { checkClock, checkIdentity } from './identity.ts'
import { checkLinkKeys } from './link-keys.ts'
import { checkNobodyNotified } from './nobody-notified.ts'
import {
  checkNotificationPoisonQueue,
  checkNotificationQueue,
  checkReviewPoisonQueue,
  checkReviewQueue,
} from './queues.ts'
import { checkPermissions } from './roles.ts'
import { checkRoutes } from './routes.ts'
import { checkManagedTenants, checkSettings, checkStoragePlace } from './settings.ts'
import { checkSignIn, checkSignInAddress, checkSignInTenant } from './sign-in.ts'
import { checkTableWrite, checkTables } from './storage.ts'
import { checkSubscriptions } from './subscriptions.ts'

interface Planned {
  readonly run: CheckRun
  /** Without a pass or warning of these it is not worth looking. */
  readonly after: readonly CheckId[]
}

const needsStorage: readonly CheckId[] = ['settings', 'storage-place']
const needsTables: readonly CheckId[] = [...needsStorage, 'tables']
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
  'table-write': { run: checkTableWrite, after: needsTables },
  'review-queue': { run: checkReviewQueue, after: needsStorage },
  'review-poison-queue': { run: checkReviewPoisonQueue, after: needsStorage },
  'notification-queue': { run: checkNotificationQueue, after: needsStorage },
  'notification-poison-queue': { run: checkNotificationPoisonQueue, after: needsStorage },
  'allow-list': { run: checkAllowList, after: needsTables },
  lint: { run: checkLint, after: [...needsStorage, 'allow-list'] },
  events: { run: checkEvents, after: [...needsAzure, 'subscriptions'] },
  'app-health': { run: checkAppHealth, after: [] },
  'app-ready': { run: checkAppReady, after: ['app-health'] },
  channels: { run: checkChannels, after: needsTables },
  'channel-services': { run: checkChannelServices, after: needsTables },
  routes: { run: checkRoutes, after: needsTables },
  'nobody-notified': { run: checkNobodyNotified, after: needsTables },
  approvers: { run: checkApprovers, after: needsTables },
  'sign-in': { run: checkSignIn, after: ['settings'] },
  'sign-in-address': { run: checkSignInAddress, after: ['settings', 'sign-in'] },
  'sign-in-tenant': { run: checkSignInTenant, after: ['settings', 'sign-in'] },
  'link-keys': { run: checkLinkKeys, after: needsTables },
}
