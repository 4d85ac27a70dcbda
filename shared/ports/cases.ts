import type { AskedIn, CaseHead, SeriesName } from '../domain/case-head.ts'
import type { CaseMember } from '../domain/case-member.ts'
import type { CaseMessage } from '../domain/case-message.ts'
import type { Group } from '../domain/group.ts'
import type { LogEntry } from '../domain/log-entry.ts'
import type { MessageKind } from '../domain/message.ts'

/** Reference to a message of a case. A text that fits into a queue message. */
export type MessageRef = string

/** Where something joins: see `shared/cases/join.ts`. */
export interface Joining {
  readonly head: CaseHead
  readonly message:
    | {
        readonly number: number
        readonly caseNumber: number
        /** Number of the first message of that case. */
        readonly firstMessage: number
        readonly series: SeriesName
        readonly kind: MessageKind
        readonly sendAt: string
        readonly isNew: boolean
      }
    | undefined
  readonly isFirst: boolean
}

/** What came of joining. */
export interface JoinedCase {
  readonly caseId: string
  /** The message; undefined: none takes it, as that of its burst was sent already, or it had joined before. */
  readonly ref: MessageRef | undefined
  /** ISO 8601: when the message is sent. */
  readonly sendAt: string | undefined
  /** True for the first of its case. */
  readonly isFirst: boolean
  /** True when the message begins with it. */
  readonly isNew: boolean
}

/** A message that this caller sends now; others leave it alone for a while. */
export interface ClaimedMessage {
  readonly ref: MessageRef
  readonly ids: { readonly message: string; readonly case: string; readonly first: string }
  readonly group: Group
  readonly message: CaseMessage
  /** Guards the next write. */
  readonly version: string
}

/** What a message is about, and whether it is still to be said. */
export interface MemberNow {
  readonly member: CaseMember
  /** True for a request that was decided or withdrawn since, or is asked about anew. */
  readonly isOver: boolean
}

/** Cases and their messages. */
export interface CasesPort {
  /**
   * Adds a member to the case that `decide` chooses by the group's head, in one transaction. The same member joins once.
   * Undefined when `decide` gives nothing.
   * @param decide gets the newest case of the group, and of an outcome or a reminder the message with its question.
   */
  join(
    group: Group,
    member: CaseMember,
    decide: (head: CaseHead | undefined, asked: AskedIn | undefined) => Joining | undefined,
  ): Promise<JoinedCase | undefined>
  /** Messages that are due, longest waiting first, up to a limit. */
  due(max: number): Promise<readonly MessageRef[]>
  /**
   * Claims a message for sending: nothing joins it any more. Undefined when it is settled, claimed, not yet due, or
   * missing.
   */
  claim(ref: MessageRef): Promise<ClaimedMessage | undefined>
  /** What a message is about. */
  members(ref: MessageRef): AsyncGenerator<MemberNow>
  /** The decision of a member, by which it is shown; undefined: it cannot be read. */
  entryOf(member: CaseMember): Promise<LogEntry | undefined>
  /** Records what became of a claimed message. Undefined when it was changed since the claim; then nothing is written. */
  record(claimed: ClaimedMessage, after: CaseMessage): Promise<ClaimedMessage | undefined>
  /** Channels that took an earlier message of the same case. */
  notifiedThrough(claimed: ClaimedMessage): Promise<ReadonlySet<string>>
  /** The group of a case; undefined: there is no such case. */
  groupOfCase(caseId: string): Promise<Group | undefined>
  /** How many messages have reached nobody, although there was time for it. */
  nobodyNotified(): Promise<number>
}
