import type { LedgerChange } from '../domain/ledger-change.ts'
import type { LogEntry } from '../domain/log-entry.ts'
import type { Request } from '../domain/request.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { OutboxRef } from './outbox.ts'

/** Identifies a record: of a connection, or of a whole target. Their keys never collide. */
export interface SubjectKey {
  readonly kind: 'connection' | 'target'
  readonly id: ResourceId
}

/** The record of a connection, or of an unreadable target. */
export interface RequestRecord {
  readonly request: Request
  readonly lastEntry: LogEntry
  /** Hash of the last entry; the next one is chained to it. */
  readonly hash: string
  /** Guards the next write. */
  readonly version: string
}

/** A record as it was just written. */
export interface WrittenRecord extends RequestRecord {
  /** Where the notification of this step waits to be delivered; undefined when the step has none. */
  readonly notificationRef: OutboxRef | undefined
}

/** Requests that keep a burst case open. `isWhole`: there are no others, and each could be read. */
export interface OfCase {
  readonly requests: readonly Request[]
  readonly isWhole: boolean
}

export interface LedgerPort {
  /**
   * The newest episode; undefined when the subject was never seen.
   * @throws StoredUnreadable
   */
  read(subject: SubjectKey): Promise<RequestRecord | undefined>
  /** The id of the next entry on this subject: that of a decision which begins with it, and of its notification. */
  nextEntryId(subject: SubjectKey, record: RequestRecord | undefined, episode: number): string
  /**
   * Writes state, log entry and notification in one transaction.
   * @throws LedgerConflict when the record was changed since it was read.
   */
  write(subject: SubjectKey, record: RequestRecord | undefined, change: LedgerChange): Promise<WrittenRecord>
  /**
   * Unfinished records of this target, including that of the target itself. An unreadable record is reported and left
   * out, so that it does not block the others; `read` throws for it.
   */
  unfinishedOn(target: ResourceId): Promise<readonly RequestRecord[]>
  /** Requests that keep a burst case open, up to a number: see `keepsCaseOpen`. */
  openInCase(caseId: string, max: number): Promise<OfCase>
  /**
   * Records of connections of this target that this app has approved since then, ten minutes at most, or that an
   * approval may have reached since then: a list may not show it yet. Undefined when a record of the target cannot be read.
   */
  approvedOn(target: ResourceId, since: Date): Promise<readonly RequestRecord[] | undefined>
  /**
   * Ids of the targets on which a request is not finished yet, each once; a target with a record that cannot be read is
   * one of them.
   */
  unfinishedTargets(): Promise<readonly string[]>
  /** Writes the index rows that a crash left out, for what was touched since. Returns how many there were. */
  repairIndexes(since: Date): Promise<number>
}

/** What is stored was written by another version or by hand. It is not interpreted. */
export class StoredUnreadable extends Error {
  override name = 'StoredUnreadable'
}

/** The record was changed by a concurrent writer. */
export class LedgerConflict extends Error {
  override name = 'LedgerConflict'
}
