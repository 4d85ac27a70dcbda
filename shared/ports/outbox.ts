import type { Notification } from '../domain/notification.ts'

/** Reference to an undelivered notification. A text that fits into a queue message. */
export type OutboxRef = string

/** A notification that this caller delivers now; others leave it alone for a while. */
export interface ClaimedNotification {
  readonly ref: OutboxRef
  /** Where the record of its request lies. */
  readonly recordKey: string
  readonly notification: Notification
  /** How often delivering was tried before. */
  readonly attempts: number
  /** Guards the next write. */
  readonly version: string
}

/** Notifications that have not joined a case yet. The ledger's transaction puts them there. */
export interface OutboxPort {
  /** Those that are due, longest waiting first, up to a limit. */
  due(max: number): Promise<readonly OutboxRef[]>
  /** Undefined when it is already delivered, claimed, not yet due, or missing. */
  claim(ref: OutboxRef): Promise<ClaimedNotification | undefined>
  /**
   * Records that it joined a case. Does nothing when the row was changed since the claim.
   */
  delivered(claimed: ClaimedNotification, caseId: string): Promise<void>
  /** Id of the case that a notification joined; undefined: it has joined none yet. */
  caseOf(recordKey: string, notificationId: string): Promise<string | undefined>
  /** Records that it could not be delivered, and when to try again. */
  failed(claimed: ClaimedNotification, afterSeconds: number, problem: string): Promise<void>
}

/** Announces a notification or a message, so that it is delivered in time. If a hint is lost, a timer delivers. */
export interface NotificationHintPort {
  /** @param afterSeconds when it is due; left out: now. */
  hint(ref: OutboxRef, afterSeconds?: number): Promise<void>
}
