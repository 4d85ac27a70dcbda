import {
  type AskedIn,
  type CaseHead,
  type EarlierSeries,
  isOpen,
  type MessageSeries,
  type SeriesName,
} from '../domain/case-head.ts'
import type { Group } from '../domain/group.ts'
import type { MessageKind, Risk } from '../domain/message.ts'
import { type CaseSettings, hourMs } from './settings.ts'

/** A request, or a message over a limit, of which people are to be notified. */
export interface Arrival {
  readonly group: Group
  readonly risk: Risk
}

/** What becomes of an arrival. */
export interface Joined {
  readonly head: CaseHead
  /** The message that it is part of; undefined: of none, as that of its burst was sent already. */
  readonly message: JoinedMessage | undefined
  /** True for the first of its case. */
  readonly isFirst: boolean
}

export interface JoinedMessage {
  readonly number: number
  readonly caseNumber: number
  /** Number of the first message of that case. */
  readonly firstMessage: number
  readonly series: SeriesName
  readonly kind: MessageKind
  /** ISO 8601. */
  readonly sendAt: string
  /** True when the message begins with it. */
  readonly isNew: boolean
}

type Timing = Pick<CaseSettings, 'windowMs'>

/**
 * Where an arrival belongs: to the message that still takes others, or to a new one. The first message of a case is a
 * question, the second a follow-up, and every other a digest, an hour after the one before; one of high risk does not
 * wait. A group in which nothing happened for an hour begins a new case. A burst is one message.
 */
export function joined(
  before: CaseHead | undefined,
  { group, risk }: Arrival,
  now: Date,
  timing: Timing,
): Joined {
  const isFirst = !before || isOver(before, now)
  const head = { ...(isFirst ? nextCase(before, group, now) : before), joinedAt: now.toISOString() }
  const { questions, caseNumber, firstMessage } = head
  if (group.kind === 'burst' && questions.count > 0 && !questions.open)
    return { head, message: undefined, isFirst }
  const isUrgent = risk === 'high' && isSentAtOnce(group)
  const kind = kindOfQuestion(group, questions.count - Number(questions.open !== undefined))
  const sendAt = isUrgent
    ? now.getTime() + urgentMs(group)
    : nextTime(questions, kind === 'digest', now, timing)
  return placed(
    head,
    { name: 'questions', kind, caseNumber, firstMessage },
    { sendAt, isUrgent, isFirst, now },
  )
}

/** What follows a question. */
export interface Following {
  readonly kind: 'outcome' | 'reminder'
  /** True for a question of something that should not have happened: it is said whatever became of it. */
  readonly isAlarm: boolean
}

/**
 * Where an outcome or a reminder belongs: to a message of the case of its question that comes a little later, and after
 * that once an hour.
 * @param asked the message with the question; undefined: there was none.
 * @returns undefined when the question was not sent: then there is nothing to add.
 */
export function joinedAfter(
  before: CaseHead | undefined,
  asked: AskedIn | undefined,
  { kind, isAlarm }: Following,
  now: Date,
  timing: Timing,
): Joined | undefined {
  if (!before || !asked || (isOpen(before, 'questions', asked.message) && !isAlarm)) return undefined
  const name = kind === 'outcome' ? 'outcomes' : 'reminders'
  const isOfNewest = asked.caseNumber === before.caseNumber
  // Reminders come for as long as something waits: they do not keep a case going.
  const head = isOfNewest && kind === 'outcome' ? { ...before, joinedAt: now.toISOString() } : before
  const series = seriesOf(head, name, asked.caseNumber)
  const sendAt = nextTime(series, series.count > 0, now, timing)
  return placed(head, { ...asked, name, kind }, { sendAt, isUrgent: false, isFirst: false, now })
}

interface Place {
  readonly name: SeriesName
  readonly kind: MessageKind
  readonly caseNumber: number
  readonly firstMessage: number
}

interface Placing {
  /** Milliseconds since 1970: when a message with it alone is sent. */
  readonly sendAt: number
  readonly isUrgent: boolean
  readonly isFirst: boolean
  readonly now: Date
}

