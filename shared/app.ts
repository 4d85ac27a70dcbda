import { randomBytes } from 'node:crypto'
import { RuleAdditions } from './allow-list/change/rule-additions.ts'
import { AllowListStore, usualCacheMilliseconds } from './allow-list/table/store.ts'
import { createMessageChannels, sendMs } from './channels/create-message-channels.ts'
import { NotificationLines } from './channels/log/notification-lines.ts'
import { RuleFileRoutes } from './channels/rule-file-routes.ts'
import { managedIdentity, signedIn } from './config/credential.ts'
import { readSettings, type Settings } from './config/settings.ts'
import { tableNames } from './config/table-names.ts'
import { Bursts } from './ledger/bursts.ts'
import { CaseRequests } from './ledger/case-requests.ts'
import { DecisionJobs } from './ledger/decision-jobs.ts'
import { Cases } from './ledger/cases.ts'
import { Claims } from './ledger/claims.ts'
import { Ledger } from './ledger/ledger.ts'
import { Checkpoints } from './ledger/checkpoints.ts'
import { Outbox } from './ledger/outbox.ts'
import { Requests } from './ledger/requests.ts'
import { SendCounters } from './ledger/sends.ts'
import { TargetWork } from './ledger/target-work.ts'
import type { UnreadableRow } from './ledger/unreadable-row.ts'
import { ReviewLinks } from './links/review-links.ts'
import { StoredKeys } from './links/storage/stored-keys.ts'
import { deliverDue, deliverOne } from './notify/deliver.ts'
import { ChannelPauses } from './notify/pauses.ts'
import type { DeliveryPorts } from './notify/ports.ts'
import { approveAndRemember, proposeRule } from './decide/approve-and-remember.ts'
import { decide } from './decide/decide.ts'
import { type CasePorts, decideCase } from './decide/decide-case.ts'
import { continueDueJobs, continueJob } from './decide/run-job.ts'
import { isJobRef } from './domain/delivery-ref.ts'
import { createPages, type Pages } from './pages/pages.ts'
import type { OutboxRef } from './ports/outbox.ts'
import type { ReviewMessage } from './ports/queue.ts'
import { createPrivateLink } from './private-link/index.ts'
import { NotificationQueue, notificationQueueName } from './queue/notification-queue.ts'
import { poisonQueueName } from './queue/poison-queue.ts'
import { ReviewQueue, reviewQueueName } from './queue/review-queue.ts'
import { askForReview, type ReviewHint } from './review/ask-for-review.ts'
import { finishOpenWork } from './review/finish-open-work.ts'
import { giveUpForNow } from './review/give-up.ts'
import { evaluateAgainOnChange } from './review/evaluate-again.ts'
import type { ReviewPorts } from './review/ports.ts'
import { type Readiness, readiness } from './review/readiness.ts'
import { review } from './review/review-target.ts'
import { defaultTimings, spedUp } from './review/schedule.ts'
import { sweep } from './review/sweep.ts'
import { createSignIn, missingSignIn, type SignIn } from './sign-in/sign-in.ts'
import { Sessions } from './sign-in/storage/sessions.ts'
import { createTenant } from './sign-in/tenant/tenant.ts'
import { namedGroups } from './sign-in/named-groups.ts'
import type { ChannelDefinition } from './domain/route.ts'
import { GuardedTable } from './storage/guarded-table.ts'
import { openQueue } from './storage/open-queue.ts'
import { openTable } from './storage/open-table.ts'
import { currentLog } from './telemetry/current-log.ts'

/** For the end of what a person decided; the response comes within 10 s. */
const maxApplyingMs = 8_000
/** A person waits so long for what they decided about a case; after that, its page says how far it is. */
const maxDecidingMs = 6_000
const userAgent = 'private-endpoint-approver'
let started: Promise<App> | undefined

