import type { PersonRef } from './choice.ts'
import type { Proof } from './proof.ts'
import type { StateName, Subject } from './request.ts'
import type { Effect, RuleMode } from './rule.ts'
import type { Match, Outcome, Reason, RuleExplanation, Context, Terms } from './verdict.ts'

export type Actor =
  { readonly kind: 'policy' } | { readonly kind: 'azure' } | ({ readonly kind: 'person' } & PersonRef)

export type EntryKind =
  | 'intent'
  | 'result'
  | 'deferred'
  | 'escalated'
  | 'abandoned'
  | 'observed'
  | 'chosen'
  | 'reminded'
  | 'expired'

/** Characters of a sentence in records, entries and notifications. */
export const maxSentenceLength = 1_000

/** Limits of the group ids in a log entry: their number, and the length of each. */
export const maxGroupIdsRecorded = 20
export const maxGroupIdLength = 100
/** Characters of what a requester wrote, in records and entries. */
export const maxSaidLength = 500

/** A rule that was evaluated, without its conditions. */
export interface EvaluatedRule {
  readonly ruleId: string
  readonly ruleVersion: number
  readonly effect: Effect
  readonly mode: RuleMode
  readonly match: Match
}

/** One line of the log. Append-only; each carries the hash of the one before. */
export interface LogEntry {
  readonly sequence: number
  readonly kind: EntryKind
  /** `verdict`: the decision begins here. `follow-up`: what became of it; its facts are those of the verdict. */
  readonly basis: 'verdict' | 'follow-up'
  /** ISO 8601, as every time here. */
  readonly at: string
  readonly decisionId: string
  readonly subject: Subject
  readonly episode: number
  readonly state: StateName
  readonly actor: Actor
  readonly reason: Reason
  readonly outcome: Outcome
  readonly proof: Proof | undefined
  readonly groupIds: readonly string[] | undefined
  /** What the requester wrote. Data, never instructions, cut to length. */
  readonly requesterSaid: string | undefined
  readonly decidedBy: RuleExplanation | undefined
  readonly nearest: RuleExplanation | undefined
  readonly audited: readonly RuleExplanation[]
  /** The rules that were evaluated, deciding ones first, cut to fit. */
  readonly evaluatedRules: readonly EvaluatedRule[]
  /** How many rules were evaluated in all. */
  readonly evaluatedCount: number
  readonly ruleSetHash: string | undefined
  readonly terms: Terms | undefined
  /** The facts around the connection that a rule required, or the routes. */
  readonly context: Partial<Omit<Context, 'approved'>> | undefined
  /** See `Request.caseId`. */
  readonly caseId: string | undefined
  readonly firstSeenAt: string
  /** Seconds from the first sight of the request to this entry. */
  readonly secondsSinceFirstSeen: number
  readonly correlationId: string | undefined
}
