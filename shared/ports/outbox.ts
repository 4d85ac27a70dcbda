import type { Notification } from '../domain/notification.ts'

/** Reference to an undelivered notification. A text that fits into a queue message. */
export type OutboxRef = string

/** A notification that this caller delivers now; others leave it alone for a while. */
export interface ClaimedNotification {
  readonly ref: OutboxRef
  readonly notification: Notification
  /** True for the one notification of a burst case, which covers all of its requests. */
  readonly isCase: boolean
  /** How often delivering was tried before. */
  readonly attempts: number
  /** Names of the channels that took it at an earlier try. */
  readonly sentThrough: readonly string[]
  /** Guards the next write. */
  readonly version: string
}

/** Notifications that are not delivered yet. The ledger's transaction puts them there. */
export interface OutboxPort {
  /** Those that are due, longest waiting first, up to a limit. */
  due(max: number): Promise<readonly OutboxRef[]>
  /** Undefined when it is already delivered, claimed, not yet due, or missing. */
  claim(ref: OutboxRef): Promise<ClaimedNotification | undefined>
  /**
   * Puts the notification of a burst case into the case's own partition, unless it is there already, in any state.
   * Returns its reference.
   */
  openCase(notification: Notification, caseId: string): Promise<OutboxRef>
  /**
   * Records that it was delivered, and through which channels. Does nothing when the row was changed since the claim.
   */
  delivered(claimed: ClaimedNotification): Promise<void>
  /** Records that it could not be delivered, and when to try again. */
  failed(claimed: ClaimedNotification, afterSeconds: number, problem: string): Promise<void>
}

/** Announces a notification, so that it is delivered at once. If a hint is lost, a timer delivers. */
export interface NotificationHintPort {
  hint(ref: OutboxRef): Promise<void>
}
