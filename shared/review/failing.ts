import { printableName } from '../domain/printable.ts'
import { parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import { cutStored } from '../domain/stored-text.ts'
import { sameWords, type Words } from '../domain/words.ts'
import type { AzureFailed } from '../ports/azure.ts'
import { deadlineSeconds } from '../request/deadline.ts'
import type { TargetProblem, WaitingConnection } from '../request/step.ts'
import type { Failure } from './next-pass.ts'

const maxQuestionLength = 800
const deadlineMinutes = deadlineSeconds / 60
const keepsTrying = 'The app keeps trying.'
const forADay =
  'the app tries for a day, and then again when an event, the sweep or a changed allow-list names the target.'
const triesForADay = `No request is known there: ${forADay}`
const triesWhileKnown = `Where no request is known there, ${forADay}`

/** Why a part failed. `by`: see `Failure.by`. */
export type PartFailed = Pick<AzureFailed, 'message' | 'words' | 'afterSeconds'> & Pick<Failure, 'by'>

/** Failures that are one question: the oldest of them, and every part that failed. */
export interface FailedAlike extends Failure {
  readonly parts: readonly Pick<Failure, 'id' | 'since'>[]
}

/** The failures of a pass that are one question each, oldest first. */
export function failedAlike(failures: readonly Failure[]): readonly FailedAlike[] {
  const alike = [...Map.groupBy(failures, ({ question }) => question).values()]
  return alike.flatMap((parts) => (parts[0] ? { ...parts[0], parts } : []))
}

/** What the app has stored about a part cannot be used. */
export function storedUnreadable(id: string, problem: string): PartFailed {
  const name = printableName(parseResourceId(id)?.name ?? id)
  const message = `what is stored about ${name} cannot be read: ${problem.replace(/\.$/, '')}`
  return { message, words: { code: 'StoredUnreadable', message, isOwn: true }, afterSeconds: 0, by: 'app' }
}

/** The question of a failure: the same for words of Azure that differ in addresses, times, ids and numbers only. */
export function questionOf({ code, message, isOwn }: Words, isWhole: boolean): string {
  const said = isOwn ? message : sameWords(message)
  return asQuestion(`${isWhole ? 'list' : 'part'} ${code} ${said}`)
}

/** The problem of a target that cannot be read, or not as a whole, with words of Azure. */
export function unreadableProblem(words: string): TargetProblem {
  return {
    kind: 'unreadable',
    question: asQuestion(sameWords(words)),
    sentence: `${words} ${triesWhileKnown}`,
  }
}

/**
 * The problem of a target at which Azure fails.
 * @param isGivenUp true where no request is known there, so that the tries have an end.
 */
export function failingProblem(
  target: ResourceId,
  { question, words, since, by, parts }: FailedAlike,
  at: number,
  isGivenUp: boolean,
): TargetProblem {
  const minutes = minutesFrom(since, at)
  const goesOn = isGivenUp ? triesForADay : keepsTrying
  const sentence = `${by === 'app' ? 'The app' : 'Azure'} has failed at ${printableName(target.name)} for ${minutes} min, and its requests may wait: ${words}. ${goesOn}`
  const connections = waitingAt(parts.filter(({ id }) => id !== target.id))
  return { kind: 'azure-fails', question, sentence, isEarly: minutes < deadlineMinutes, connections }
}

/** The connections at which something fails, by their names. */
export function waitingAt(parts: FailedAlike['parts']): readonly WaitingConnection[] {
  return parts.map(({ id, since }) => ({ name: printableName(parseResourceId(id)?.name ?? id), since }))
}

/** Whole minutes. */
export function minutesFrom(since: number, at: number): number {
  return Math.floor((at - since) / 60_000)
}

function asQuestion(text: string): string {
  return cutStored(text, maxQuestionLength)
}
