import type { CaseKind } from './case.ts'
import type { PersonRef } from './choice.ts'

/** What became of one request of a job. */
export interface ItemResult {
  /**
   * - `recorded`: the choice of the person is recorded; a review pass applies it.
   * - `changed`: something was recorded since it was shown.
   * - `refused`: nobody, or not this person, can decide it.
   * - `left-out`: it was not tried, because another one of the job was not recorded.
   * - `given-up`: the job took too long.
   */
  readonly kind: 'recorded' | 'changed' | 'refused' | 'left-out' | 'given-up'
  /** Why not; empty for what is recorded. */
  readonly sentence: string
}

/** One request of a job, bound to what was shown. */
export interface JobItem {
  readonly decisionId: string
  /** Hash of the last entry that was shown. */
  readonly version: string
  readonly outcome: 'approve' | 'reject'
  /** Undefined while it was not tried. */
  readonly result: ItemResult | undefined
}

/** What a person decided about requests of one case. Its requests are in parts beside it. */
export interface DecisionJob {
  readonly caseId: string
  readonly caseKind: CaseKind
  readonly person: PersonRef & { readonly tenantId: string; readonly groups: readonly string[] }
  readonly reason: string | undefined
  /** ISO 8601, as every time here. */
  readonly at: string
  /** True where what is not recorded ends it: of the rest, nothing is tried. */
  readonly isOrdered: boolean
  /** How many requests it is about. */
  readonly total: number
  readonly toApprove: number
  /** How many of them have a result, and how many are recorded. */
  readonly done: number
  readonly recorded: number
  /** Somebody works on it until then. */
  readonly dueAt: string
  readonly settledAt: string | undefined
}

/** The most requests of one job. */
export const maxJobItems = 4_000
/** After that it is given up, and says so. */
export const maxJobMs = 3_600_000
