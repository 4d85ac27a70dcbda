import type { Expiry } from './expiry.ts'
import type { ReasonCode } from './verdict.ts'

/**
 * - `question`: a request waits for manual review.
 * - `reminder`: it waits still.
 * - `outcome`: what became of a request of which people were notified.
 */
export type NotificationKind = 'question' | 'reminder' | 'outcome'

/** `alarm`: something happened that should not, or that concerns more than one request. */
export type Severity = 'question' | 'alarm'

/** What people are notified of: a request that waits for manual review, or what became of it. */
export interface Notification extends Expiry {
  /** Id of the decision, or of the burst case. The same id is the same notification. */
  readonly id: string
  readonly kind: NotificationKind
  readonly severity: Severity
  readonly code: ReasonCode
  readonly sentence: string
  readonly decisionId: string
  readonly targetId: string
  /** Undefined for a whole target. */
  readonly connectionId: string | undefined
  /** The burst case that the request belongs to; there is one notification for the whole case. */
  readonly caseId: string | undefined
  /** ISO 8601: since when the request waits. */
  readonly since: string
  /** Ids of the notifications with the questions that it is about, oldest first; of a question: none. */
  readonly about: readonly string[]
}
