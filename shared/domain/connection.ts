import { asciiLowerCase, type ResourceId } from './resource-id.ts'

/**
 * Which list of the target holds a connection. Newer Purview accounts keep the connections to their ingestion storage
 * in a list of their own, with an operation of its own to decide them.
 */
export type ConnectionList = 'connections' | 'ingestion'

/**
 * Whether this app can apply a decision to a connection.
 * - `with-description`: yes, and the description that it writes can be read back.
 * - `without-description`: yes, but the type takes no description.
 * - `no-operation`: Azure publishes no operation that applies a decision to connections of this type.
 * - `unlisted-type`: the type of the target is not in the table; its connections are shown and never written.
 */
export type WriteSupport = 'with-description' | 'without-description' | 'no-operation' | 'unlisted-type'

/** One private endpoint connection of a target, as ARM showed it just now. */
export interface Connection {
  readonly id: ResourceId
  readonly target: ResourceId
  readonly list: ConnectionList
  readonly writeSupport: WriteSupport
  /** As read. Only Pending is decided; any status but Pending, Approved, Rejected and Disconnected is escalated. */
  readonly status: string
  /** While Pending the requester's own text, afterwards that of the decision. Never trusted. */
  readonly description: string
  /** The endpoint on the requester's side; its subscription is written by the platform. Some types leave it out. */
  readonly endpoint: ResourceId | undefined
  /** True when Azure shows an endpoint id that is malformed. */
  readonly isEndpointIdUnreadable?: boolean
  /** Undefined where the type does not show them (Storage, Key Vault, …). */
  readonly groupIds: readonly string[] | undefined
  readonly provisioningState: string | undefined
  /** For `If-Match` of the write; undefined where the type does not support it. */
  readonly etag: string | undefined
}

const decidedStatuses: readonly string[] = ['Approved', 'Rejected', 'Disconnected']
const statusesUnderWay: readonly string[] = ['approving', 'rejecting', 'disconnecting']

/** True in final statuses. A status that is neither final, Pending nor under way is unknown. */
export function isDecided(connection: Connection): boolean {
  return decidedStatuses.includes(connection.status)
}

const statusesWithoutPlace: readonly string[] = ['Pending', 'Rejected', 'Disconnected']

/** True in a status in which a connection takes no place of `maxConnections`. */
export function takesNoPlace({ status }: Pick<Connection, 'status'>): boolean {
  return statusesWithoutPlace.includes(status)
}

/** True while Azure is changing the status, as App Service shows it: the end is still to be seen. */
export function isUnderWay({ status }: Connection): boolean {
  return statusesUnderWay.includes(asciiLowerCase(status))
}

/** True when this app can apply a decision to the connection. */
export function isWritable({ writeSupport }: Connection): boolean {
  return writeSupport === 'with-description' || writeSupport === 'without-description'
}

/** Group ids in a form that is compared: their order and ASCII case play no part. */
export function groupIdsKey(groupIds: readonly string[] | undefined): string {
  return JSON.stringify((groupIds ?? []).map(asciiLowerCase).sort())
}

/** True while the connection waits for a decision. */
export function isPending(connection: Connection): boolean {
  return connection.status === 'Pending'
}
