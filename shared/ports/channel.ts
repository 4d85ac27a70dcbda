import type { Notification } from '../domain/notification.ts'

/** A way to reach people. */
export interface ChannelPort {
  /** As it is named in the log and in settings. */
  readonly name: string
  /**
   * Delivers a notification. It may be asked for the same one again, after a crash between delivering and recording it.
   * @throws Error when it could not be delivered; it is tried again later.
   */
  send(notification: Notification): Promise<void>
}
