import { setTimeout } from 'node:timers/promises'
import type { Connection } from '../../shared/domain/connection.ts'
import type { LogEntry } from '../../shared/domain/decision.ts'
import type { FloodWindow } from '../../shared/domain/flood.ts'
import type { Proof } from '../../shared/domain/proof.ts'
import { parseResourceId, type ResourceId } from '../../shared/domain/resource-id.ts'
import type { Rule, RuleSet, Tag } from '../../shared/domain/rule.ts'
import type { WorkState } from '../../shared/domain/target-work.ts'
import type { ManagementGroups } from '../../shared/domain/verdict.ts'
import type { Answer, Learned, WriteOutcome } from '../../shared/ports/azure.ts'
import type { FloodLane } from '../../shared/ports/bursts.ts'
import { type ConnectionRecord, LedgerConflict } from '../../shared/ports/ledger.ts'
import type { ReviewMessage } from '../../shared/ports/queue.ts'
import type { ReviewPorts } from '../../shared/review/ports.ts'
import { defaultTimings, type NextPass } from '../../shared/review/schedule.ts'
import { FakeWork, seriesAt } from './fake-work.ts'
import { plainRule } from './sample-rule.ts'

/** An id that must be one. */
export function id(text: string): ResourceId {
  const parsed = parseResourceId(text)
  if (!parsed) throw new Error(`${text} is no ARM id.`)
  return parsed
}

export const target = id(
  '/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/resourceGroups/rg-lake/providers/Microsoft.Storage/storageAccounts/stlake',
)
export const factory = id(
  '/subscriptions/0a5e6f10-2222-4a6b-8c2d-a4a191c50002/resourceGroups/rg-analytics/providers/Microsoft.DataFactory/factories/adf-sales',
)

/** The endpoint that a managed endpoint of that name stands behind. */
export function endpoint(name: string): ResourceId {
  return id(
    `/subscriptions/10e72cf9-4444-4b2c-8d3e-1f2a3b4c5d01/resourceGroups/vnet-10e72cf9-westeurope-1-rg/providers/Microsoft.Network/privateEndpoints/${name}`,
  )
}

/** A Pending connection, or whatever else is asked for. */
export function connection(name: string, change: Partial<Connection> = {}): Connection {
  return {
    id: id(`${target.id}/privateEndpointConnections/${name}`),
    target,
    list: 'connections',
    answering: 'with-description',
    etag: undefined,
    status: 'Pending',
    description: `Requested by DataFactory:adf-sales, Name:${name}`,
    endpoint: endpoint(`adf-sales.${name}`),
    groupIds: undefined,
    provisioningState: 'Succeeded',
    ...change,
  }
}

export const confirmed: Proof = {
  level: 'confirmed',
  requester: { kind: 'data-factory', id: factory },
  endpointTenantId: '33c0ffee-5d2e-4b1a-8f44-6e0a9d3b7c21',
  isManagedTenant: true,
  groupIds: ['blob'],
  refusals: [],
}

/** The sales factory may reach the lake. */
export const salesToLake: Rule = {
  ...plainRule,
  id: 'sales-to-lake',
  effect: 'allow',
  target: target.id,
  requester: { kind: 'resource', id: factory.id },
  version: 3,
}

/** A world in memory that a review can work in. Its parts are plain fields, so that a test can turn them. */
export class FakeReview {
  listFailure: Error | undefined
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
  tags: Learned<readonly Tag[]> = { value: [], mayPass: false }
  readonly tagsAskedOf: string[] = []
  groups: (subscriptionId: string) => Learned<ManagementGroups> = () => ({ value: undefined, mayPass: false })
  endpointTargets: ResourceId[] = []
  /** Another review takes the target over before the connection is read for the last time. */
  isLeaseLost = false
  answers: { connection: Connection; answer: Answer }[] = []
  log: LogEntry[] = []
  sent: { message: ReviewMessage; delaySeconds: number }[] = []
  /** The lease and what waits, below the real schedule. */
  readonly work = new FakeWork(() => this.time)
  logged: string[] = []
  /** What happens to the next answers; afterwards they are simply carried out. */
  outcomes: (WriteOutcome | Error | 'carried-out-then-lost')[] = []
  /** Runs just before the connection is read for the last time. */
  beforeRead: () => void = () => undefined
  /** Called at each ledger write; may throw. */
  onLedgerWrite: (entry: LogEntry) => void = () => undefined
  readonly floodLimits = { windowMs: 600_000, perRequester: 50, perTarget: 100 }
  floodFailure: Error | undefined
  /** What is remembered of floods, by source and outcome. */
  readonly floods = new Map<string, FloodWindow>()
  /** How often that was asked for. */
  floodCalls = 0
  /** What is kept between runs. */
  readonly marks = new Map<string, string>()
  readonly #records = new Map<string, ConnectionRecord>()

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

