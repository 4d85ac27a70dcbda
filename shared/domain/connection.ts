import { asciiLowerCase, type ResourceId } from './resource-id.ts'

/**
 * Which list of the target a connection stands in. Newer Purview accounts keep the connections to their
 * ingestion storage in a list of their own, with an operation of its own to answer them.
 */
export type ConnectionList = 'connections' | 'ingestion'

/**
 * Whether this app can answer a connection.
 * - `with-description`: yes, and what it writes beside the answer can be read back.
 * - `without-description`: yes, but the type takes no description.
 * - `no-operation`: Azure publishes no operation that applies a decision to connections of this type.
 * - `unlisted-type`: the type of the target is not in the table; its connections are shown and never answered.
 */
export type WriteSupport = 'with-description' | 'without-description' | 'no-operation' | 'unlisted-type'

/** One private endpoint connection of a target, as ARM showed it just now. */
export interface Connection {
  readonly id: ResourceId
  readonly target: ResourceId
  readonly list: ConnectionList
  readonly writeSupport: WriteSupport
  /** As seen. Only Pending is answered; what is not Pending, Approved, Rejected or Disconnected goes to a person. */
  readonly status: string
  /** While Pending the requester's own words; afterwards the words of whoever answered. Never trusted. */
  readonly description: string
  /** The endpoint on the requester's side; its subscription is written by the platform. Some types leave it out. */
  readonly endpoint: ResourceId | undefined
  /** True when something stands in place of the endpoint's id that is no such id. */
  readonly isEndpointIdUnreadable?: boolean
  /** Undefined where the type does not show them (Storage, Key Vault, …). */
  readonly groupIds: readonly string[] | undefined
  readonly provisioningState: string | undefined
  /** Guards the answer where the type takes `If-Match`; undefined where it does not. */
  readonly etag: string | undefined
}

const decidedStatuses: readonly string[] = ['Approved', 'Rejected', 'Disconnected']

/** True in the statuses after which nothing waits any more. Whatever is neither this nor Pending is not known. */
export function isDecided(connection: Connection): boolean {
  return decidedStatuses.includes(connection.status)
}

/** True when this app has a way to answer the connection. */
export function isWritable({ writeSupport }: Connection): boolean {
  return writeSupport === 'with-description' || writeSupport === 'without-description'
}

/** Group ids in a form that is compared: their order and ASCII case play no part. */
export function groupIdsKey(groupIds: readonly string[] | undefined): string {
  return JSON.stringify((groupIds ?? []).map(asciiLowerCase).sort())
}

/** True while the connection waits for an answer. */
export function isPending(connection: Connection): boolean {
  return connection.status === 'Pending'
}
