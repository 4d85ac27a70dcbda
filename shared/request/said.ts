import { chosenOutcome } from '../domain/choice.ts'
import { expiryOf } from '../domain/expiry.ts'
import {
  type AskedQuestion,
  isChosenSince,
  isUnfinished,
  type OpenCause,
  type Question,
  type Request,
  type Said,
} from '../domain/request.ts'
import { deadlineSeconds } from './deadline.ts'
import type { Draft, NewState, TargetProblem } from './step.ts'
import { type At, isOpen } from './table.ts'
import { isToCome, later, secondsBetween } from './times.ts'

/** So many times people are notified of questions in one opening. */
export const maxQuestions = 10
/** So long after a question about a target was closed, it is still the same one. */
const quietSeconds = 3600

/** More changes of a request than that are its requester's game. */
const maxChanges = 5
/** So much the clocks of two hosts may differ: rather named twice than never. */
const clockSlackMs = 5000
/** So long people know that the allow-list is unusable. */
const unusableSeconds = 24 * 3600

/** Causes of which people are always notified: Azure does or shows something else than this app decided. */
const alarms: readonly string[] = [
  'endpoint-changed',
  'shown-late',
  'changed-outside',
] satisfies OpenCause['kind'][]

const read = 'before you decide, read what Azure shows.'
const lastWords = {
  change: `Further changes are not notified, neither of its message and group ids nor of the verdict by the same allow-list: ${read}`,
  connection: `Further questions about this request are not notified, except where Azure shows another decision or endpoint than this app has recorded: ${read}`,
  target: `Further failures are not notified: ${read}`,
} as const

/** A question as it is asked now. */
interface Asking {
  readonly question: string
  /** Of the allow-list whose verdict asks it; undefined: an unusable one, or no verdict. */
  readonly ruleSetHash: string | undefined
}

/** The question that an open request asks, in a word that is the same whenever it is asked. */
export function questionIn({
  state,
  refused,
}: Pick<Request, 'refused'> & { readonly state: NewState }): string | undefined {
  if (state.name !== 'open') return undefined
  const { cause } = state
  switch (cause.kind) {
    case 'verdict':
      return verdictQuestion(cause.question)
    case 'refused':
      return refusedQuestion(refused?.code ?? '')
    case 'unreadable':
    case 'azure-fails':
      return questionAbout(cause)
    default:
      return cause.kind
  }
}

/** The question of a verdict for manual review. */
export function verdictQuestion({ code, refusal, proof, rule }: Question): string {
  return ['verdict', code, refusal, proof, rule].join(' ')
}

/** The question of a decision that Azure refused with that code. */
function refusedQuestion(code: string): string {
  return `refused ${code}`
}

/** The question about a target in trouble. */
export function questionAbout({ kind, question }: Pick<TargetProblem, 'kind' | 'question'>): string {
  return `${kind} ${question}`
}

/** The last time that people were notified of the question; undefined: they were not, since the request was opened. */
export function lastSaid({ said }: Pick<Request, 'said'>, question: string): Said | undefined {
  return said.find((one) => one.question === question)
}

/** How often people were notified since the request was opened, alarms aside. */
function timesSaid({ said }: Pick<Request, 'said'>): number {
  return said.reduce((sum, { question, times }) => sum + (alarms.includes(question) ? 0 : times), 0)
}

/** True where people were notified so often that they are not any more, except of alarms. */
export function isAllSaid(request: Pick<Request, 'said'>): boolean {
  return timesSaid(request) >= maxQuestions
}

/** True while people are notified of another message or other group ids. */
export function areChangesSaid(request: Pick<Request, 'said' | 'changes'>): boolean {
  return request.changes < maxChanges && !isAllSaid(request)
}

/** True when the request is open for an alarm. It stays so until people are notified of something else. */
export function isAlarm({ state }: Pick<Request, 'state'>): boolean {
  return state.name === 'open' && alarms.includes(state.cause.kind)
}

/** What people read first in a notification that is the last one about changes, or the last but alarms. */
export function lastWordsOf(
  before: Pick<Request, 'said' | 'changes'>,
  after: Pick<Request, 'said' | 'changes' | 'subject'>,
): readonly string[] {
  const isLastChange = before.changes < maxChanges && after.changes >= maxChanges
  const isLast = !isAllSaid(before) && isAllSaid(after)
  return [...(isLastChange ? [lastWords.change] : []), ...(isLast ? [lastWords[after.subject.kind]] : [])]
}

/** The question of an open request, as people are notified of it now. */
export function askingOf(
  request: Pick<Request, 'refused' | 'ruleSetHash'> & { readonly state: NewState },
): Asking | undefined {
  const question = questionIn(request)
  if (question === undefined) return undefined
  const isByList = request.state.name === 'open' && request.state.cause.kind === 'verdict'
  return { question, ruleSetHash: isByList ? request.ruleSetHash : undefined }
}

/** What was said, with one more notification. */
export function saidAlso(
  said: readonly Said[],
  { question, ruleSetHash }: Asking,
  { notificationId, at }: Pick<Said, 'notificationId' | 'at'>,
): readonly Said[] {
  const before = said.find((one) => one.question === question && one.ruleSetHash === ruleSetHash)
  const others = said.filter((one) => one !== before)
  const { since = at, times = 0 } = before ?? {}
  const now = { question, ruleSetHash, notificationId, since, at, times: times + 1 }
  return [...others, now].slice(-maxQuestions - alarms.length)
}

/**
 * The question of the request, or of an earlier notification, of which people know already, or which is the last one
 * that they are notified of; undefined: they are notified. By another allow-list a verdict is a new question; an
 * unusable one is no other list, and its own question is new once a day.
 */
