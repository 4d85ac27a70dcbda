import { setTimeout as wait } from 'node:timers/promises'
import { printable } from '../../domain/printable.ts'
import type { GuardedTable, StoredRow } from '../../storage/guarded-table.ts'
import { inParallel } from '../../storage/in-parallel.ts'
import { filtersOfList, headIn, keyOfRow, type ListRow, type ListRows, readRow } from './rows.ts'

const parallelReads = 8
/** Above that, reading everything takes fewer calls than reading row by row. */
const maxSingleReads = 100
/** The most listings that differ from the one before while no apply is running. */
const maxDifferences = 12
const maxMillisecondsBetween = 500
const rowsNamed = 3

export interface Reading {
  readonly signal: AbortSignal
  /** True: stops as soon as an apply is seen to be running, because its rows must not be used. */
  readonly stopsAtApply: boolean
  /** How many rows were read so far; starts again when everything has to be read again. */
  readonly onProgress?: ((rows: number) => void) | undefined
}

export interface AgreedRows {
  readonly rows: ListRows
  /** By `performance.now()`: every change before that is included. */
  readonly asOf: number
}

/**
 * The rows of the allow-list table, kept from reading to reading: only new and changed rows are fetched.
 *
 * A listing of several pages is no snapshot: a rule that is moved to another id meanwhile may be missed in both places.
 * So rows are used only when a listing of keys and ETags agrees with all of them. ETags are never reused: a row with
 * the same ETag in both listings existed, unchanged, in between. A change by an apply is never missed, because it
 * changes the head. A rule that was added by hand since the last reading, and is moved by hand to another id during a
 * listing, may be missing from that one reading; the next has it.
 */
export class RowCache {
  readonly #table: GuardedTable
  #rows: ListRows = new Map()

  constructor(table: GuardedTable) {
    this.#table = table
  }

  /**
   * Every row of the table except the log's. The same map as before when nothing changed.
   * @throws RestError or AbortError when any part of it cannot be read; Error with the rows that changed in every
   * listing.
   */
  async agreed({ signal, stopsAtApply, onProgress }: Reading): Promise<AgreedRows> {
    if (this.#rows.size === 0) this.#rows = await this.#readAll(signal, onProgress)
    for (let differences = 0; ; differences += 1) {
      const asOf = performance.now()
      const before = this.#rows
      const next = await this.#next(await this.#listed(signal), signal, onProgress)
      this.#rows = next
      if (next === before || (stopsAtApply && headIn(next)?.head.applyingSince !== undefined))
        return { rows: next, asOf }
      if (headIn(next)?.etag !== headIn(before)?.etag) differences = 0
      if (differences === maxDifferences) throw new Error(neverTheSame(before, next))
      await wait(Math.min(100 * differences, maxMillisecondsBetween), undefined, { signal })
    }
  }

  /** The rows after a listing: the known ones that are still listed, and the fetched ones. */
  async #next(
    listed: ReadonlyMap<string, Place>,
    signal: AbortSignal,
    onProgress: Reading['onProgress'],
  ): Promise<ListRows> {
    const toRead = Array.from(listed.values()).filter(
      (place) => this.#rows.get(keyOfRow(place))?.etag !== place.etag,
    )
    const kept = Array.from(this.#rows).filter(([key, { etag }]) => listed.get(key)?.etag === etag)
    if (toRead.length === 0 && kept.length === this.#rows.size) return this.#rows
    if (toRead.length > maxSingleReads) return this.#readAll(signal, onProgress)
    const read = await inParallel(toRead, parallelReads, ({ partitionKey, rowKey }) =>
      this.#table.read(partitionKey, rowKey, signal),
    )
    return new Map([...kept, ...read.flatMap((row) => (row ? [this.#entry(row)] : []))])
  }

  async #listed(signal: AbortSignal): Promise<ReadonlyMap<string, Place>> {
    const found = await this.#list(signal, ['PartitionKey', 'RowKey'])
    return new Map(
      found.map(({ columns, etag }) => {
        const place = placeOf(columns, etag)
        return [keyOfRow(place), place]
      }),
    )
  }

  async #readAll(signal: AbortSignal, onProgress: Reading['onProgress']): Promise<ListRows> {
    return new Map((await this.#list(signal, undefined, onProgress)).map((row) => this.#entry(row)))
  }

  async #list(
    signal: AbortSignal,
    select: readonly string[] | undefined,
    onProgress?: Reading['onProgress'],
  ): Promise<readonly StoredRow[]> {
    let count = 0
    const found = await inParallel(filtersOfList(this.#rows), parallelReads, async (filter) => {
      const rows: StoredRow[] = []
      for await (const row of this.#table.query(filter, { signal, ...(select && { select }) })) {
        rows.push(row)
        count += 1
        if (count % 100 === 0) onProgress?.(count)
      }
      return rows
    })
    onProgress?.(count)
    return found.flat()
  }

  /** A known row is not parsed again. */
  #entry(row: StoredRow): [string, ListRow] {
    const key = keyOfRow(placeOf(row.columns, row.etag))
    const known = this.#rows.get(key)
    return [key, known?.etag === row.etag ? known : readRow(row)]
  }
}

function neverTheSame(before: ListRows, after: ListRows): string {
  const keys = Array.from(new Set([...before.keys(), ...after.keys()]))
  const changed = keys.filter((key) => before.get(key)?.etag !== after.get(key)?.etag)
  const named = changed.slice(0, rowsNamed).map((key) => `"${printable(key.replace('\n', '/'))}"`)
  const more = changed.length - named.length
  return `it was changed at each read, of late in row ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

type Place = Pick<ListRow, 'partitionKey' | 'rowKey' | 'etag'>

function placeOf(columns: StoredRow['columns'], etag: string): Place {
  return { partitionKey: String(columns['partitionKey']), rowKey: String(columns['rowKey']), etag }
}
