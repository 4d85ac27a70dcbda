import { describeStorageError, isTableMissing } from '../../storage/errors.ts'
import type { GuardedTable } from '../../storage/guarded-table.ts'
import type { ListContent } from '../routing/forms.ts'
import { withLostHead } from '../table/lost-head.ts'
import { RowCache } from '../table/row-cache.ts'
import { type Applied, applyPlan } from './apply.ts'
import { type Drift, driftOf } from './drift.ts'
import { historyOf, type HistoryOptions } from './history.ts'
import { type ListPlan, type ListState, planFor, stateOf } from './list-state.ts'
import type { Author, ChangeEntry } from './log.ts'
import { type HistoryCheck, verifyHistory } from './verify-history.ts'

/** The list cannot be read; the message says why. */
export class ListUnreadable extends Error {
  override name = 'ListUnreadable'
}

const millisecondsToRead = 120_000

/** The allow-list in a table, for reading and changing it. */
export class AllowListAdmin {
  readonly #table: GuardedTable

  constructor(table: GuardedTable) {
    this.#table = table
  }

  /**
   * Reads the whole list with its ETags. A table that does not exist is an empty list. Waits for a running apply; an
   * unfinished one is returned in `unfinished`.
   * @param onProgress rows read so far.
   * @throws ListUnreadable, or the signal's reason.
   */
  async read(onProgress?: (rows: number) => void, signal?: AbortSignal): Promise<ListState> {
    const timeLimit = AbortSignal.timeout(millisecondsToRead)
    try {
      const reading = { signal: AbortSignal.any(signal ? [signal, timeLimit] : [timeLimit]), onProgress }
      const { rows } = await new RowCache(this.#table).agreed({ ...reading, stopsAtApply: false })
      return stateOf(await withLostHead(this.#table, rows, reading.signal))
    } catch (error) {
      signal?.throwIfAborted()
      if (isTableMissing(error)) return stateOf(new Map(), true)
      const why = timeLimit.aborted
        ? `it was not read to its end within ${millisecondsToRead / 1000} s, or was changed all the time`
        : describeStorageError(error)
      throw new ListUnreadable(`Table ${this.#table.name} cannot be read: ${why}.`, { cause: error })
    }
  }

  /** See `planFor`. */
  plan(state: ListState, desired: ListContent): ListPlan {
    return planFor(state, desired)
  }

  /** See `applyPlan`. */
  apply(
    plan: ListPlan,
    author: Author,
    onProgress?: (written: number, total: number) => void,
    signal?: AbortSignal,
  ): Promise<Applied> {
    return applyPlan(this.#table, plan, author, onProgress, signal)
  }

  /** See `historyOf`. */
  history(options?: HistoryOptions): AsyncGenerator<ChangeEntry> {
    return historyOf(this.#table, options)
  }

  /** See `verifyHistory`. */
  verifyHistory(onProgress?: (entries: number) => void): Promise<HistoryCheck> {
    return verifyHistory(this.#table, onProgress)
  }

  /** See `driftOf`. */
  drift(
    state: ListState,
    onProgress?: (done: number, total: number) => void,
  ): Promise<readonly Drift[] | undefined> {
    return driftOf(this.#table, state, onProgress)
  }
}
