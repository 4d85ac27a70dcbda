import { setTimeout } from 'node:timers/promises'
import { NotificationLines } from '../../shared/channels/log/notification-lines.ts'
import type { Askers } from '../../shared/domain/askers.ts'
import type { ConnectionWrite, WriteOutcome } from '../../shared/domain/connection-write.ts'
import type { Connection } from '../../shared/domain/connection.ts'
import { type BurstWindow, keepsCaseOpen } from '../../shared/domain/burst.ts'
import type { LedgerChange } from '../../shared/domain/ledger-change.ts'
import type { LogEntry } from '../../shared/domain/log-entry.ts'
import type { Notification } from '../../shared/domain/notification.ts'
import type { Proof } from '../../shared/domain/proof.ts'
import { mayBeApprovedSince, isUnfinished } from '../../shared/domain/request.ts'
import type { ResourceId } from '../../shared/domain/resource-id.ts'
import type { RoutingReading } from '../../shared/domain/route.ts'
import type { RuleSet, Tag } from '../../shared/domain/rule.ts'
import type { WorkState } from '../../shared/domain/target-work.ts'
import type { ManagementGroups } from '../../shared/domain/verdict.ts'
import type { Learned, Listed } from '../../shared/ports/azure.ts'
import type { BurstCounterKey } from '../../shared/ports/bursts.ts'
import { LedgerConflict, type RequestRecord, type WrittenRecord } from '../../shared/ports/ledger.ts'
import { Claims } from '../../shared/ledger/claims.ts'
import type { ReviewMessage } from '../../shared/ports/queue.ts'
import type { ReviewPorts } from '../../shared/review/ports.ts'
import { review } from '../../shared/review/review-target.ts'
import { defaultTimings, type NextPass } from '../../shared/review/schedule.ts'
import { FakeWork, seriesAt } from './fake-work.ts'
import { broken, lawsOfChanges } from './life/laws.ts'
import { MemoryTable, type StorageHook } from './memory-table.ts'
import { confirmed, id, salesToLake, target } from './request-parts.ts'

export * from './request-parts.ts'

