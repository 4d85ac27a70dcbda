import { printableName } from '../domain/printable.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import { cutStored } from '../domain/stored-text.ts'
import { sameWords, type Words } from '../domain/words.ts'
import { deadlineSeconds } from '../request/deadline.ts'
import type { TargetProblem } from '../request/step.ts'
import type { Failure } from './next-pass.ts'

const maxQuestionLength = 800
const deadlineMinutes = deadlineSeconds / 60
const keepsTrying = 'The app keeps trying.'
const triesForADay =
  'No request is known there: the app tries for a day, and then again when an event, the sweep or a changed allow-list names the target.'

/** The failures of a pass that are one question each, oldest first. */
export function failedAlike(failures: readonly Failure[]): readonly Failure[] {
  const oldest = Map.groupBy(failures, ({ question }) => question)
  return [...oldest.values()].flatMap(([first]) => first ?? [])
}

/** The question of a failure: the same for words of Azure that differ in addresses, times, ids and numbers only. */
export function questionOf({ code, message, isOwn }: Words, isWhole: boolean): string {
  const said = isOwn ? message : sameWords(message)
  return asQuestion(`${isWhole ? 'list' : 'part'} ${code} ${said}`)
}

/** The problem of a target that cannot be read, with words of Azure. */
export function unreadableProblem(sentence: string): TargetProblem {
  return { kind: 'unreadable', question: asQuestion(sameWords(sentence)), sentence }
}

/**
 * The problem of a target at which Azure fails.
 * @param isGivenUp true where no request is known there, so that the tries have an end.
 */
export function failingProblem(
  target: ResourceId,
  { question, words, since }: Failure,
  at: number,
  isGivenUp: boolean,
): TargetProblem {
  const minutes = minutesFrom(since, at)
  const goesOn = isGivenUp ? triesForADay : keepsTrying
  const sentence = `Azure has failed at ${printableName(target.name)} for ${minutes} min, and its requests may wait: ${words}. ${goesOn}`
  return { kind: 'azure-fails', question, sentence, isEarly: minutes < deadlineMinutes }
}

/** Whole minutes. */
export function minutesFrom(since: number, at: number): number {
  return Math.floor((at - since) / 60_000)
}

function asQuestion(text: string): string {
  return cutStored(text, maxQuestionLength)
}