/** The use cases of the app, one for each function. */
export interface App {
  /** An event named a target, or an ordinary endpoint. */
  readonly askForReview: (hint: ReviewHint) => Promise<void>
  readonly review: (message: ReviewMessage) => Promise<void>
  /** A review used up the tries of its queue message. */
  readonly giveUpForNow: (message: ReviewMessage) => Promise<void>
  readonly finishOpenWork: () => Promise<unknown>
  readonly evaluateAgain: () => Promise<unknown>
  readonly sweep: () => Promise<unknown>
  /** A queue message named a notification, a message about a case, or a decision on one. */
  readonly notify: (ref: OutboxRef) => Promise<void>
  readonly notifyDue: () => Promise<void>
  readonly readiness: () => Promise<Readiness>
  readonly signIn: SignIn
  readonly pages: Pages
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

async function createApp(settings: Settings): Promise<App> {
  const { ports, delivery, deciding, signIn, pages } = await adaptersOf(settings)
  return {
    askForReview: (hint) => askForReview(ports, hint),
    review: (message) => review(ports, message),
    giveUpForNow: (message) => giveUpForNow(ports, message),
    finishOpenWork: () => finishOpenWork(ports),
    evaluateAgain: () => evaluateAgainOnChange(ports),
    sweep: () => Promise.all([sweep(ports), signIn.forgetEnded()]),
    notify: (ref) => (isJobRef(ref) ? continueJob(deciding, ref) : deliverOne(delivery, ref)),
    notifyDue: () => inAnyCase([() => deliverDue(delivery), () => continueDueJobs(deciding)]),
    readiness: () => readiness(ports.rules, delivery.cases),
    signIn,
    pages,
  }
}

interface Adapters {
  readonly ports: ReviewPorts
  readonly delivery: DeliveryPorts
  readonly deciding: CasePorts
  readonly signIn: SignIn
  readonly pages: Pages
}

/** Puts the adapters together, and makes the tables and the queues if they are not there. */
async function adaptersOf(settings: Settings): Promise<Adapters> {
  const now = () => new Date()
  const storage = await storageOf(settings)
  const { requests, requestIndex } = storage
  const hints = new NotificationQueue(storage.notifications, currentLog)
  const privateLink = createPrivateLink({
    armEndpoint: settings.armEndpoint,
    credential: signedIn(settings),
    managedTenants: settings.managedTenants,
    services: settings.services,
    loginHosts: settings.loginHosts,
    ownTenantId: shownSettings(settings).ownTenantId,
    userAgent,
    log: currentLog,
    now,
  })
  const allowList = new AllowListStore(storage.allowList, {
    cacheMilliseconds: usualCacheMilliseconds / settings.reviewSpeed,
  })
  const ports: ReviewPorts = {
    ...privateLink,
    rules: allowList,
    routing: allowList,
    ledger: new Ledger(requests, requestIndex, logUnreadable),
    hints,
    checkpoints: new Checkpoints(requestIndex),
    bursts: new Bursts(storage.bursts),
    claims: new Claims(storage.claims),
    burstLimits: settings.burstLimits,
    questionExpiresAfter: settings.questionExpiresAfter,
    work: new TargetWork(storage.targetWork),
    timings: spedUp(defaultTimings, settings.reviewSpeed),
    queue: new ReviewQueue(storage.reviews),
    log: currentLog,
    now,
  }
  const signIn = signInOf(settings, ports, storage.sessions)
  const keys = new StoredKeys(storage.links, randomText, now)
  await keys.load()
  const links = new ReviewLinks({ keys, publicOrigin: signIn.publicOrigin, now })
  const delivery: DeliveryPorts = {
    outbox: new Outbox(requests, requestIndex, logUnreadable),
    cases: new Cases(requests, requestIndex, logUnreadable),
    sends: new SendCounters(storage.limits),
    routes: new RuleFileRoutes(allowList, channelsFrom(settings, now), currentLog),
    links: settings.signIn.kind === 'missing' ? undefined : links,
    hints,
    notificationLog: new NotificationLines(currentLog),
    pauses: new ChannelPauses(now),
    settings: { ...settings.notifications, ...shownSettings(settings) },
    sendMs,
    log: currentLog,
    now,
    random: Math.random,
  }
  const deciding = decidingOf(ports, storage)
  const pages = pagesOf(settings, storage, { deciding, links, publicOrigin: signIn.publicOrigin })
  return { ports, delivery, deciding, signIn, pages }
}

function decidingOf(
  ports: ReviewPorts,
  { requests: table, requestIndex }: Record<'requests' | 'requestIndex', GuardedTable>,
): CasePorts {
  const requests = new Requests(table, requestIndex, logUnreadable)
  const random = () => randomBytes(4).toString('hex')
  return {
    ...{ ...ports, requests },
    cases: new CaseRequests(table, requests, logUnreadable),
    jobs: new DecisionJobs(table, requestIndex, { report: logUnreadable, random, now: ports.now }),
  }
}

function pagesOf(
  configured: Settings,
  { allowList }: Record<'allowList', GuardedTable>,
  { deciding, links, publicOrigin }: { deciding: CasePorts; links: ReviewLinks; publicOrigin: string },
): Pages {
  const additions = new RuleAdditions(allowList)
  const remembering = { ...deciding, additions, maxApplyingMs }
  const settings = { ...shownSettings(configured), publicOrigin }
  return createPages({
    ...{ ...deciding, links, settings },
    decide: (decision, person) => decide(deciding, decision, person),
    decideCase: (decision, person) => decideCase(deciding, decision, person, maxDecidingMs),
    remember: {
      propose: (wish, person) => proposeRule(remembering, wish, person),
      approve: (wish, shownHash, person) => approveAndRemember(remembering, wish, shownHash, person),
    },
    maxApplyingMs,
    ruleOf: (ruleId) => additions.find(ruleId),
  })
}

/** All of it, and then the first error. */
async function inAnyCase(works: readonly (() => Promise<void>)[]): Promise<void> {
  const results = await Promise.allSettled(works.map((work) => work()))
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

/** What messages and pages show alike. */
function shownSettings({ portal, timeZone, signIn }: Settings) {
  return { portal, timeZone, ownTenantId: signIn.kind === 'complete' ? signIn.tenantId : undefined }
}

function randomText(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}

/** Channels read settings that rules name: all of the environment may be one. */
function channelsFrom(settings: Settings, now: () => Date) {
  const options = { credential: signedIn(settings), now, timeoutMs: sendMs }
  return (definitions: readonly ChannelDefinition[]) =>
    createMessageChannels(definitions, (name) => process.env[name], options)
}

function signInOf(
  settings: Settings,
  { rules, log, now }: Pick<ReviewPorts, 'rules' | 'log' | 'now'>,
  sessions: GuardedTable,
): SignIn {
  const { signIn } = settings
  if (signIn.kind === 'missing') return missingSignIn(signIn.names)
  return createSignIn({
    sessions: new Sessions(sessions),
    tenant: createTenant({ ...signIn, credential: signedIn(settings), log, now }),
    namedGroups: async () => namedGroups(await rules.load()),
    rules: signIn,
    random: randomText,
    now,
    log,
  })
}

async function storageOf({ storage }: Settings) {
  const identity = managedIdentity(storage.kind === 'identity' ? storage.clientId : undefined)
  const table = async (name: keyof typeof tableNames) => {
    const opened = new GuardedTable(await openTable(storage, tableNames[name], () => identity))
    await opened.create()
    return opened
  }
  const createdQueue = async (name: string) => {
    const opened = await openQueue(storage, name, () => identity)
    await opened.createIfNotExists()
    return opened
  }
  // Nobody else makes a poison queue before its first message, and the host warns each second while it is missing.
  const queue = async (name: string) => {
    const [opened] = await Promise.all([createdQueue(name), createdQueue(poisonQueueName(name))])
    return opened
  }
  const [allowList, requests, requestIndex, targetWork, bursts, claims, limits, sessions, links, ...queues] =
    await Promise.all([
      table('allowList'),
      table('requests'),
      table('requestIndex'),
      table('targetWork'),
      table('bursts'),
      table('claims'),
      table('limits'),
      table('sessions'),
      table('links'),
      queue(reviewQueueName),
      queue(notificationQueueName),
    ])
  const [reviews, notifications] = queues
  return {
    ...{ allowList, requests, requestIndex, targetWork, bursts, claims, limits, sessions, links },
    ...{ reviews, notifications },
  }
}

function logUnreadable(row: UnreadableRow): void {
  currentLog.error('A row of the ledger cannot be used.', {
    metric: 'ledger.unreadable',
    problem: row.message,
  })
}
