import { foldCase } from '../domain/fold-case.ts'
import { cutStored } from '../domain/stored-text.ts'
import type { FailingPart } from '../domain/target-work.ts'
import { printableName } from '../domain/printable.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import { sameWords, spokenWords, type Words } from '../domain/words.ts'
import { deadlineSeconds } from '../request/deadline.ts'
import type { TargetProblem } from '../request/step.ts'

/** A part that was not settled for so long is forgotten: longer than any wait for a pass in trouble. */
const rememberedMs = 3600 * 1000
/** More are not remembered; those that fail for longest stay. */
const maxParts = 20
const maxQuestionLength = 800

/** What Azure failed at in one pass. */
export interface Failure {
  /** Id of the connection, or of the target, that was not settled. */
  readonly part: string
  readonly words: Words
  /** See `Trouble.isWhole`. */
  readonly isWhole: boolean
}

/** What is known of the parts after a pass. */
interface Ended {
  readonly failures?: readonly Failure[]
  readonly settled?: readonly string[]
}

/** Failures that are one question to people. */
export interface FailedAlike {
  readonly question: string
  /** As part of a sentence. */
  readonly words: string
  /** Milliseconds since 1970. */
  readonly since: number
}

/**
 * The parts that Azure fails at after a pass, and since when. One that the pass did not come to is neither over nor
 * begun anew.
 */
export function failingAfter(
  before: readonly FailingPart[],
  { failures = [], settled = [] }: Ended,
  at: number,
): readonly FailingPart[] {
  const failed = new Set(failures.map(({ part }) => foldCase(part)))
  const over = new Set(settled.map(foldCase))
  const since = new Map(before.map((one) => [one.part, one.since]))
  const others = before.filter(
    ({ part, lastAt }) => !failed.has(part) && !over.has(part) && at - lastAt <= rememberedMs,
  )
  const now = [...failed].map((part) => ({ part, since: since.get(part) ?? at, lastAt: at }))
  return [...others, ...now].toSorted((a, b) => a.since - b.since).slice(0, maxParts)
}

/** The questions of a pass, first those about what Azure fails at for longest. */
export function failedAlike(
  { failures = [] }: Ended,
  failing: readonly FailingPart[],
  at: number,
): readonly FailedAlike[] {
  const since = new Map(failing.map((one) => [one.part, one.since]))
  const all = failures.map(({ part, words, isWhole }) => ({
    question: questionOf(words, isWhole),
    words: spokenWords(words),
    since: since.get(foldCase(part)) ?? at,
  }))
  const inOrder = all.toSorted((a, b) => a.since - b.since)
  return [...new Map(inOrder.toReversed().map((one) => [one.question, one])).values()].toReversed()
}

/** The same for the words of Azure that differ in addresses, times, ids and numbers only. */
function questionOf({ code, message, isOwn }: Words, isWhole: boolean): string {
  const said = isOwn ? message : sameWords(message)
  return asQuestion(`${isWhole ? 'list' : 'part'} ${code} ${said}`)
}

/** The problem of a target that cannot be read, with words of Azure. */
export function unreadableProblem(sentence: string): TargetProblem {
  return { kind: 'unreadable', question: asQuestion(sameWords(sentence)), sentence }
}

/**
 * The problem of a target at which Azure fails.
 * @param minutes how long it has failed there, at whatever.
 */
export function failingProblem(
  target: ResourceId,
  { question, words, since }: FailedAlike,
  minutes: number,
  at: number,
): TargetProblem {
  const own = minutesFrom(since, at)
  const isEarly = own < deadlineSeconds / 60
  const sentence = `Azure has failed at ${printableName(target.name)} for ${isEarly ? minutes : own} min, and its requests may wait: ${words}. The app keeps trying.`
  return { kind: 'azure-fails', question, sentence, isEarly }
}

/** Whole minutes. */
export function minutesFrom(since: number, at: number): number {
  return Math.floor((at - since) / 60_000)
}

function asQuestion(text: string): string {
  return cutStored(text, maxQuestionLength)
}
