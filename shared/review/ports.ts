import type { Connection } from '../domain/connection.ts'
import type { LogEntry, Request } from '../domain/decision.ts'
import type { FloodLimits, FloodWindow } from '../domain/flood.ts'
import type { Proof } from '../domain/proof.ts'
import type { RequesterId } from '../domain/requester-id.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { RuleSet, Tag } from '../domain/rule.ts'
import type { ManagementGroups, Outcome } from '../domain/verdict.ts'

/** What the use cases need from the outside. Adapters implement these; only `shared/app.ts` knows which. */
export interface ReviewPorts {
  readonly connections: ConnectionsPort
  readonly endpoints: EndpointsPort
  readonly proofs: ProofPort
  readonly surroundings: SurroundingsPort
  readonly rules: RulesPort
  readonly ledger: LedgerPort
  readonly marks: MarksPort
  readonly floods: FloodsPort
  readonly floodLimits: FloodLimits
  readonly work: TargetWorkPort
  readonly queue: ReviewQueuePort
  readonly search: PendingSearchPort
  readonly log: Log
  readonly now: () => Date
}

/** The answer to be written on a connection. */
export interface Answer {
  readonly status: 'Approved' | 'Rejected'
  /** Never empty; at most 140 characters. Names the decision. */
  readonly description: string
}

/**
 * What came of writing an answer.
 * - `written`: accepted and finished as far as the write itself can tell; read back before believing it.
 * - `come-back`: Azure is busy (429, 409, 503) or still working on it; try or look again after the wait.
 * - `refused`: final. Trying again would get the same answer.
 * - `gone`: the connection is not there any more.
 */
export type WriteOutcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'come-back'; readonly afterSeconds: number; readonly code: string }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'gone' }

export type Progress = 'under-way' | 'finished' | 'failed'

export interface ConnectionsPort {
  /**
   * All connections of the target, of every list it keeps. Throws when any part could not be read.
   * @throws AzureBusy when Azure asks to come back later, TargetUnreadable when trying again soon would not help.
   */
  list(target: ResourceId): Promise<readonly Connection[]>
  /**
   * One connection as it is now; undefined when it is gone.
   * @throws AzureBusy when Azure asks to come back later.
   */
  read(connection: Connection): Promise<Connection | undefined>
  /** Writes the answer and follows an asynchronous operation to its end, within a minute. */
  answer(connection: Connection, answer: Answer): Promise<WriteOutcome>
  /** Whether Azure is done with the connection, by the end states of its type. */
  progressOf(connection: Connection): Progress
}

export interface EndpointsPort {
  /** Targets an ordinary endpoint points at. Empty when the endpoint cannot be read or is gone. */
  targetsOf(endpoint: ResourceId): Promise<readonly ResourceId[]>
}

export interface ProofPort {
  /**
   * Begins the proofs of one look at a target.
   * @param siblings every connection of the target, those in question included.
   */
  forLook(siblings: readonly Connection[]): Prover
}

/** Proves connections of one look. What a requester said serves all of them, for some seconds. */
export interface Prover {
  /**
   * Finds out who stands behind a connection. Never throws for a requester that cannot be asked: that is a refusal.
   * @param candidates managed requesters that rules name by full id and that are worth asking.
   */
  prove(connection: Connection, candidates: readonly RequesterId[]): Promise<Proof>
}

/** A fact that could be read, or not. */
export interface Learned<T> {
  readonly value: T | undefined
  /** True when it could not be read just now, and a later look may find it. */
  readonly mayPass: boolean
}

/** What stands around connections. Asked only where a rule asks for it. */
export interface SurroundingsPort {
  /** @throws AzureBusy when Azure asks to come back later. */
  tagsOf(target: ResourceId): Promise<Learned<readonly Tag[]>>
  /** @throws AzureBusy when Azure asks to come back later. */
  groupsOver(subscriptionId: string): Promise<Learned<ManagementGroups>>
}

export interface RulesPort {
  /** The whole allow-list. Never throws: what cannot be read completely is `complete: false`. */
  load(): Promise<RuleSet>
}

/** What the ledger holds of a connection. */
export interface ConnectionRecord {
  readonly request: Request
  readonly lastEntry: LogEntry
  /** Hash of the last entry; the next one is chained to it. */
  readonly hash: string
  /** Guards the next write. */
  readonly version: string
}

/** An entry before the ledger has given it its place in the chain. */
export type NewEntry = Omit<LogEntry, 'sequence' | 'connectionId' | 'targetId' | 'endpointId' | 'episode'>

export interface LedgerPort {
  /** The newest episode of a connection; undefined when it was never seen. */
  read(connectionId: ResourceId): Promise<ConnectionRecord | undefined>
  /** The id the next decision on this connection will have. */
  nextDecisionId(connectionId: ResourceId, record: ConnectionRecord | undefined, episode: number): string
  /**
   * Writes state and log entry in one transaction.
   * @throws LedgerConflict when somebody else wrote since `record` was read.
   */
  write(
    connectionId: ResourceId,
    record: ConnectionRecord | undefined,
    request: Request,
    entry: NewEntry,
  ): Promise<ConnectionRecord>
  /** Records of this target that are not settled yet. */
  openOn(target: ResourceId): Promise<readonly ConnectionRecord[]>
  /** Ids of the targets on which a request is not settled yet. */
  openTargets(): Promise<readonly string[]>
  /** Writes the index rows that a crash left out, for what was touched since. Returns how many there were. */
  repairIndexes(since: Date): Promise<number>
}

