import type { Risk } from './message.ts'
import type { Notification } from './notification.ts'

/** What a message is about, as it joined. */
export type CaseMember =
  /** A request that waits for manual review. `recordKey`: where its record lies. */
  | {
      readonly kind: 'request'
      readonly id: string
      readonly risk: Risk
      readonly recordKey: string
      readonly notification: Notification
    }
  /** A request that waits still. `notification`: of its question, as in an outcome. */
  | {
      readonly kind: 'reminder'
      readonly id: string
      readonly risk: Risk
      readonly recordKey: string
      readonly notification: Notification
    }
  /** What became of a request of which people were notified. */
  | {
      readonly kind: 'outcome'
      readonly id: string
      readonly recordKey: string
      readonly notification: Notification
      /** One sentence. */
      readonly outcome: string
      /** ISO 8601. */
      readonly at: string
      /** True when nobody decided in time: it can still be decided. */
      readonly isExpired?: true
    }
  /** Another message, which was over what its recipient may get in an hour. */
  | { readonly kind: 'message'; readonly id: string; readonly ref: string }
