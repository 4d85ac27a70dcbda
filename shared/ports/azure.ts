import type { ConnectionWrite, Progress, WriteOutcome } from '../domain/connection-write.ts'
import type { Connection } from '../domain/connection.ts'
import type { Proof } from '../domain/proof.ts'
import type { RequesterId } from '../domain/requester-id.ts'
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
   * @throws AzureBusy when Azure asks for a retry later, TargetUnreadable when a retry soon would not help.
   */
  list(target: ResourceId): Promise<Listed>
  /**
   * One connection as it is now; undefined when it is gone.
   * @throws AzureBusy when Azure asks for a retry later.
   */
  read(connection: Connection): Promise<Connection | undefined>
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
  /** True when it could not be read just now, and a later review pass may find it. */
  readonly isTransient: boolean
}

/** Facts around connections, read only where a rule needs them. */
export interface ContextPort {
  /** @throws AzureBusy when Azure asks for a retry later. */
  tagsOf(target: ResourceId): Promise<Learned<readonly Tag[]>>
  /** @throws AzureBusy when Azure asks for a retry later. */
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
 * The connections of a target cannot be read, and a retry soon would not help: a permission is missing, the
 * subscription is unknown to this cloud, the type has no known list. The message is a sentence for display.
 */
export class TargetUnreadable extends Error {
  override name = 'TargetUnreadable'
}
