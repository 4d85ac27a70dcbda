import type { Proof } from './proof.ts'
import type { Outcome, Reason, RuleExplanation, Surroundings, Terms } from './verdict.ts'

/**
 * Where a request stands.
 * - `approving`, `rejecting`: an intent is written, the result is not.
 * - `settled-elsewhere`: somebody answered outside this app.
 * - `withdrawn`: the connection is gone.
 */
export type RequestState =
  'escalated' | 'approving' | 'rejecting' | 'approved' | 'rejected' | 'settled-elsewhere' | 'withdrawn'

export type Actor = { readonly kind: 'policy' } | { readonly kind: 'azure' }

/** One episode of one connection waiting for an answer. */
export interface Request {
  readonly connectionId: string
  readonly targetId: string
  readonly endpointId: string | undefined
  readonly episode: number
  readonly state: RequestState
  readonly firstSeenAt: string
  /** The decision in force or under way. */
  readonly decisionId: string
  readonly reason: Reason
  /** `{rule} v{version}` by which Azure refused an answer: the same one is not sent again. */
  readonly refusedRule: string | undefined
  /** Id of the case in which a flood of requests is gathered: the decision id of the one that opened it. */
  readonly caseId: string | undefined
  /** The automatic answer that is kept back for good in this episode; undefined when none is. */
  readonly heldBack?: HeldBack | undefined
}

/** What would have been answered, had the request not come in a flood, or beside a rival. */
export interface HeldBack {
  /** Missing in what an earlier version wrote, which knew floods only. */
  readonly why?: 'flood' | 'rival'
  /**
   * `{rule} v{version}` of every rule that was looked at: another one, which a person has written since, may let the
   * request go. Undefined when there were too many, or in what an earlier version wrote: then nothing does.
   */
  readonly known?: readonly string[] | undefined
  /** True while the rival kept every rule from deciding. */
  readonly isGuess?: boolean
}

export type EntryKind = 'intent' | 'result' | 'deferred' | 'escalated' | 'abandoned' | 'observed'

/** An entry of the log holds no more groups than that, each cut to so many characters. */
export const mostGroupsRecorded = 20
export const longestGroupRecorded = 100

/** One line of the log. Append-only; each carries the hash of the one before. */
export interface LogEntry {
  readonly sequence: number
  readonly kind: EntryKind
  readonly at: string
  readonly decisionId: string
  readonly connectionId: string
  readonly targetId: string
  readonly endpointId: string | undefined
  readonly episode: number
  readonly state: RequestState
  readonly actor: Actor
  readonly reason: Reason
  readonly outcome: Outcome | undefined
  readonly proof: Proof | undefined
  readonly groupIds: readonly string[] | undefined
  /** What the requester wrote. Data, never instructions, cut to length. */
  readonly requesterSaid: string | undefined
  readonly decidedBy: RuleExplanation | undefined
  readonly nearest: RuleExplanation | undefined
  readonly audited: readonly RuleExplanation[]
  readonly ruleSetHash: string | undefined
  /** Missing in what an earlier version wrote. */
  readonly terms?: Terms | undefined
  /** What the verdict rests on besides. Missing in what an earlier version wrote. */
  readonly surroundings?: Partial<Omit<Surroundings, 'approved'>> | undefined
  /** See `Request.caseId`. */
  readonly caseId: string | undefined
  readonly firstSeenAt: string
  /** Seconds from the first sight of the request to this entry. */
  readonly secondsSinceFirstSeen: number
  readonly correlationId: string | undefined
}
