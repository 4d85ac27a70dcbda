import type { ResourceId } from './resource-id.ts'

/**
 * Which list of the target a connection stands in. Newer Purview accounts keep the connections to their
 * ingestion storage in a list of their own, with an operation of its own to answer them.
 */
export type ConnectionList = 'connections' | 'ingestion'

/** One private endpoint connection of a target, as ARM showed it just now. */
export interface Connection {
  readonly id: ResourceId
  readonly target: ResourceId
  readonly list: ConnectionList
  /** As seen: usually Pending, Approved, Rejected or Disconnected. Anything but Pending is left alone. */
  readonly status: string
  /** While Pending the requester's own words; afterwards the words of whoever answered. Never trusted. */
  readonly description: string
  /** The endpoint on the requester's side; its subscription is written by the platform. Some types leave it out. */
  readonly endpoint: ResourceId | undefined
  /** Undefined where the type does not show them (Storage, Key Vault, …). */
  readonly groupIds: readonly string[] | undefined
  readonly provisioningState: string | undefined
}

/** True while the connection waits for an answer. */
export function isPending(connection: Connection): boolean {
  return connection.status === 'Pending'
}
