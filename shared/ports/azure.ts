import type { ConnectionWrite, Progress, WriteOutcome } from '../domain/connection-write.ts'
import type { Connection } from '../domain/connection.ts'
import type { Proof } from '../domain/proof.ts'
import type { RequesterId } from '../domain/requester-id.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { Tag } from '../domain/rule.ts'
import type { ManagementGroups } from '../domain/verdict.ts'

/**
 * The connections of a target. `partly`: some items of its lists are no connections that can be read; what is missing
 * must not be taken for gone, and `connections` may lack siblings. `problem` is a sentence for people.
 */
export type Listed =
  | { readonly kind: 'whole'; readonly connections: readonly Connection[] }
  | { readonly kind: 'partly'; readonly connections: readonly Connection[]; readonly problem: string }

export interface ConnectionsPort {
  /**
   * All connections of the target, of every list it keeps.
   * @throws AzureBusy when Azure asks to come back later, TargetUnreadable when trying again soon would not help.
   */
  list(target: ResourceId): Promise<Listed>
  /**
   * One connection as it is now; undefined when it is gone.
   * @throws AzureBusy when Azure asks to come back later.
   */
  read(connection: Connection): Promise<Connection | undefined>
  /** Writes the answer and follows an asynchronous operation to its end, within a minute. */
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
}

/** Proves connections of one review pass. What a requester said serves all of them, for some seconds. */
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
  /** True when it could not be read just now, and a later review pass may find it. */
  readonly isTransient: boolean
}

/** What stands around connections. Asked only where a rule asks for it. */
export interface ContextPort {
  /** @throws AzureBusy when Azure asks to come back later. */
  tagsOf(target: ResourceId): Promise<Learned<readonly Tag[]>>
  /** @throws AzureBusy when Azure asks to come back later. */
  groupsOver(subscriptionId: string): Promise<Learned<ManagementGroups>>
}

export interface PendingSearchPort {
  /** Targets that Resource Graph shows with a Pending connection. A net, not proof of absence. */
  targetsWithPending(): Promise<readonly ResourceId[]>
  /** Every target of the types whose connections Resource Graph does not show. */
  targetsNotShown(): Promise<readonly ResourceId[]>
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
 * The connections of a target cannot be read, and trying again soon would not help: a permission is missing, the
 * subscription is unknown to this cloud, the type has no list that can be found. The message is a sentence for a person.
 */
export class TargetUnreadable extends Error {
  override name = 'TargetUnreadable'
}
