import { type CasePorts, decideCase, type CaseDecided } from '../../shared/decide/decide-case.ts'
import type { CaseDecision, ShownItem } from '../../shared/decide/plan-job.ts'
import { continueDueJobs } from '../../shared/decide/run-job.ts'
import type { Person } from '../../shared/domain/caller.ts'
import type { LogEntry } from '../../shared/domain/log-entry.ts'
import type { Proof } from '../../shared/domain/proof.ts'
import type { Request, RequestState } from '../../shared/domain/request.ts'
import { CaseRequests } from '../../shared/ledger/case-requests.ts'
import { DecisionJobs } from '../../shared/ledger/decision-jobs.ts'
import type { LedgerTable } from '../../shared/ledger/indexes.ts'
import { Ledger } from '../../shared/ledger/ledger.ts'
import { Requests } from '../../shared/ledger/requests.ts'
import { deliverDue } from '../../shared/notify/deliver.ts'
import type { CaseContent } from '../../shared/ports/case-requests.ts'
import type { Log } from '../../shared/ports/log.ts'
import type { ReviewMessage } from '../../shared/ports/queue.ts'
import { ann } from './deciding.ts'
import { FakeDelivery } from './fake-delivery.ts'
import type { MemoryLedger } from './memory-ledger.ts'
import {
  connectionNamed,
  sampleEntry,
  sampleNotification,
  sampleRequest,
  sampleTarget,
} from './sample-request.ts'

/** Requests that joined cases, and people who decide them; on tables in memory, unless others are given. */
export class CaseWorld {
  readonly delivery = new FakeDelivery()
  readonly memory: MemoryLedger = this.delivery.memory
  readonly reviews: { readonly target: string; readonly delaySeconds: number | undefined }[] = []
  readonly hinted: string[] = []
  readonly logged: string[] = []
  /** May throw, at each call to a queue. */
  onQueue: (call: string) => void = () => undefined
  readonly ledger: Ledger
  readonly #tables: { readonly requests: LedgerTable; readonly index: LedgerTable }
  #jobs = 0

  constructor(tables?: { readonly requests: LedgerTable; readonly index: LedgerTable }) {
    this.#tables = tables ?? this.memory
    this.ledger = this.#ledger()
  }

  /** The app as one host runs it. */
  host(): CasePorts {
    const { requests: table, index } = this.#tables
    const report = ({ message }: Error) => this.logged.push(message)
    const requests = new Requests(table, index, report)
    const now = () => this.delivery.now
    const line = (message: string) => void this.logged.push(message)
    const log: Log = { info: line, warn: line, error: line }
    const random = () => String((this.#jobs += 1)).padStart(8, '0')
    return {
      ...{ requests, log, now, ledger: this.#ledger() },
      cases: new CaseRequests(table, requests, report),
      jobs: new DecisionJobs(table, index, { report, random, now }),
      queue: {
        enqueue: (message: ReviewMessage, delaySeconds?: number) => {
          this.onQueue('queue')
          this.reviews.push({ target: message.resourceId, delaySeconds })
          return Promise.resolve()
        },
      },
      hints: { hint: (ref) => Promise.resolve(void this.hinted.push(ref)) },
    }
  }

  #ledger(): Ledger {
    const { requests, index } = this.#tables
    return new Ledger(
      requests,
      index,
      ({ message }) => this.logged.push(message),
      () => this.delivery.now,
    )
  }

  /** A request waits, and people are notified of it; in a burst case where one is given. */
  async opened(
    name: string,
    {
      caseId,
      endpointId,
      proof,
      entry,
    }: { caseId?: string; endpointId?: string; proof?: Proof; entry?: Partial<LogEntry> } = {},
  ): Promise<string> {
    const key = connectionNamed(name)
    const at = this.delivery.now.toISOString()
    const id = this.ledger.nextEntryId(key, undefined, 1)
    const subject = {
      ...({ kind: 'connection', connectionId: key.id.id, targetId: sampleTarget.id, endpointId } as const),
    }
    const state = { ...sampleRequest('open').state, notificationId: id } as RequestState
    const request = sampleRequest('open', { state, subject, decisionId: id, caseId, firstSeenAt: at }, key)
    const notification = sampleNotification({
      ...{ id, decisionId: id, since: at, connectionId: key.id.id, caseId },
    })
    await this.ledger.write(key, undefined, {
      ...{ request, notification },
      entry: sampleEntry(request, { at, proof, ...entry }),
    })
    this.delivery.time += 1
    return id
  }

  /** The id that a burst case has which a connection's request opens. */
  burstOf(name: string): string {
    return this.ledger.nextEntryId(connectionNamed(name), undefined, 1)
  }

  /** What waits joins its cases; the id of the case of a request. */
  async caseOf(name: string): Promise<string> {
    await deliverDue(this.delivery.ports())
    const record = await this.ledger.read(connectionNamed(name))
    const found =
      record && (await this.memory.outbox.find(keyIn(this.memory, record.request), record.request.decisionId))
    const id = found?.caseId
    if (id === undefined) throw new Error(`The request of ${name} joined no case.`)
    return id
  }

  async content(caseId: string): Promise<CaseContent> {
    const reader = await this.host().cases.find(caseId)
    if (!reader) throw new Error('There is no such case.')
    return reader.content({ waiting: 50, read: 1_000 })
  }

  /** The requests of a case as its page shows them now. */
  async shown(caseId: string, outcome: ShownItem['outcome']): Promise<readonly ShownItem[]> {
    const { waiting } = await this.content(caseId)
    return waiting.map(({ request, hash }) => ({ decisionId: request.decisionId, version: hash, outcome }))
  }

  decide(
    caseId: string,
    scope: CaseDecision['scope'],
    { person = ann, reason, host = this.host() }: { person?: Person; reason?: string; host?: CasePorts } = {},
  ): Promise<CaseDecided> {
    this.delivery.time += 1
    return decideCase(host, { caseId, scope, reason }, person, 1)
  }

  /** The timer of another host, an hour at most after what happened before. */
  async later(minutes = 2): Promise<void> {
    this.delivery.time += minutes * 60_000
    await continueDueJobs(this.host())
  }

  /** The choices that are recorded, by connection. */
  async choices(...names: readonly string[]): Promise<readonly string[]> {
    return Promise.all(
      names.map(async (name) => {
        const record = await this.ledger.read(connectionNamed(name))
        return (
          record?.request.choices
            .map(({ outcome, person }) => `${outcome} ${person?.name ?? 'nobody'}`)
            .join() ?? ''
        )
      }),
    )
  }

  /** What became of each request of the newest job. */
  async results(caseId: string): Promise<string> {
    const [shown] = await this.host().jobs.ofCase(caseId, 1, 50)
    const { total = 0, done = 0, recorded = 0, settledAt } = shown?.job ?? {}
    const others = (shown?.notRecorded ?? []).map(({ result }) => result?.kind)
    return [`${recorded}/${done}/${total}${settledAt === undefined ? ' open' : ''}`, ...others].join(' ')
  }
}

function keyIn({ requests }: MemoryLedger, { decisionId }: Request): string {
  const start = decisionId.split('.')[0] ?? ''
  const row = requests.rows().find(({ partitionKey }) => partitionKey.startsWith(start))
  return row?.partitionKey ?? ''
}
