import { foldCase } from '../domain/fold-case.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import type { Series, ShownId, WorkState } from '../domain/target-work.ts'
import type { WorkChange } from '../ports/work.ts'
import { lastAttempt, type Moment } from './schedule.ts'

/** More are not remembered of one target. */
export const maxShown = 10
/**
 * After so many seconds a connection that Resource Graph showed and a search lacks is forgotten: by the second whole
 * search, as one alone may be behind; by one that was cut off only when none has shown it for a day.
 */
const forgottenAfterSeconds = { whole: 600, 'cut-off': 86_400 } as const

/** What a search of Resource Graph shows of one target. */
export interface Shown {
  /** Ids of its Pending connections. */
  readonly pending: readonly string[]
  /** Those of them of which no request is known, or which are in trouble. */
  readonly inDoubt: readonly string[]
  /** Those of them whose request was over once, and which are Pending again. */
  readonly isBack: readonly string[]
  /** False when the search was cut off. */
  readonly isWhole: boolean
}

/** Remembers what a search shows: the next pass compares it with the list. */
export function showPending(
  state: WorkState | undefined,
  shown: Shown,
  { at, timings }: Moment,
): WorkChange<undefined> {
  const remembered = rememberedOf(state?.series.shown ?? [], shown, at)
  if (remembered.length === 0 && !state?.series.shown) return { write: 'keep', result: undefined }
  const kept = { shown: remembered.length > 0 ? remembered : undefined }
  if (state) return { write: { ...state, series: { ...state.series, ...kept } }, result: undefined }
  const series: Series = { attempt: lastAttempt, isFromEndpoint: false, word: undefined, ...kept }
  return {
    write: { kind: 'resting', series, dueAt: at + timings.overdueGraceSeconds * 1000 },
    result: undefined,
  }
}

function rememberedOf(
  before: readonly ShownId[],
  { pending, inDoubt, isBack, isWhole }: Shown,
  at: number,
): readonly ShownId[] {
  const shownNow = new Set(pending.map(foldCase))
  const forgottenBefore = at - forgottenAfterSeconds[isWhole ? 'whole' : 'cut-off'] * 1000
  const kept = before.filter(({ id, at: seenAt }) => !shownNow.has(foldCase(id)) && seenAt > forgottenBefore)
  const sinceOf = new Map(before.map(({ id, since }) => [foldCase(id), since] as const))
  const doubted = new Set(before.flatMap(({ id, isDoubted }) => (isDoubted ? [foldCase(id)] : [])))
  const back = new Set(isBack.map(foldCase))
  const isDoubted = (id: string) => doubted.has(foldCase(id)) || back.has(foldCase(id))
  const found = [...new Set([...inDoubt, ...pending.filter(isDoubted)])]
    .filter((id) => parseResourceId(id) !== undefined)
    .map((id): ShownId => {
      const since = sinceOf.get(foldCase(id)) ?? at
      return { id, at, since, ...(isDoubted(id) && { isDoubted: true }) }
    })
  return [...found, ...kept].slice(0, maxShown)
}
