import type { ReasonCode } from './verdict.ts'

/** `alarm`: something happened that should not, or that concerns more than one request. */
export type Severity = 'question' | 'alarm'

/** The notification of a request that waits for manual review. */
export interface Notification {
  /** Id of the decision, or of the burst case. The same id is the same notification. */
  readonly id: string
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
}