export function knownQuestion(request: Request, asking: Asking, at: Date): AskedQuestion | undefined {
  const open = isOpen(request) ? request.state : undefined
  if (open && questionIn(request) === asking.question) return askedIn(open)
  const known = request.said.find((one) => isKnown(one, asking, request, at))
  const last = isSpent(request, asking) ? (open ?? request.said.at(-1)) : undefined
  const asked = known ?? last
  const kept = open?.notificationId === asked?.notificationId ? open : asked
  return kept && askedIn(kept)
}

function askedIn(question: AskedQuestion): AskedQuestion {
  const { notificationId, since } = question
  return { notificationId, since, ...expiryOf(question) }
}

function isKnown(one: Said, asking: Asking, request: Request, at: Date): boolean {
  if (one.question !== asking.question) return false
  if (!isOfVerdict(one)) return true
  if (asking.ruleSetHash === undefined)
    return one.ruleSetHash === undefined && secondsBetween(one.at, at) < unusableSeconds
  const isSinceUnusable = request.ruleSetHash === undefined && one === lastByList(request)
  return one.ruleSetHash === asking.ruleSetHash || isSinceUnusable
}

function isOfVerdict({ question }: Said): boolean {
  return question.startsWith('verdict ')
}

/** The last verdict by a usable list of which people were notified. */
function lastByList({ said }: Request): Said | undefined {
  return said.findLast(({ ruleSetHash }) => ruleSetHash !== undefined)
}

function isSpent(request: Request, { ruleSetHash }: Asking): boolean {
  return isAllSaid(request) || (request.changes >= maxChanges && isListKnown(request, ruleSetHash))
}

/** True when people were notified of a verdict by that list: another one is a change of the request. */
function isListKnown(request: Request, ruleSetHash: string | undefined): boolean {
  if (ruleSetHash === undefined) return false
  return (
    (isOpen(request) && request.ruleSetHash === ruleSetHash) ||
    request.said.some((one) => one.ruleSetHash === ruleSetHash)
  )
}

/**
 * As `knownQuestion`, for what is to be written. Of an alarm, of a change and of a target in trouble people are notified,
 * and where they have decided: somebody believes that it is decided.
 */
export function knownAgain(request: Request, draft: Draft, at: Date): AskedQuestion | undefined {
  const asking = questionOfVerdict(request, draft)
  if (isNewsToDeciders(request, draft)) return undefined
  if (asking === undefined || draft.change !== undefined || !isUnfinished(request)) return undefined
  return knownQuestion(request, asking, at)
}

/** True when a decision that was chosen is given up, or refused, and nobody was notified of anything since it was chosen. */
function isNewsToDeciders({ choices, said }: Request, { verdict }: Draft): boolean {
  if (chosenOutcome(choices) === undefined) return false
  return verdict !== undefined || isChosenSince(choices, said.at(-1)?.at ?? '')
}

/** True when a notification of it counts as one about a change of the request. */
export function isOfChange(request: Request, draft: Draft): boolean {
  const asking = questionOfVerdict(request, draft)
  return draft.change !== undefined || isListKnown(request, asking?.ruleSetHash)
}

/** The question of a verdict, or of a refused decision, that is to be written. */
function questionOfVerdict(
  request: Request,
  { state, memory: { refused = request.refused }, verdict }: Draft,
): Asking | undefined {
  if (state.name !== 'open' || (state.cause.kind !== 'verdict' && state.cause.kind !== 'refused'))
    return undefined
  const ruleSetHash = typeof verdict === 'object' ? verdict.verdict.ruleSetHash : undefined
  return askingOf({ state, refused, ruleSetHash })
}

/** What was said about a target that is in trouble: some time after the last question was closed, nothing. */
export function saidOfTarget(request: Request | undefined, at: Date): readonly Said[] {
  if (!request) return []
  const isKept = isOpen(request) || (request.quietUntil !== undefined && isToCome(request.quietUntil, at))
  return isKept ? request.said : []
}

/** Until when the questions about a target whose question is closed now are the same ones. */
export function quietFrom(at: Date): string {
  return later(at, quietSeconds).toISOString()
}

/** Connections that wait because of a problem only since people were notified of it last, by the clock of any host. */
export function unnamedAt({ connections = [] }: TargetProblem, said: Said | undefined) {
  return said ? connections.filter(({ since }) => since + clockSlackMs >= Date.parse(said.at)) : connections
}

/** True when one of these has waited for half an hour: people are notified once more, of all of them. */
function waitsUnnamed(problem: TargetProblem, said: Said, at: Date): boolean {
  return unnamedAt(problem, said).some(({ since }) => at.getTime() - since >= deadlineSeconds * 1000)
}

/** True when people know that problem of the target. Of one that came back and stays they are notified once more. */
export function isProblemSaid(request: At<'open'>, problem: TargetProblem, at: Date): boolean {
  if (isAllSaid(request)) return true
  const said = lastSaid(request, questionAbout(problem))
  if (!said || waitsUnnamed(problem, said, at)) return false
  const isBack = Date.parse(said.at) < Date.parse(request.firstSeenAt)
  return !isBack || secondsBetween(request.firstSeenAt, at) < deadlineSeconds
}

/** The question of a target in trouble again that people know; undefined: they know none. */
export function knownProblem(request: Request, problem: TargetProblem, at: Date): AskedQuestion | undefined {
  const said = saidOfTarget(request, at)
  const known = lastSaid({ said }, questionAbout(problem)) ?? (isAllSaid({ said }) ? said.at(-1) : undefined)
  return known && { notificationId: known.notificationId, since: beginningOf(said) ?? known.since }
}

/** Since when a target asks its questions, however they change. */
export function beginningOf(said: readonly Said[]): string | undefined {
  return said.map(({ since }) => since).toSorted()[0]
}
