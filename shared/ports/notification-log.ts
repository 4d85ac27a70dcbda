import type { Notification } from '../domain/notification.ts'

/** Takes each notification as it joins its case, also where no channel is defined. */
export interface NotificationLog {
  /**
   * Says a notification. The same one may come again, after a crash between saying and recording it.
   * @throws Error when it could not be said; it is tried again later.
   */
  write(notification: Notification): Promise<void>
}
