import type { ConnectionWrite, Progress, WriteOutcome } from '../domain/connection-write.ts'
import type { Choice } from '../domain/choice.ts'
import type { Connection } from '../domain/connection.ts'
import type { Actor, EntryKind } from '../domain/log-entry.ts'
import type { Severity } from '../domain/notification.ts'
import type { Proof } from '../domain/proof.ts'
import type { AskedQuestion, Request, RequestState } from '../domain/request.ts'
import type { Reason, Context, Verdict } from '../domain/verdict.ts'
import type { Words } from '../domain/words.ts'

/** What a fresh verdict rests on. */
export interface Evaluated {
  readonly connection: Connection
  readonly proof: Proof
  readonly context: Context
  readonly verdict: Verdict
}

/** The burst case that a request, or a target that cannot be read, belongs to when it is over a limit. */
export interface BurstCase {
  readonly caseId: string
  readonly reason: Reason
  /** True for the first one in a while that joins a case of which people were notified before. */
  readonly isJoining: boolean
}

/**
 * - `unreadable`: the connections of the target cannot be read, and a retry soon would not help.
 * - `azure-fails`: Azure has failed at the target for half an hour, and may do so for longer.
 */
export interface TargetProblem {
  readonly kind: 'unreadable' | 'azure-fails'
  /** The same for each failure that is one question. */
  readonly question: string
  readonly sentence: string
  /** True where Azure fails at something for less than half an hour, at a target where it has failed for longer. */
  readonly isEarly?: boolean
  /** Connections that wait because of it, as far as they are known. */
  readonly connections?: readonly WaitingConnection[]
}

/** A connection that waits because its target is in trouble. */
export interface WaitingConnection {
  readonly name: string
  /** Since when it is known to wait, in milliseconds since 1970. */
  readonly since: number
}

/** An event of a request. Its facts are freshly read. */
export type LifeEvent =
  /**
   * A list shows the connection, and it is not decided. `isRecheck`: open requests are evaluated again although nothing
   * about them has changed. `ruleSetHash`: of the newest allow-list, undefined when it cannot be used. `isConfirmed`: a
   * read of the connection shows the same.
   */
  | {
      readonly kind: 'waiting'
      readonly connection: Connection
      readonly isRecheck: boolean
      readonly ruleSetHash: string | undefined
      /** Hash of the list by which an earlier pass evaluated every open request of the target. */
      readonly evaluatedBy?: string | undefined
      readonly isConfirmed?: true
    }
  /** `askers`: object ids of the people who made the endpoint; read where people have decided. */
  | {
      readonly kind: 'evaluated'
      readonly evaluated: Evaluated
      readonly askers?: readonly string[] | undefined
    }
  | { readonly kind: 'within-limits'; readonly evaluated: Evaluated }
  | { readonly kind: 'over-limit'; readonly evaluated: Evaluated; readonly burst: BurstCase }
  /** Read once more, right before the write. `isNewest`: the allow-list is the one that was evaluated. */
  | {
      readonly kind: 'read'
      readonly evaluated: Evaluated
      readonly connection: Connection
      readonly progress: Progress
      readonly isNewest: boolean
    }
  | WriteEvent
  /** Read after the write. */
  | {
      readonly kind: 'read-back'
      readonly evaluated: Evaluated
      readonly connection: Connection
      readonly progress: Progress
    }
  /** The list shows the connection, and a read of it shows something else, or says that it does not exist. */
  | { readonly kind: 'contradicted' }
  /** A write responded that the connection does not exist, and a read shows it. */
  | { readonly kind: 'still-there' }
  /**
   * Azure shows the connection as Approved, Rejected or Disconnected. `isUnsent`: right before a write, so that the last
   * attempt was not sent. `isOnlyListed`: only a list shows it.
   */
  | {
      readonly kind: 'decided'
      readonly connection: Connection
      readonly progress: Progress
      readonly isUnsent?: true
      readonly isOnlyListed?: true
    }
  | { readonly kind: 'gone' }
  /** A whole target is in trouble: see `TargetProblem`. */
  | { readonly kind: 'target-problem'; readonly problem: TargetProblem }
  | { readonly kind: 'target-within-limits'; readonly problem: TargetProblem }
  | { readonly kind: 'target-over-limit'; readonly problem: TargetProblem; readonly burst: BurstCase }
  | { readonly kind: 'readable' }
  /** A person chose. Whether they may, and whether they were shown this record, has been checked. */
  | { readonly kind: 'chosen'; readonly choice: Choice }

/** The result of a write: see `WriteOutcome`. `busy` also of a read around it. */
type WriteEvent =
  | Exclude<WriteOutcome, { kind: 'retry-after' | 'gone' }>
  | ({ readonly kind: 'busy'; readonly afterSeconds: number } & Words)
  | { readonly kind: 'said-gone' }

export type EventKind = LifeEvent['kind']

/**
 * What the driver does next; each effect but the last two leads to the next event.
 * - `count-as-question`: whatever the policy says, the request needs manual review.
 * - `confirm`: the list alone is not believed; the connection is read.
 * - `see-again`: this episode is over, or people were notified, and the same connection is still Pending.
 * - `observe`: the connection that was read is decided already.
 * - `read-if-gone`: the response to a write said that it is gone.
 */
export type Effect =
  | { readonly kind: 'confirm' }
  | { readonly kind: 'see-again' }
  | { readonly kind: 'evaluate' }
  | { readonly kind: 'count'; readonly isRelease: boolean }
  | { readonly kind: 'count-as-question' }
  | { readonly kind: 'read' }
  | { readonly kind: 'observe' }
  | { readonly kind: 'write'; readonly write: ConnectionWrite }
  | { readonly kind: 'read-back' }
  | { readonly kind: 'read-if-gone' }
  | { readonly kind: 'retry-after'; readonly afterSeconds: number }
  | { readonly kind: 'end' }

export type EffectKind = Effect['kind']

type Without<State, Key extends PropertyKey> = State extends unknown ? Omit<State, Key> : never

/** A state before it is stamped with time, notification and expiry. */
export type NewState =
  | Without<Extract<RequestState, { name: 'open' }>, keyof AskedQuestion>
  | Exclude<RequestState, { name: 'open' }>

/** What is to be written: the next state, and the log entry that explains it. */
export interface Draft {
  readonly kind: EntryKind
  readonly state: NewState
  readonly reason: Reason
  readonly actor: Actor
  /** What the entry rests on, where a decision begins with it; undefined: on what the last entry rests on. */
  readonly verdict: Evaluated | 'target-unreadable' | undefined
  /** What changes of what the request remembers. */
  readonly memory: Partial<
    Pick<
      Request,
      | 'hold'
      | 'refused'
      | 'caseId'
      | 'changes'
      | 'attempts'
      | 'quietUntil'
      | 'choices'
      | 'remindedAt'
      | 'expired'
    >
  >
  /** The question is one of which somebody has been notified: it stays, without another notification. */
  readonly asked: AskedQuestion | undefined
  /** What has changed of the request, where people are notified of it whether they know the question or not. */
  readonly change: string | undefined
  /** ISO 8601: since when a question that is new is open all the same; undefined: from now on. */
  readonly since: string | undefined
  /** See `Notification`. Unused for states other than `open`. */
  readonly notice: { readonly severity: Severity; readonly isOfCase: boolean }
}

export interface Step {
  /** The description of the row in the table. */
  readonly row: string
  readonly draft: Draft | undefined
  readonly effect: Effect
}

/** When an event happens. */
export interface Moment {
  readonly at: Date
  /** True when further review passes follow by themselves. */
  readonly isFollowed: boolean
}
