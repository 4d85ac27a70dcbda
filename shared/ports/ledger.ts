import type { LogEntry, Request } from '../domain/decision.ts'
import type { ResourceId } from '../domain/resource-id.ts'

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

/** Somebody else wrote first. */
export class LedgerConflict extends Error {
  override name = 'LedgerConflict'
}
