import { odata } from '@azure/data-tables'
import { isKeptInCase } from '../domain/burst.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import {
  mayBeApprovedSince,
  isUnfinished,
  isUnfinishedState,
  type Request,
  type StateName,
  stateNames,
} from '../domain/request.ts'
import { type GuardedTable, type Row, type StoredRow, textColumn } from '../storage/guarded-table.ts'
import { caseKey, keyOf } from './keys.ts'
import { placeOf, schemaVersion } from './read-row.ts'
import { removeUnchanged } from './remove-unchanged.ts'
import type { IndexVersions } from './rows.ts'

/** The part of a table that the ledger needs. */
export type LedgerTable = Pick<
  GuardedTable,
  'name' | 'read' | 'insert' | 'replace' | 'remove' | 'putDerived' | 'removeDerived' | 'transaction' | 'query'
>

/** State of the newest episode of a subject, and the ETags of its index rows. */
export interface Indexed {
  readonly request: Request
  readonly versions: IndexVersions
}

/** A row that an index row points to may still be on its way for that long; a call to storage takes a minute at most. */
const settledMs = 600_000
const recordKeyLength = 64

/**
 * Pointers to records by target (unfinished ones, and those approved within ten minutes), by burst case (those that keep
 * it open), and by state. They are written before the step that they point to,
 * and removed after the step that made them stale: a pointer may be stale, but no unfinished record is without one. A
 * removal is bound to the ETag of the pointer as this record's own step wrote it, so that the pointer of a later step
 * is never removed. Readers check each pointer against its record.
 */
export class Pointers {
  readonly #table: LedgerTable
  readonly #now: () => Date

  constructor(table: LedgerTable, now: () => Date) {
    this.#table = table
    this.#now = now
  }

  /** Writes what a step needs that is not there already. */
  async announce(key: string, before: Indexed | undefined, after: Request): Promise<IndexVersions> {
    const put = async (name: keyof IndexVersions): Promise<string> => {
      const pointer = pointersBy[name](key, after)
      if (!pointer) return ''
      const isThere = before && isSamePlace(pointersBy[name](key, before.request), pointer)
      return isThere ? before.versions[name] : this.#table.putDerived(pointer)
    }
    const [byTarget, byCase, byState] = await Promise.all([put('byTarget'), put('byCase'), put('byState')])
    return { byTarget, byCase, byState }
  }

  /** Removes what a step has made stale. */
  async tidy(key: string, before: Indexed | undefined, after: Request): Promise<void> {
    if (!before) return
    const { request, versions } = before
    await Promise.all(
      indexNames.map(async (name) => {
        const pointer = pointersBy[name](key, request)
        if (!pointer || isSamePlace(pointer, pointersBy[name](key, after))) return
        if (name === 'byTarget' && isKeptByTarget(after, this.#now())) return
        await this.#removeOwn(pointer, versions[name])
      }),
    )
  }

  /** Pointers to records of a target that may be unfinished, or approved lately. */
  ofTarget(targetKey: string): AsyncGenerator<StoredRow> {
    return this.#table.query(odata`PartitionKey eq ${targetPartition(targetKey)}`)
  }

  /** Pointers to records that may keep a burst case open. */
  ofCase(caseId: string): AsyncGenerator<StoredRow> {
    return this.#table.query(odata`PartitionKey eq ${caseKey(caseId)}`)
  }

  /** The same as by target, of all targets. */
  ofTargets(): AsyncGenerator<StoredRow> {
    return this.#table.query(`PartitionKey ge 'target:' and PartitionKey lt 'target;'`)
  }

  /** Pointers that may be wrong: all to unfinished records, and those to finished ones that were written since. */
  async *toCheck(since: Date): AsyncGenerator<StoredRow> {
    yield* this.ofTargets()
    for (const state of stateNames) {
      if (isUnfinishedState(state)) yield* this.ofState(state)
      else yield* this.#table.query(odata`PartitionKey eq ${statePartition(state)} and Timestamp ge ${since}`)
    }
  }

  /** Pointers to records that may be in a state, first seen first. */
  ofState(state: StateName): AsyncGenerator<StoredRow> {
    return this.#table.query(odata`PartitionKey eq ${statePartition(state)}`)
  }

  /**
   * Removes a pointer that its record does not bear out; false when it is left. A young one is left: the step that it
   * announces may be on its way.
   */
  async removeStale(pointer: StoredRow): Promise<boolean> {
    if (!isSettled(pointer, this.#now())) return false
    await removeUnchanged(this.#table, placeOf(pointer), pointer.etag)
    return true
  }

  /** An earlier version of the app kept no ETag of pointers by case: such a one is left to `removeStale`. */
  async #removeOwn(pointer: Row, etag: string): Promise<void> {
    if (etag !== '') await removeUnchanged(this.#table, pointer, etag)
  }
}

/** Pointers that a record has to have. */
export function pointersOf(key: string, request: Request): readonly Row[] {
  return indexNames.flatMap((name) => pointersBy[name](key, request) ?? [])
}

/** Partition of the record that a pointer names. */
export function recordKeyIn(pointer: StoredRow): string {
  return textColumn(pointer, 'rowKey').slice(-recordKeyLength)
}

/** True when a pointer, by state or by target, agrees with the record. */
export function isBorneOut(pointer: StoredRow, key: string, request: Request): boolean {
  const place = placeOf(pointer)
  return pointersOf(key, request).some(
    ({ partitionKey, rowKey }) => place.partitionKey === partitionKey && place.rowKey === rowKey,
  )
}

/** True while the pointer by target of a record stays: what is approved must be found for as long as lists may lag. */
export function isKeptByTarget(request: Request, now: Date): boolean {
  return mayBeApprovedSince(request, new Date(now.getTime() - settledMs))
}

/** True when the step that an index row announces can no longer be on its way. */
export function isSettled(row: StoredRow, now: Date): boolean {
  return now.getTime() - Date.parse(textColumn(row, 'timestamp')) > settledMs
}

type PlaceOfRow = Pick<Row, 'partitionKey' | 'rowKey'>

function isSamePlace(a: PlaceOfRow | undefined, b: PlaceOfRow | undefined): boolean {
  return a?.partitionKey === b?.partitionKey && a?.rowKey === b?.rowKey
}

/** Every index of records, with the row that a record has in it. */
const pointersBy = {
  byTarget: (key, request) => (isUnfinished(request) ? targetPointer(key, request) : undefined),
  byCase: casePointer,
  byState: statePointer,
} as const satisfies Record<keyof IndexVersions, (key: string, request: Request) => Row | undefined>

const indexNames = ['byTarget', 'byCase', 'byState'] as const satisfies (keyof IndexVersions)[]

function casePointer(key: string, request: Request): Row | undefined {
  return isKeptInCase(request)
    ? { partitionKey: caseKey(request.caseId ?? ''), rowKey: key, columns: { schemaVersion } }
    : undefined
}

function targetPointer(key: string, { subject: { targetId } }: Request): Row {
  const target = parseResourceId(targetId)
  if (!target) throw new RangeError(`The target id "${targetId}" is not an ARM id.`)
  return {
    partitionKey: targetPartition(keyOf(target)),
    rowKey: key,
    columns: { schemaVersion, targetId },
  }
}

function statePointer(key: string, { state, firstSeenAt }: Request): Row {
  return {
    partitionKey: statePartition(state.name),
    rowKey: `${firstSeenAt}:${key}`,
    columns: { schemaVersion },
  }
}

function targetPartition(targetKey: string): string {
  return `target:${targetKey}`
}

function statePartition(state: StateName): string {
  return `state:${state}`
}
