import { setTimeout as wait } from 'node:timers/promises'
import type { RuleSet } from '../domain/rule.ts'
import { describeStorageError } from '../storage/errors.ts'
import type { GuardedTable } from '../storage/guarded-table.ts'
import { type Head, headKey, headOfRow, spokenApply } from './head.ts'
import { type AgreedRows, RowCache } from './row-cache.ts'
import { ruleSetOf } from './rule-set.ts'
import { headIn, type ListRows, rulePartition } from './table-rows.ts'

export interface AllowListStoreOptions {
  /** How long a complete set is used before the table is looked at again; 5,000 unless told otherwise. */
  readonly cacheMilliseconds?: number
  /** How long an apply that is under way may write nothing before it counts as unfinished; 10,000 unless told. */
  readonly patienceMilliseconds?: number
}

/** See `AllowListStoreOptions`. */
export const usualCacheMilliseconds = 5_000
const millisecondsWithoutRows = 30_000
const millisecondsToRead = 180_000
const millisecondsBetweenLooks = 250

/** The allow-list in a table of Azure Table Storage, as the app reads it. */
export class AllowListStore {
  readonly #table: GuardedTable
  readonly #rows: RowCache
  readonly #cacheMilliseconds: number
  readonly #patienceMilliseconds: number
  #refresh: Promise<RuleSet> | undefined
  #made: { readonly from: ListRows; readonly set: RuleSet } | undefined
  #cached: { readonly set: RuleSet; readonly asOf: number } | undefined

  constructor(
    table: GuardedTable,
    { cacheMilliseconds = usualCacheMilliseconds, patienceMilliseconds = 10_000 }: AllowListStoreOptions = {},
  ) {
    this.#table = table
    this.#rows = new RowCache(table)
    this.#cacheMilliseconds = cacheMilliseconds
    this.#patienceMilliseconds = patienceMilliseconds
  }

  /**
   * The whole list, not older than `cacheMilliseconds`, within three minutes; the very same object as long as nothing
   * changed. Never throws: a page that cannot be read, a row that is not a rule, or an apply that was not finished
   * gives a set that is not complete, with a sentence for whoever has to mend it. Rows of other partitions count as
   * rows that are not rules, so that a mistyped key does not quietly switch a `deny` off. Calls at once share one
   * reading.
   */
  async load(): Promise<RuleSet> {
    const cached = this.#cached
    if (cached && performance.now() - cached.asOf < this.#cacheMilliseconds) return cached.set
    this.#refresh ??= this.#read().finally(() => {
      this.#refresh = undefined
    })
    return this.#refresh
  }

  async #read(): Promise<RuleSet> {
    this.#cached = undefined
    const limit = timeLimit(millisecondsToRead, millisecondsWithoutRows)
    try {
      const found = await this.#whole(limit)
      if ('applyId' in found) return { complete: false, problem: this.#unfinished(found) }
      const set = this.#setOf(found.rows)
      if (set.complete) this.#cached = { set, asOf: found.asOf }
      return set
    } catch (error) {
      const why = limit.signal.aborted ? String(limit.signal.reason) : describeStorageError(error)
      return { complete: false, problem: `Table ${this.#table.name} cannot be read: ${why}.` }
    } finally {
      limit.end()
    }
  }

  /** The rows while no apply is under way; else the head that an unfinished apply left. */
  async #whole({ signal, moved }: TimeLimit): Promise<AgreedRows | Head> {
    for (;;) {
      const agreed = await this.#rows.agreed({ signal, stopsAtApply: true, onProgress: moved })
      const head = headIn(agreed.rows)?.head
      if (head?.applyingSince === undefined) return agreed
      const left = await this.#endOfApply(head, signal)
      if (left) return left
    }
  }

  /** Waits for an apply to end. Gives the head back when nothing more was written for a while. */
  async #endOfApply(first: Head, signal: AbortSignal): Promise<Head | undefined> {
    let head = first
    let movedAt = performance.now()
    while (performance.now() - movedAt < this.#patienceMilliseconds) {
      await wait(Math.min(millisecondsBetweenLooks, this.#patienceMilliseconds))
      if (signal.aborted) return head
      const row = await this.#table.read(rulePartition, headKey, signal)
      const now = row && headOfRow(row.columns).head
      if (now?.applyingSince === undefined) return undefined
      if (now.version !== head.version) movedAt = performance.now()
      head = now
    }
    return head
  }

  #setOf(rows: ListRows): RuleSet {
    const made = this.#made
    if (made?.from === rows) return made.set
    const set = ruleSetOf(rows)
    const isSame = made?.set.complete && set.complete && made.set.hash === set.hash
    this.#made = { from: rows, set: isSame ? made.set : set }
    return this.#made.set
  }

  #unfinished(head: Head): string {
    return (
      `An apply to table ${this.#table.name} is not finished: ${spokenApply(head)}. ` +
      'If it no longer runs, run allow-list apply again with that file to finish it.'
    )
  }
}

interface TimeLimit {
  /** Aborted, with the reason as its text, when the time is over. */
  readonly signal: AbortSignal
  /** Something came. */
  readonly moved: () => void
  readonly end: () => void
}

/** A limit in all, and one on how long nothing comes: a long list takes long, a table that hangs must not. */
function timeLimit(inAllMilliseconds: number, withoutRowsMilliseconds: number): TimeLimit {
  const controller = new AbortController()
  const stopAfter = (milliseconds: number, why: string) =>
    setTimeout(() => controller.abort(`${why} ${milliseconds / 1000} s`), milliseconds)
  const whole = stopAfter(inAllMilliseconds, 'it was not read to its end within')
  const quiet = stopAfter(withoutRowsMilliseconds, 'nothing came for')
  return {
    signal: controller.signal,
    moved: () => void quiet.refresh(),
    end() {
      clearTimeout(whole)
      clearTimeout(quiet)
    },
  }
}
