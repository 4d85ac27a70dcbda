import type { LogEntry } from './log-entry.ts'
import type { Notification } from './notification.ts'
import type { Request } from './request.ts'

/** An entry before the ledger has given it its place in the chain. */
export type NewEntry = Omit<LogEntry, 'sequence'>

/** One step in the life of a request: state, log entry and notification are written together, or none of them is. */
export interface LedgerChange {
  readonly request: Request
  readonly entry: NewEntry
  /** For each way into an open question, for each end of one of which people were notified, and for reminders. */
  readonly notification: Notification | undefined
}