  /** The message that an event about the target leads to. */
  message(attempt = 9): ReviewMessage {
    return {
      lookAt: target.id,
      attempt,
      isFollowUp: false,
      isFromEndpoint: false,
      seenAt: new Date(this.time).toISOString(),
      correlationId: undefined,
    }
  }

  /** `kind:state` of each log entry, in order. */
  story(): string[] {
    return this.log.map(({ kind, state }) => `${kind}:${state}`)
  }

  readonly ports: ReviewPorts = {
    connections: {
      list: () => (this.listFailure ? Promise.reject(this.listFailure) : Promise.resolve(this.live)),
      read: async (asked) => {
        if (this.isLeaseLost) await this.#loseLease()
        this.beforeRead()
        return this.live.find(({ id: { key } }) => key === asked.id.key)
      },
      answer: (asked, answer) => this.#answer(asked, answer),
      progressOf: ({ provisioningState }) =>
        provisioningState === 'Succeeded'
          ? 'finished'
          : provisioningState === 'Failed'
            ? 'failed'
            : 'under-way',
    },
    endpoints: { targetsOf: () => Promise.resolve(this.endpointTargets) },
    proofs: {
      forLook: () => ({
        prove: (connection) => {
          this.beforeProof()
          const proof = this.proofOf(connection) ?? this.proof
          return this.proofFailure ? Promise.reject(this.proofFailure) : Promise.resolve(proof)
        },
      }),
    },
    surroundings: {
      tagsOf: (asked) => {
        this.tagsAskedOf.push(asked.name)
        return Promise.resolve(this.tags)
      },
      groupsOver: (subscriptionId) => Promise.resolve(this.groups(subscriptionId)),
    },
    rules: { load: () => Promise.resolve(this.rules) },
    ledger: {
      read: (connectionId) => Promise.resolve(this.#records.get(connectionId.key)),
      nextDecisionId: (connectionId, record, episode) =>
        `${connectionId.name}.${episode}.${(record?.lastEntry.sequence ?? 0) + 1}`,
      write: (connectionId, before, request, entry) => {
        const held = this.#records.get(connectionId.key)
        if (held?.version !== before?.version) return Promise.reject(new LedgerConflict('changed'))
        const sequence = (before?.lastEntry.sequence ?? 0) + 1
        const { targetId, endpointId, episode } = request
        const lastEntry = { ...entry, sequence, connectionId: connectionId.id, targetId, endpointId, episode }
        try {
          this.onLedgerWrite(lastEntry)
        } catch (error) {
          return Promise.reject(error instanceof Error ? error : new Error(String(error)))
        }
        this.log.push(lastEntry)
        const record = { request, lastEntry, hash: '', version: String(sequence) }
        this.#records.set(connectionId.key, record)
        return Promise.resolve(record)
      },
      openOn: () =>
        Promise.resolve(
          [...this.#records.values()].filter(({ request }) =>
            ['escalated', 'approving', 'rejecting'].includes(request.state),
          ),
        ),
      openTargets: () =>
        Promise.resolve([
          ...new Set(
            [...this.#records.values()]
              .filter(({ request }) => ['escalated', 'approving', 'rejecting'].includes(request.state))
              .map(({ request }) => request.targetId),
          ),
        ]),
      repairIndexes: () => Promise.resolve(0),
    },
    marks: {
      read: (name) => Promise.resolve(this.marks.get(name)),
      write: (name, text) => Promise.resolve(void this.marks.set(name, text)),
    },
    floods: {
      requestKey: (connectionId, episode) => `${connectionId.name}.${episode}`,
      change: ({ source, outcome }: FloodLane, decide) => {
        this.floodCalls += 1
        if (this.floodFailure) return Promise.reject(this.floodFailure)
        const decided = decide(this.floods.get(`${outcome} ${source}`))
        this.floods.set(`${outcome} ${source}`, decided.window)
        return Promise.resolve(decided)
      },
      forgetBefore: () => Promise.resolve(0),
    },
    floodLimits: this.floodLimits,
    work: this.work,
    // Not more than a moment, in case the lease is to be lost.
    timings: { ...defaultTimings, renewSeconds: 0.001 },
    queue: {
      enqueue: (message, delaySeconds = 0) => {
        this.sent.push({ message, delaySeconds })
        return Promise.resolve()
      },
    },
    search: {
      targetsWithPending: () => Promise.resolve([]),
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

  #answer(asked: Connection, answer: Answer): Promise<WriteOutcome> {
    this.answers.push({ connection: asked, answer })
    const outcome = this.outcomes.shift() ?? { kind: 'written' }
    if (outcome instanceof Error) return Promise.reject(outcome)
    if (outcome === 'carried-out-then-lost' || outcome.kind === 'written') {
      this.set(asked.id.name, { status: answer.status, description: answer.description })
    }
    return outcome === 'carried-out-then-lost'
      ? Promise.reject(new Error('The answer was lost.'))
      : Promise.resolve(outcome)
  }
}
