import type { LogEntry } from '../domain/log-entry.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { RequestRecord } from './ledger.ts'

/** A decision that was logged, and the record of its request as it is now. */
export interface FoundRequest {
  /** The entry that an id names. */
  readonly entry: LogEntry
  readonly record: RequestRecord
}

/** Some records, oldest first, and how many there are in all. */
export interface SomeOf {
  readonly records: readonly RequestRecord[]
  readonly total: number
}

/** Reads requests for people. Nothing here changes a row. */
export interface RequestsPort {
  /**
   * The request that the id of a decision names; undefined when there is none.
   * @throws StoredUnreadable
   */
  find(decisionId: string): Promise<FoundRequest | undefined>
  /** Requests that wait for manual review, first seen first. */
  open(max: number): Promise<SomeOf>
  /** Unfinished requests of one target. */
  unfinishedOn(target: ResourceId, max: number): Promise<SomeOf>
  /** The last entries of requests that ended on a target, newest first. */
  endedOn(target: ResourceId, max: number): Promise<readonly LogEntry[]>
  /** The same of a requester, or of an endpoint. */
  endedOf(requester: { readonly key: string }, max: number): Promise<readonly LogEntry[]>
}
