import { foldCase } from '../domain/fold-case.ts'
import type { DatedId } from '../domain/target-work.ts'
import { isOfSources } from '../request/words.ts'
import { type PartFailed, questionOf } from './failing.ts'
import type { Failure } from './next-pass.ts'

/** Parts of a target of which trouble is remembered. */
export const maxTrouble = 20

/** What became of the parts of a pass, by their keys. All other parts were not tried. */
export interface Tried {
  /** With the id as it was read. */
  readonly failed: ReadonlyMap<string, { readonly id: string; readonly error: PartFailed }>
  readonly succeeded: ReadonlySet<string>
}

/** What Azure failed at in a pass, and what is remembered after it. */
export interface Trouble {
  readonly failures: readonly Failure[]
  readonly trouble: readonly DatedId[]
}

/** The key of a part. */
export const partOf = foldCase

/** True when Azure has failed at the part, and it has not been settled since. */
export function isInTrouble(trouble: readonly DatedId[], part: string): boolean {
  return trouble.some(({ id }) => partOf(id) === part)
}

/**
 * What a pass leaves of the trouble before it: that of a part begins with the first failure, and ends with a pass that
 * has tried this part and settled it.
 * @param isWhole the list of the target failed, and nothing else was tried.
 */
export function troubleAfter(
  before: readonly DatedId[],
  { failed, succeeded }: Tried,
  at: number,
  isWhole: boolean,
): Trouble {
  // Where no more are remembered, one that is not may have failed for as long as the newest that is.
  const begunAt = before.length < maxTrouble ? at : (before.at(-1)?.at ?? at)
  const kept = before.filter(({ id }) => failed.has(partOf(id)) || !succeeded.has(partOf(id)))
  const begun = [...failed].flatMap(([part, { id }]) =>
    isInTrouble(before, part) ? [] : [{ id, at: begunAt }],
  )
  const trouble = [...kept, ...begun].toSorted((a, b) => a.at - b.at)
  const failures = trouble.flatMap(({ id, at: since }): Failure[] => {
    const error = failed.get(partOf(id))?.error
    if (!error) return []
    const { message, words, afterSeconds, by } = error
    const question = questionOf(words, isWhole)
    const differing = isOfSources(words.code) && { isOfSources: true }
    return [{ id, since, isWhole, words: message, question, afterSeconds, by, ...differing }]
  })
  return { failures, trouble: trouble.slice(0, maxTrouble) }
}
