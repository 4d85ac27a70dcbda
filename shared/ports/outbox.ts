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

/** A notification as it stands in the outbox. */
export interface FoundNotification {
  readonly notification: Notification
  /** False while it waits to be handed over. */
  readonly isDelivered: boolean
  /** Id of the case that it joined. */
  readonly caseId: string | undefined
}

/** Notifications that have not joined a case yet. The ledger's transaction puts them there. */
export interface OutboxPort {
  /** Those that are due, longest waiting first, up to a limit. */
  due(max: number): Promise<readonly OutboxRef[]>
  /** Undefined when it is already delivered, claimed, not yet due, or missing. */
  claim(ref: OutboxRef): Promise<ClaimedNotification | undefined>
  /**
   * Records that it was handed over, and which case it joined, if any. Does nothing when the row was changed since the claim.
   */
  delivered(claimed: ClaimedNotification, caseId: string | undefined): Promise<void>
  /** A notification of a record; undefined: there is none with that id. */
  find(recordKey: string, notificationId: string): Promise<FoundNotification | undefined>
  /** Records that it could not be delivered, and when to try again. */
  failed(claimed: ClaimedNotification, afterSeconds: number, problem: string): Promise<void>
}

/** Announces a notification or a message, so that it is delivered in time. If a hint is lost, a timer delivers. */
export interface NotificationHintPort {
  /** @param afterSeconds when it is due; left out: now. */
  hint(ref: OutboxRef, afterSeconds?: number): Promise<void>
}
