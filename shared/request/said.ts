import { chosenOutcome } from '../domain/choice.ts'
import type { AskedQuestion, Question, Request, Said } from '../domain/request.ts'
import { deadlineSeconds } from './deadline.ts'
import type { Draft, TargetProblem } from './step.ts'
import { type At, isOpen } from './table.ts'
import { isToCome, later, secondsBetween } from './times.ts'

/** So many times people are notified in one opening, by the same allow-list. */
export const maxQuestions = 10
/** So long after a question about a target was closed, it is still the same one. */
const quietSeconds = 3600

/** What people read with the last question. */
const lastWords = 'Further failures are not notified: before you decide, read what Azure shows.'

/** The question that an open request asks, in a word that is the same whenever it is asked. */
export function questionIn({ state, refused }: Pick<Request, 'state' | 'refused'>): string | undefined {
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
export function refusedQuestion(code: string): string {
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

/** How often people were notified since the request was opened. */
function timesSaid({ said }: Pick<Request, 'said'>): number {
  return said.reduce((sum, { times }) => sum + times, 0)
}

/** True where people were notified so often that they are not any more. */
export function isAllSaid(request: Pick<Request, 'said'>): boolean {
  return timesSaid(request) >= maxQuestions
}

/** The sentence of one more question: the last one says that it is the last. */
export function asQuestion(request: Pick<Request, 'said'>, sentence: string): string {
  const isLast = timesSaid(request) === maxQuestions - 1
  return isLast ? `${lastWords} ${sentence}` : sentence
}

/** What was said, with one more notification. */
export function saidAlso(
  said: readonly Said[],
  question: string,
  { notificationId, at }: Pick<Said, 'notificationId' | 'at'>,
): readonly Said[] {
  const before = said.find((one) => one.question === question)
  const others = said.filter((one) => one !== before)
  const { since = at, times = 0 } = before ?? {}
  return [...others, { question, notificationId, since, at, times: times + 1 }].slice(-maxQuestions)
}

/** What people still know of a request: by another allow-list its verdicts are new. */
export function saidByList({ said, ruleSetHash }: Request, hash: string | undefined): readonly Said[] {
  return hash === ruleSetHash ? said : said.filter(({ question }) => !question.startsWith('verdict '))
}

/**
 * An intent that is given up for a question that people know: they are not notified of it again. One of people is:
 * somebody believes that it is decided.
 */
export function knownAgain(request: Request, { kind, state, verdict }: Draft): AskedQuestion | undefined {
  if (kind !== 'abandoned' || state.name !== 'open' || state.cause.kind !== 'verdict') return undefined
  if (chosenOutcome(request.choices) !== undefined) return undefined
  if (typeof verdict !== 'object' || verdict.verdict.ruleSetHash !== request.ruleSetHash) return undefined
  const said = lastSaid(request, verdictQuestion(state.cause.question))
  return said && { notificationId: said.notificationId, since: said.since }
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

/** True when people know that problem of the target. Of one that came back and stays they are notified once more. */
export function isProblemSaid(request: At<'open'>, problem: TargetProblem, at: Date): boolean {
  if (isAllSaid(request)) return true
  const said = lastSaid(request, questionAbout(problem))
  if (!said) return false
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
