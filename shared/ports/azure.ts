import type { ConnectionWrite, Progress, WriteOutcome } from '../domain/connection-write.ts'
import type { Connection } from '../domain/connection.ts'
import type { Proof } from '../domain/proof.ts'
import type { RequesterId } from '../domain/requester-id.ts'
import { spokenWords, type Words } from '../domain/words.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { Tag } from '../domain/rule.ts'
import type { ManagementGroups } from '../domain/verdict.ts'

/**
 * The connections of a target. `partly`: some items of its lists are unreadable; a missing connection must not be taken
 * for gone, and `connections` may lack siblings. `problem` is a sentence for display.
 */
export type Listed =
  | { readonly kind: 'whole'; readonly connections: readonly Connection[] }
  | { readonly kind: 'partly'; readonly connections: readonly Connection[]; readonly problem: string }

export interface ConnectionsPort {
  /**
   * All connections of the target, from all of its lists.
   * @throws AzureBusy when Azure asks for a retry later, AzureFailed when a call failed, TargetUnreadable when a retry
   *   soon would not help.
   */
  list(target: ResourceId): Promise<Listed>
  /**
   * One connection as it is now; undefined when it is gone.
   * @throws AzureBusy when Azure asks for a retry later, AzureFailed when the call failed.
   */
  read(connection: Connection): Promise<Connection | undefined>
  /**
   * One connection that a list of its target does not show; undefined when Azure does not show it by its id either. Where
   * a type has no read of one connection, the list is read once more.
   * @throws as `read`.
   */
  find(target: ResourceId, id: ResourceId): Promise<Connection | undefined>
  /** Applies the decision and follows an asynchronous operation to its end, within a minute. */
  apply(connection: Connection, write: ConnectionWrite): Promise<WriteOutcome>
  /** Whether Azure is done with the connection, by the end states of its type. */
  progressOf(connection: Connection): Progress
}

export interface EndpointsPort {
  /** Targets an ordinary endpoint points at. Empty when the endpoint cannot be read or is gone. */
  targetsOf(endpoint: ResourceId): Promise<readonly ResourceId[]>
}

export interface ProofPort {
  /**
   * Begins the proofs of one review pass at a target.
   * @param siblings every connection of the target, those in question included.
   */
  forPass(siblings: readonly Connection[]): Prover
  /** False only for an endpoint that certainly lies outside the tenants of managed networks. Never throws. */
  mayBeManaged(endpoint: ResourceId): Promise<boolean>
}

/** Proves connections of one review pass. A requester's response serves all of them for some seconds. */
export interface Prover {
  /**
   * Proves the requester of a connection. Never throws for a requester that cannot be queried: that is a refusal.
   * @param candidates managed requesters that rules name by full id and that should be queried.
   */
  prove(connection: Connection, candidates: readonly RequesterId[]): Promise<Proof>
}

/** A fact that could be read, or not. */
export interface Learned<T> {
  readonly value: T | undefined
  /** Why it cannot be read, as the beginning of a sentence; undefined when it was read. */
  readonly problem: string | undefined
}

/** Facts around connections, read only where a rule needs them. */
export interface ContextPort {
  /** @throws AzureBusy when Azure asks for a retry later, AzureFailed when a call failed. */
  tagsOf(target: ResourceId): Promise<Learned<readonly Tag[]>>
  /** @throws as `tagsOf`. */
  groupsOver(subscriptionId: string): Promise<Learned<ManagementGroups>>
}

/** A target that Resource Graph shows with Pending connections. */
export interface PendingFound {
  readonly target: ResourceId
  /** Of those connections. */
  readonly connectionIds: readonly string[]
}

/** What one search of Resource Graph shows as Pending. */
export interface PendingSearched {
  readonly found: readonly PendingFound[]
  /** False when the search was cut off: what it lacks may be there all the same. */
  readonly isWhole: boolean
}

export interface PendingSearchPort {
  /** Targets that Resource Graph shows with a Pending connection. A net, not proof of absence. */
  targetsWithPending(): Promise<PendingSearched>
  /** Every target of the types whose connections Resource Graph does not show. */
  targetsNotShown(): Promise<readonly ResourceId[]>
}

/** A call to Azure failed, and the same call may succeed later. */
export class AzureFailed extends Error {
  override name = 'AzureFailed'
  readonly words: Words
  /** How long Azure asked to wait. */
  readonly afterSeconds: number

  constructor(words: Words, afterSeconds = 0, options?: ErrorOptions) {
    super(spokenWords(words), options)
    this.words = words
    this.afterSeconds = afterSeconds
  }
}

/** Azure is throttling: the same call would be refused before that many seconds have passed. */
export class AzureBusy extends AzureFailed {
  override name = 'AzureBusy'

  constructor(afterSeconds: number, words: Words = throttled, options?: ErrorOptions) {
    super(words, afterSeconds, options)
  }
}

const throttled: Words = { code: 'TooManyRequests', message: 'Azure asks to come back later', isOwn: true }

/**
 * The connections of a target cannot be read, and a retry soon would not help: a permission is missing, the
 * subscription is unknown to this cloud, the type has no known list. The message is a sentence for display.
 */
export class TargetUnreadable extends Error {
  override name = 'TargetUnreadable'
}