/** A world in memory that a review can work in. Its parts are plain fields, so that a test can turn them. */
export class FakeReview {
  listFailure: Error | undefined
  /** Why the list is not whole. */
  listProblem: string | undefined
  proofFailure: Error | undefined
  /** Runs when somebody is to be proven. */
  beforeProof: () => void = () => undefined
  time = Date.parse('2026-11-21T08:00:00Z')
  live: Connection[] = []
  rules: RuleSet = { complete: true, rules: [salesToLake], hash: 'hash-1' }
  proof: Proof = confirmed
  /** Who stands behind one connection, where that is somebody else than behind the others. */
  proofOf: (connection: Connection) => Proof | undefined = () => undefined
  /** What Azure says of the tags of the target, and of the management groups above a subscription. */
  tags: Learned<readonly Tag[]> = { value: [], problem: undefined }
  readonly tagsAskedOf: string[] = []
  groups: (subscriptionId: string) => Learned<ManagementGroups> = () => ({
    value: undefined,
    problem: undefined,
  })
  /** Channels and routes. */
  routing: RoutingReading = { routing: { channels: [], routes: [] }, problems: [] }
  /** Who made the endpoints. */
  askers: Askers = { kind: 'unknown', why: 'The Activity Log shows nobody yet.' }
  endpointTargets: ResourceId[] = []
  /** Another review takes the target over before the connection is read for the last time. */
  isLeaseLost = false
  writes: { connection: Connection; write: ConnectionWrite }[] = []
  log: LogEntry[] = []
  sent: { message: ReviewMessage; delaySeconds: number }[] = []
  /** Targets whose connections were listed, by id. */
  readonly listed: string[] = []
  /** What the queue would deliver, if the review that runs died. */
  recovery: { message: ReviewMessage; delaySeconds: number } | undefined
  recoveryPostponed = 0
  recoveryFailure: Error | undefined
  /** The lease and what waits, below the real schedule. */
  readonly work = new FakeWork(() => this.time)
  logged: string[] = []
  /** What happens to the next answers; afterwards they are simply carried out. */
  outcomes: (WriteOutcome | Error | 'carried-out-then-lost')[] = []
  /** Runs just before the connection is read for the last time. */
  beforeRead: () => void = () => undefined
  /** Called at each ledger write; may throw. */
  onLedgerWrite: (entry: LogEntry) => void = () => undefined
  questionExpiresAfter = 'P14D'
  readonly burstLimits = { windowMs: 600_000, perRequester: 50, perTarget: 100 }
  burstFailure: Error | undefined
  /** What is remembered of bursts, by source and outcome. */
  readonly bursts = new Map<string, BurstWindow>()
  /** How often that was asked for. */
  burstCalls = 0
  /** What is kept between runs. */
  readonly checkpoints = new Map<string, string>()
  /** Whether an endpoint lies, or may lie, in a managed network. */
  mayBeManaged: (endpoint: ResourceId) => boolean = () => true
  /** May throw, before or after each call to what is remembered of claims. */
  onClaims: StorageHook = () => undefined
  /** What is remembered of claims. */
  readonly claims = new MemoryTable(
    'claims',
    () => new Date(this.time),
    (when, call) => {
      this.onClaims(when, call)
    },
  )
  /** The questions that people were notified of. */
  readonly notifications: Notification[] = []
  /** What they were notified of after that: reminders and outcomes. */
  readonly followed: Notification[] = []
  readonly #records = new Map<string, RequestRecord>()
  readonly #notificationLines = new NotificationLines({
    info: () => undefined,
    warn: (message) => this.logged.push(`warn ${message}`),
    error: (message) => this.logged.push(`error ${message}`),
  })

  /** What each review that ended has left to be done. */
  get finished(): readonly (NextPass | undefined)[] {
    return this.work.finished
  }

  /** How many reviews gave the lease back after a failure. */
  get abandoned(): number {
    return this.work.abandoned
  }

  /** Another review holds the lease. */
  set isBusy(isBusy: boolean) {
    this.work.arrange(target, isBusy ? this.#heldByAnother() : undefined)
  }

  /** New events have begun the series anew for more than four minutes. */
  set hasWaitedLong(hasWaitedLong: boolean) {
    const series = seriesAt(this.time - 240_001, { attempt: 1 })
    this.work.arrange(target, hasWaitedLong ? { kind: 'due', series, dueAt: this.time } : undefined)
  }

  #heldByAnother(): WorkState {
    const leaseUntil = this.time + 20_000
    return { kind: 'held', series: seriesAt(this.time), holder: 'another review', leaseUntil }
  }

  /** Changes a connection as Azure shows it. */
  set(name: string, change: Partial<Connection>): void {
    this.live = this.live.map((held) => (held.id.name === name ? { ...held, ...change } : held))
  }

  /** One review, as a message for the target leads to it; by default the last of its series. */
  review(place: ResourceId = target, attempt = 9): Promise<void> {
    return review(this.ports, { ...this.message(attempt), resourceId: place.id })
  }

  message(attempt = 9): ReviewMessage {
    return {
      resourceId: target.id,
      attempt,
      isFollowUp: false,
      isFromEndpoint: false,
      correlationId: undefined,
    }
  }

  /** `kind:state` of each log entry, in order. */
  story(): string[] {
    return this.log.map(storyOf)
  }

  /** Records on which something is still to be done. */
  unfinished(): readonly RequestRecord[] {
    return [...this.#records.values()].filter(({ request }) => isUnfinished(request))
  }

  readonly ports: ReviewPorts = {
    connections: {
      list: (asked) => {
        this.listed.push(asked.id)
        return this.#list()
      },
      read: async (asked) => {
        if (this.isLeaseLost) await this.#loseLease()
        this.beforeRead()
        return this.live.find(({ id: { key } }) => key === asked.id.key)
      },
      find: async (_, asked) => Promise.resolve(this.live.find(({ id: { key } }) => key === asked.key)),
      apply: (asked, write) => this.#apply(asked, write),
      progressOf: ({ provisioningState }) =>
        provisioningState === 'Succeeded'
          ? 'finished'
          : provisioningState === 'Failed'
            ? 'failed'
            : 'under-way',
    },
    endpoints: { targetsOf: () => Promise.resolve(this.endpointTargets) },
    proofs: {
      mayBeManaged: (endpoint) => Promise.resolve(this.mayBeManaged(endpoint)),
      forPass: () => ({
        prove: (connection) => {
          this.beforeProof()
          const proof = this.proofOf(connection) ?? this.proof
          return this.proofFailure ? Promise.reject(this.proofFailure) : Promise.resolve(proof)
        },
      }),
    },
    context: {
      tagsOf: (asked) => {
        this.tagsAskedOf.push(asked.name)
        return Promise.resolve(this.tags)
      },
      groupsOver: (subscriptionId) => Promise.resolve(this.groups(subscriptionId)),
    },
    askers: {
      askersOf: () => Promise.resolve(this.askers),
    },
    rules: { load: () => Promise.resolve(this.rules) },
    routing: { loadRouting: () => Promise.resolve(this.routing) },
    ledger: {
      read: ({ kind, id: { key } }) => Promise.resolve(this.#records.get(`${kind} ${key}`)),
      nextEntryId: ({ id: { name } }, record, episode) => `${name}.${episode}.${nextSequence(record)}`,
      write: (subject, before, change) => this.#write(`${subject.kind} ${subject.id.key}`, before, change),
      unfinishedOn: ({ key }) =>
        Promise.resolve(this.unfinished().filter(({ request }) => id(request.subject.targetId).key === key)),
      approvedOn: (_target, since) =>
        Promise.resolve(
          [...this.#records.values()].filter(({ request }) => mayBeApprovedSince(request, since)),
        ),
      openInCase: (caseId) => {
        const requests = [...this.#records.values()]
          .filter(({ request, lastEntry }) => keepsCaseOpen(request, lastEntry.at, this.ports.now()))
          .map(({ request }) => request)
        return Promise.resolve({ requests: requests.filter((one) => one.caseId === caseId), isWhole: true })
      },
      unfinishedTargets: () =>
        Promise.resolve([...new Set(this.unfinished().map(({ request }) => request.subject.targetId))]),
      repairIndexes: () => Promise.resolve(0),
    },
    hints: { hint: () => Promise.resolve() },
    checkpoints: {
      read: (name) => Promise.resolve(this.checkpoints.get(name)),
      write: (name, text) => Promise.resolve(void this.checkpoints.set(name, text)),
    },
    bursts: {
      requestKey: (connectionId, episode) => `${connectionId.name}.${episode}`,
      change: ({ source, outcome }: BurstCounterKey, decide) => {
        this.burstCalls += 1
        if (this.burstFailure) return Promise.reject(this.burstFailure)
        const decided = decide(this.bursts.get(`${outcome} ${source}`))
        this.bursts.set(`${outcome} ${source}`, decided.window)
        return Promise.resolve(decided)
      },
      forgetBefore: () => Promise.resolve(0),
    },
    burstLimits: this.burstLimits,
    questionExpiresAfter: this.questionExpiresAfter,
    claims: new Claims(this.claims),
    work: this.work,
    // Renewed at once, in case the lease is to be lost; long, as the time of a test jumps and its timers do not.
    timings: { ...defaultTimings, renewSeconds: 0.001, leaseSeconds: 3600 },
    queue: {
      enqueue: (message, delaySeconds = 0) => {
        this.sent.push({ message, delaySeconds })
        return Promise.resolve()
      },
      recoveryMessage: () => ({
        postpone: (message, delaySeconds) => {
          if (this.recoveryFailure) return Promise.reject(this.recoveryFailure)
          this.recovery = { message, delaySeconds }
          this.recoveryPostponed += 1
          return Promise.resolve()
        },
        cancel: () => Promise.resolve(void (this.recovery = undefined)),
      }),
    },
    search: {
      targetsWithPending: () => Promise.resolve({ found: [], isWhole: true }),
      targetsNotShown: () => Promise.resolve([]),
    },
    log: {
      info: (message) => this.logged.push(`info ${message}`),
      warn: (message) => this.logged.push(`warn ${message}`),
      error: (message) => this.logged.push(`error ${message}`),
    },
    now: () => new Date(this.time),
  }

  async #loseLease(): Promise<void> {
    this.work.arrange(target, this.#heldByAnother())
    await setTimeout(20)
  }

  #list(): Promise<Listed> {
    if (this.listFailure) return Promise.reject(this.listFailure)
    const connections = this.live
    return Promise.resolve(
      this.listProblem === undefined
        ? { kind: 'whole', connections }
        : { kind: 'partly', connections, problem: this.listProblem },
    )
  }

  #write(key: string, before: RequestRecord | undefined, change: LedgerChange): Promise<WrittenRecord> {
    if (this.#records.get(key)?.version !== before?.version) {
      return Promise.reject(new LedgerConflict('Somebody else wrote first.'))
    }
    const laws = broken(lawsOfChanges, { before: before?.request, change })
    if (laws.length > 0) return Promise.reject(new Error(`Broken: ${laws.join('; ')}`))
    const sequence = nextSequence(before)
    const lastEntry = { ...change.entry, sequence }
    try {
      this.onLedgerWrite(lastEntry)
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)))
    }
    this.log.push(lastEntry)
    if (change.notification) this.#notify(change.notification)
    const record = {
      request: change.request,
      lastEntry,
      hash: `hash of ${sequence}`,
      version: String(sequence),
    }
    this.#records.set(key, record)
    return Promise.resolve({ ...record, notificationRef: undefined })
  }

  /** As the outbox delivers it: a burst case once. */
  #notify(notification: Notification): void {
    const { caseId, kind } = notification
    if (kind !== 'question') {
      this.followed.push(notification)
      void this.#notificationLines.write(notification)
      return
    }
    const isKnown = caseId !== undefined && this.notifications.some((other) => other.caseId === caseId)
    this.notifications.push(notification)
    if (!isKnown) void this.#notificationLines.write(notification)
  }

  #apply(asked: Connection, write: ConnectionWrite): Promise<WriteOutcome> {
    this.writes.push({ connection: asked, write })
    const outcome = this.outcomes.shift() ?? { kind: 'written' }
    if (outcome instanceof Error) return Promise.reject(outcome)
    if (outcome === 'carried-out-then-lost' || outcome.kind === 'written') {
      this.set(asked.id.name, { status: write.status, description: write.description })
    }
    return outcome === 'carried-out-then-lost'
      ? Promise.reject(new Error('The answer was lost.'))
      : Promise.resolve(outcome)
  }
}

function nextSequence(record: RequestRecord | undefined): number {
  return (record?.lastEntry.sequence ?? 0) + 1
}

/** `{kind}:{state}`, with what is written to Azure: `intent:applying approve`. */
export function storyOf({ kind, state, outcome }: LogEntry): string {
  const isOfWrite = state === 'applying' || state === 'applied'
  return `${kind}:${state}${isOfWrite ? ` ${outcome}` : ''}`
}
