import type { Group } from './group.ts'

/** Messages about a case, one after the other, of which one at most still takes requests. */
export interface MessageSeries {
  /** The message that takes requests until it is claimed for sending. */
  readonly open: { readonly number: number; readonly sendAt: string } | undefined
  /** How many of the case there were, the open one included. */
  readonly count: number
  /** ISO 8601: when the last one was claimed for sending. */
  readonly closedAt: string | undefined
}

/** The newest case of a group. Whoever joins it, or claims a message of it for sending, changes it under its version. */
export interface CaseHead {
  readonly group: Group
  /** From 1. */
  readonly caseNumber: number
  /** Number of the case's first message. Numbers of messages go on from case to case. */
  readonly firstMessage: number
  readonly lastMessage: number
  readonly questions: MessageSeries
  readonly outcomes: MessageSeries
  readonly reminders: MessageSeries
  /** Of cases before this one: what comes of their requests belongs to them. */
  readonly earlierCases: readonly EarlierSeries[]
  /** ISO 8601: when something joined last. */
  readonly joinedAt: string
}

export type SeriesName = 'questions' | 'outcomes' | 'reminders'

/** Series that follow the questions of a case, for as long as its requests wait. */
export type FollowingName = Exclude<SeriesName, 'questions'>

/** A series of a case that is not the newest one of its group. */
export interface EarlierSeries extends MessageSeries {
  readonly caseNumber: number
  readonly name: FollowingName
}

/** The message with the question that an outcome or a reminder is about. */
export interface AskedIn {
  /** 0: none, as that of its burst was sent already. */
  readonly message: number
  readonly caseNumber: number
  /** Number of the first message of its case. */
  readonly firstMessage: number
}

/** The head once a message takes no others: whoever sends it has claimed it. */
export function closed(head: CaseHead, name: SeriesName, number: number, now: Date): CaseHead {
  const isIt = ({ open }: MessageSeries) => open?.number === number
  const after = { open: undefined, closedAt: now.toISOString() }
  if (isIt(head[name])) return { ...head, [name]: { ...head[name], ...after } }
  if (!head.earlierCases.some(isIt)) return head
  return { ...head, earlierCases: head.earlierCases.map((one) => (isIt(one) ? { ...one, ...after } : one)) }
}

/** Whether a message of the case still takes others. */
export function isOpen(head: CaseHead, name: SeriesName, number: number): boolean {
  return head[name].open?.number === number
}
