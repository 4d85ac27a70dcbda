import { setTimeout as wait } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { RoutingReading } from '../../domain/route.ts'
import type { RuleSet } from '../../domain/rule.ts'
import { describeStorageError } from '../../storage/errors.ts'
import type { GuardedTable } from '../../storage/guarded-table.ts'
import { type Head, headKey, headOfRow, spokenApply } from './head.ts'
import { withLostHead } from './lost-head.ts'
import { type AgreedRows, RowCache } from './row-cache.ts'
import { headIn, type ListRows, rulePartition } from './rows.ts'
import { type RoutingSet, routingOf } from './routing-set.ts'
import { ruleSetOf } from './rule-set.ts'

export interface AllowListStoreOptions {
  /** How long a complete set is used before the table is read again; 5,000 by default. */
  readonly cacheMilliseconds?: number
  /** How long a running apply may write nothing before it counts as unfinished; 5,000 by default. */
  readonly deadlineMilliseconds?: number
}

/** See `AllowListStoreOptions`. */
export const usualCacheMilliseconds = 5_000
const millisecondsWithoutRows = 30_000
const millisecondsToRead = 180_000
const millisecondsBetweenReads = 250

/** The allow-list in a table of Azure Table Storage, as the app reads it. */
export class AllowListStore {
  readonly #table: GuardedTable
  readonly #rows: RowCache
  readonly #cacheMilliseconds: number
  readonly #deadlineMilliseconds: number
  #refresh: Promise<DatedSet> | undefined
  #made: Made<RuleSet> | undefined
  #cached: DatedSet | undefined
  #routing: Made<RoutingSet> | undefined
  #routingRead: { readonly asOf: number; readonly problems: readonly string[] } | undefined

  constructor(
    table: GuardedTable,
    { cacheMilliseconds = usualCacheMilliseconds, deadlineMilliseconds = 5_000 }: AllowListStoreOptions = {},
  ) {
    this.#table = table
    this.#rows = new RowCache(table)
    this.#cacheMilliseconds = cacheMilliseconds
    this.#deadlineMilliseconds = deadlineMilliseconds
  }

  /**
   * The whole list as of the call, or at most `cacheMilliseconds` earlier; the same object as long as nothing changed.
   * If listing takes longer, the list is as of the beginning of the listing: up to three minutes old when it is
   * returned, or six for a caller that first waited for another's reading.
   *
   * Never throws: a page that cannot be read, a row that is not a rule, or an unfinished apply gives an incomplete set
   * with a sentence that says what to fix. Rows of other partitions count as rows that are not rules, so that a
   * mistyped key does not disable a `deny` unnoticed. Concurrent calls share one reading, unless it began too long
   * before the call.
   */
  async load(): Promise<RuleSet> {
    const oldest = performance.now() - this.#cacheMilliseconds
    if (this.#cached && this.#cached.asOf > oldest) return this.#cached.set
    const shared = await this.#reading()
    const { set } = shared.asOf >= oldest ? shared : await this.#reading()
    return set
  }

  /**
   * Channels and routes as of the call, or at most `cacheMilliseconds` earlier; the same `routing` as long as nothing
   * changed. They are read together with the rules, and used without them: a row that is not a rule, or an unfinished
   * apply, takes no channel away. When the table cannot be read, those count that were read last. Never throws.
   */
  async loadRouting(): Promise<RoutingReading> {
    const oldest = performance.now() - this.#cacheMilliseconds
    if (this.#routingRead === undefined || this.#routingRead.asOf <= oldest) await this.#reading()
    const { problems = [] } = this.#routingRead ?? {}
    return {
      routing: this.#routing?.set.routing,
      problems: [...problems, ...(this.#routing?.set.problems ?? [])],
    }
  }

  /** The running reading, or a new one. */
  #reading(): Promise<DatedSet> {
    this.#refresh ??= this.#read().finally(() => {
      this.#refresh = undefined
    })
    return this.#refresh
  }

  async #read(): Promise<DatedSet> {
    this.#cached = undefined
    const limit = timeLimit(millisecondsToRead, millisecondsWithoutRows)
    try {
      const found = await this.#whole(limit)
      this.#routing = routingFrom(found.rows, this.#routing)
      this.#routingRead = { asOf: found.asOf, problems: [] }
      if (found.unfinished) return incomplete(this.#unfinished(found.unfinished))
      const read = { set: this.#setOf(found.rows), asOf: found.asOf }
      if (read.set.complete) this.#cached = read
      return read
    } catch (error) {
      const why = limit.signal.aborted ? String(limit.signal.reason) : describeStorageError(error)
      const problem = `Table ${this.#table.name} cannot be read: ${why}.`
      this.#routingRead = { asOf: performance.now(), problems: [problem] }
      return incomplete(problem)
    } finally {
      limit.end()
    }
  }

  /** The rows while no apply is running; those of an unfinished apply with its head. */
  async #whole({ signal, moved }: TimeLimit): Promise<AgreedRows & { readonly unfinished?: Head }> {
    for (;;) {
      const agreed = await this.#rows.agreed({ signal, stopsAtApply: true, onProgress: moved })
      const head = headIn(agreed.rows)?.head
      if (head?.applyingSince === undefined)
        return { ...agreed, rows: await withLostHead(this.#table, agreed.rows, signal) }
      const left = await this.#endOfApply(head, { signal, moved })
      if (left) return { ...agreed, unfinished: left }
    }
  }

  /** Waits for a running apply. Returns its head when nothing more was written for a while. */
  async #endOfApply(first: Head, { signal, moved }: Omit<TimeLimit, 'end'>): Promise<Head | undefined> {
    let head = first
    let movedAt = performance.now()
    while (performance.now() - movedAt < this.#deadlineMilliseconds) {
      await wait(Math.min(millisecondsBetweenReads, this.#deadlineMilliseconds))
      if (signal.aborted) return head
      const row = await this.#table.read(rulePartition, headKey, signal)
      const now = row && headOfRow(row.columns).head
      if (now?.applyingSince === undefined) return undefined
      if (now.version !== head.version) {
        movedAt = performance.now()
        moved()
      }
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

/** The same object for the same rows, and the same `routing` for the same channels and routes. */
function routingFrom(rows: ListRows, made: Made<RoutingSet> | undefined): Made<RoutingSet> {
  if (made?.from === rows) return made
  const { routing, problems } = routingOf(rows)
  const isSame = made !== undefined && isDeepStrictEqual(made.set.routing, routing)
  return { from: rows, set: { routing: isSame ? made.set.routing : routing, problems } }
}

interface Made<Set> {
  readonly from: ListRows
  readonly set: Set
}

interface DatedSet {
  readonly set: RuleSet
  /** By `performance.now()`: every change before that is included. */
  readonly asOf: number
}

/** An incomplete set as of now: callers that waited for it need not try again. */
function incomplete(problem: string): DatedSet {
  return { set: { complete: false, problem }, asOf: performance.now() }
}

interface TimeLimit {
  /** Aborted when the time is over, with the reason as its text. */
  readonly signal: AbortSignal
  /** To be called when data arrives. */
  readonly moved: () => void
  readonly end: () => void
}

/**
 * A limit for the whole reading, and one for the time without data: a long list may take long, a hanging table must
 * not.
 */
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
