import { AllowListStore } from './allow-list/table/store.ts'
import { managedIdentity, signedIn } from './config/credential.ts'
import { readSettings, type Settings } from './config/settings.ts'
import { tableNames } from './config/table-names.ts'
import { Floods } from './ledger/floods.ts'
import { Ledger } from './ledger/ledger.ts'
import { Marks } from './ledger/marks.ts'
import { TargetWork } from './ledger/target-work.ts'
import { createPrivateLink } from './private-link/index.ts'
import { ReviewQueue, reviewQueueName } from './queue/review-queue.ts'
import type { ReviewPorts } from './review/ports.ts'
import { GuardedTable } from './storage/guarded-table.ts'
import { openQueue } from './storage/open-queue.ts'
import { openTable } from './storage/open-table.ts'
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
  const { storage } = settings
  const identity = managedIdentity(storage.kind === 'identity' ? storage.clientId : undefined)
  const open = async (name: keyof typeof tableNames) =>
    new GuardedTable(await openTable(storage, tableNames[name], () => identity))
  const allowList = await open('allowList')
  const requests = await open('requests')
  const requestIndex = await open('requestIndex')
  const targetWork = await open('targetWork')
  const floods = await open('floods')
  const queue = await openQueue(storage, reviewQueueName, () => identity)
  await Promise.all([
    allowList.create(),
    requests.create(),
    requestIndex.create(),
    targetWork.create(),
    floods.create(),
    queue.createIfNotExists(),
  ])
  const now = () => new Date()
  return {
    ...createPrivateLink({
      armEndpoint: settings.armEndpoint,
      credential: signedIn(settings),
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
    queue: new ReviewQueue(queue),
    log: currentLog,
    now,
  }
}
