import type { Notification } from '../domain/notification.ts'

/** Where an undelivered notification lies. A text that fits into a queue message. */
export type OutboxRef = string

/** A notification that this caller delivers now; others leave it alone for a while. */
export interface ClaimedNotification {
  readonly ref: OutboxRef
  readonly notification: Notification
  /** True for the one notification of a burst case, which stands for all of its requests. */
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
  /** Those that are due, longest waiting first, at most so many. */
  due(max: number): Promise<readonly OutboxRef[]>
  /** Undefined when it is delivered already, claimed by somebody else, not due yet, or not there. */
  claim(ref: OutboxRef): Promise<ClaimedNotification | undefined>
  /**
   * Puts the notification of a burst case into the case's own partition, unless it is there already, whatever became of
   * it. Returns where.
   */
  openCase(notification: Notification, caseId: string): Promise<OutboxRef>
  /** Records that it was delivered, and through which channels. Does nothing when somebody else wrote since it was claimed. */
  delivered(claimed: ClaimedNotification): Promise<void>
  /** Records that it could not be delivered, and when to try again. */
  failed(claimed: ClaimedNotification, afterSeconds: number, problem: string): Promise<void>
}

/** Says that a notification waits, so that it is delivered at once. When a hint is lost, a timer delivers. */
export interface NotificationHintPort {
  hint(ref: OutboxRef): Promise<void>
}
