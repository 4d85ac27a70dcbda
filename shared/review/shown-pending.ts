import { parseResourceId } from '../domain/resource-id.ts'
import type { Series, WorkState } from '../domain/target-work.ts'
import type { WorkChange } from '../ports/work.ts'
import { lastAttempt, type Moment } from './schedule.ts'

/** More are not named to people. */
const maxShown = 3

/**
 * Resource Graph shows these Pending connections, of which no request is known: the next pass compares them with the
 * list. It shows them no more where there are none.
 */
export function showPending(
  state: WorkState | undefined,
  connectionIds: readonly string[],
  { at, timings }: Moment,
): WorkChange<undefined> {
  const ids = connectionIds.filter((id) => parseResourceId(id) !== undefined).slice(0, maxShown)
  const shown = ids.length > 0 ? ids : undefined
  if (state ? isSame(state.series.shown, shown) : !shown) return { write: 'keep', result: undefined }
  if (state) return { write: { ...state, series: { ...state.series, shown } }, result: undefined }
  const series: Series = { attempt: lastAttempt, isFromEndpoint: false, word: undefined, shown }
  return {
    write: { kind: 'resting', series, dueAt: at + timings.overdueGraceSeconds * 1000 },
    result: undefined,
  }
}

function isSame(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