/** Single texts to be kept between runs; each can be lost without harm. */
export interface MarksPort {
  read(name: 'judged-by'): Promise<string | undefined>
  write(name: 'judged-by', text: string): Promise<void>
}

/** Requests of one requester, or to one target, that are counted; what the policy says of them is counted apart. */
export interface FloodLane {
  /** Names the requester or the target: `requester:…`, `subscription:…`, `no-endpoint`, `target:…`. */
  readonly source: string
  readonly outcome: Outcome
}

export interface FloodsPort {
  /** Names a request among those of its source: the same one is not counted twice. At most 16 characters. */
  requestKey(connectionId: ResourceId, episode: number): string
  /**
   * Reads what is remembered of a lane, lets `decide` say what it becomes, and writes that if it is another. Starts
   * over, and decides anew, when somebody wrote in between.
   * @throws LedgerConflict when others wrote in between again and again.
   */
  change<T extends { readonly window: FloodWindow }>(
    lane: FloodLane,
    decide: (before: FloodWindow | undefined) => T,
  ): Promise<T>
  /** Removes lanes in which nothing was written since. Returns how many there were. */
  forgetBefore(time: Date): Promise<number>
}

/** One look of the series that runs at a target. */
export interface Turn {
  /** How many looks have gone before this one: a series that is under way is never moved forward. */
  readonly attempt: number
  /** True when people were left to wait for four minutes, because new events began the series anew. */
  readonly hasWaitedLong: boolean
  /** True while nothing but endpoints of ours have named the target, which may well be somebody else's. */
  readonly isFromEndpoint: boolean
}

/** The right to write on one target. Held by one review at a time, renewed while it runs. */
export interface Lease extends Turn {
  /** Aborted when the lease was lost. */
  readonly signal: AbortSignal
  /**
   * Gives the lease back. When somebody asked for another look meanwhile, keeps it and says so.
   * @param next the look that follows; the target stays on the list of open work until then.
   */
  finish(next: NextLook | undefined): Promise<'done' | { readonly lookAgain: Turn }>
  /** Gives the lease back after a failure; the target stays on the list of open work, its series as it was. */
  abandon(): Promise<void>
}

/** A look that a review sends after itself. */
export interface NextLook {
  readonly attempt: number
  readonly afterSeconds: number
  /** True when Azure asked to wait: nobody looks before that. */
  readonly notSooner: boolean
}

export interface Overdue extends Pick<Turn, 'isFromEndpoint'> {
  readonly target: ResourceId
}

export interface TargetWorkPort {
  /**
   * Takes the lease, or leaves word with its holder that another look is wanted and answers `busy`. A look
   * that follows an older event than the newest is `superseded`: each target has one series of looks.
   */
  begin(
    target: ResourceId,
    look: Pick<ReviewMessage, 'attempt' | 'isFollowUp' | 'isFromEndpoint'>,
  ): Promise<Lease | 'busy' | 'superseded'>
  /** Puts the target on the list of open work, to be looked at again after that time. */
  postpone(target: ResourceId, afterSeconds: number): Promise<void>
  /** Targets whose holder died or whose time to come back has passed. */
  overdue(): Promise<readonly Overdue[]>
}

/** Where to look. Says nothing of what will be found there. */
export interface ReviewMessage {
  /** A target, or an ordinary endpoint whose targets are to be looked up. */
  readonly lookAt: string
  /** How many looks have gone before: the connection may appear well after its event. */
  readonly attempt: number
  /** True for a look that a review sent after itself; an event, a sweep and a person ask afresh. */
  readonly isFollowUp: boolean
  /** True when an endpoint of ours names the target, which may well be somebody else's. */
  readonly isFromEndpoint: boolean
  readonly seenAt: string
  readonly correlationId: string | undefined
}

export interface ReviewQueuePort {
  enqueue(message: ReviewMessage, delaySeconds?: number): Promise<void>
}

export interface PendingSearchPort {
  /** Targets that Resource Graph shows with a Pending connection. A net, not proof of absence. */
  targetsWithPending(): Promise<readonly ResourceId[]>
  /** Every target of the types whose connections Resource Graph does not show. */
  targetsNotShown(): Promise<readonly ResourceId[]>
}

/** Static messages, facts beside them. */
export interface Log {
  info(message: string, facts?: Record<string, unknown>): void
  warn(message: string, facts?: Record<string, unknown>): void
  error(message: string, facts?: Record<string, unknown>): void
}

/** Azure is throttling: the same call would be refused before that many seconds have passed. */
export class AzureBusy extends Error {
  override name = 'AzureBusy'
  readonly afterSeconds: number

  constructor(afterSeconds: number, options?: ErrorOptions) {
    super(`Azure asks to come back after ${afterSeconds} s.`, options)
    this.afterSeconds = afterSeconds
  }
}

/**
 * The connections of a target cannot be read, and trying again soon would not help: a right is missing, the
 * subscription is unknown to this cloud, the type has no list that can be found. The message is a sentence for a person.
 */
export class TargetUnreadable extends Error {
  override name = 'TargetUnreadable'
}

/**
 * Some items of a target's lists are no connections that can be read. Nobody may take what is missing from `readable`
 * for gone, or believe that it holds every sibling.
 */
export class TargetPartlyUnreadable extends TargetUnreadable {
  override name = 'TargetPartlyUnreadable'
  readonly readable: readonly Connection[]

  constructor(sentence: string, readable: readonly Connection[]) {
    super(sentence)
    this.readable = readable
  }
}

/** Somebody else wrote first. */
export class LedgerConflict extends Error {
  override name = 'LedgerConflict'
}
