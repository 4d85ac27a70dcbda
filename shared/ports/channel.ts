import type { Notification } from '../domain/notification.ts'

/** A channel for notifications. */
export interface ChannelPort {
  /** Its name in the log and in settings. */
  readonly name: string
  /**
   * Delivers a notification. The same one may come again, after a crash between delivering and recording it.
   * @throws Error when delivery failed; it is retried later.
   */
  send(notification: Notification): Promise<void>
}