/** Into the open message of a series, which is sent earlier if that is urgent, or a new one. */
function placed(
  head: CaseHead,
  { name, kind, caseNumber, firstMessage }: Place,
  { sendAt: ownTime, isUrgent, isFirst, now }: Placing,
): Joined {
  const { open, count, closedAt } = seriesOf(head, name, caseNumber)
  const own = new Date(ownTime).toISOString()
  const isSooner = open !== undefined && isUrgent && own < open.sendAt
  const sendAt = open && !isSooner ? open.sendAt : own
  const number = open?.number ?? head.lastMessage + 1
  const after: MessageSeries = { open: { number, sendAt }, count: open ? count : count + 1, closedAt }
  const numbered = { ...head, lastMessage: Math.max(head.lastMessage, number) }
  return {
    head: withSeries(numbered, { name, caseNumber, series: after }, now),
    message: { number, caseNumber, firstMessage, series: name, kind, sendAt, isNew: open === undefined },
    isFirst,
  }
}

/** The series of a case: of one before the newest, only what is needed still is kept. */
function seriesOf(head: CaseHead, name: SeriesName, caseNumber: number): MessageSeries {
  if (caseNumber === head.caseNumber) return head[name]
  return head.earlierCases.find((one) => one.name === name && one.caseNumber === caseNumber) ?? noMessages
}

function withSeries(
  head: CaseHead,
  { name, caseNumber, series }: Pick<Place, 'name' | 'caseNumber'> & { readonly series: MessageSeries },
  now: Date,
): CaseHead {
  if (name === 'questions' || caseNumber === head.caseNumber) return { ...head, [name]: series }
  const others = head.earlierCases.filter((one) => one.name !== name || one.caseNumber !== caseNumber)
  return { ...head, earlierCases: needed([...others, { ...series, name, caseNumber }], now) }
}

/** Those that take others, or whose last message was less than an hour ago: the next one waits for that hour. */
function needed(series: readonly EarlierSeries[], now: Date): readonly EarlierSeries[] {
  return series.filter(
    ({ open, closedAt }) =>
      open !== undefined || (closedAt !== undefined && now.getTime() - Date.parse(closedAt) < hourMs),
  )
}

/** One review pass finds the claims of one name one after the other: they are one question. */
const sameNameMs = 3_000

/** How long an urgent message waits for others of its group. */
function urgentMs({ kind }: Group): number {
  return kind === 'competing-claims' ? sameNameMs : 0
}

/** Whether urgent requests of a group are sent at once. The size of a burst shows within the window only. */
function isSentAtOnce({ kind }: Group): boolean {
  return kind !== 'burst' && kind !== 'recipient'
}

/** @param earlier how many messages of the case went before it. */
function kindOfQuestion(group: Group, earlier: number): MessageKind {
  if (group.kind === 'recipient' || earlier > 1) return 'digest'
  return earlier === 0 ? 'question' : 'follow-up'
}

/** When a message that begins now is sent. A time that lies ahead, by a wrong clock, counts as now. */
function nextTime({ closedAt }: MessageSeries, isHourly: boolean, now: Date, { windowMs }: Timing): number {
  const afterWindow = now.getTime() + windowMs
  if (!isHourly || closedAt === undefined) return afterWindow
  return Math.max(afterWindow, Math.min(Date.parse(closedAt), now.getTime()) + hourMs)
}

/** A burst stays one case. */
function isOver({ group, questions, outcomes, joinedAt }: CaseHead, now: Date): boolean {
  if (group.kind === 'burst' || questions.open || outcomes.open) return false
  const times = [joinedAt, questions.closedAt ?? joinedAt].map((time) => Date.parse(time))
  return now.getTime() - Math.max(...times) >= hourMs
}

const noMessages: MessageSeries = { open: undefined, count: 0, closedAt: undefined }

function nextCase(before: CaseHead | undefined, group: Group, now: Date): Omit<CaseHead, 'joinedAt'> {
  const lastMessage = before?.lastMessage ?? 0
  // The limit of a digest for each hour holds from case to case.
  const questions =
    group.kind === 'recipient' && before ? { ...noMessages, closedAt: before.questions.closedAt } : noMessages
  return {
    group,
    caseNumber: (before?.caseNumber ?? 0) + 1,
    firstMessage: lastMessage + 1,
    lastMessage,
    questions,
    outcomes: noMessages,
    reminders: noMessages,
    earlierCases: before ? needed([...before.earlierCases, ...followingOf(before)], now) : [],
  }
}

function followingOf(head: CaseHead): readonly EarlierSeries[] {
  return (['outcomes', 'reminders'] as const).map((name) => {
    return { ...head[name], name, caseNumber: head.caseNumber }
  })
}
