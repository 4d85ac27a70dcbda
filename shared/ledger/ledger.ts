import { odata } from '@azure/data-tables'
import type { LedgerChange } from '../domain/ledger-change.ts'
import type { LogEntry } from '../domain/log-entry.ts'
import { keepsCaseOpen } from '../domain/burst.ts'
import { mayBeApprovedSince, isUnfinished, type StateName } from '../domain/request.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import {
  LedgerConflict,
  type LedgerPort,
  type OfCase,
  type RequestRecord,
  type SubjectKey,
  type WrittenRecord,
} from '../ports/ledger.ts'
import { chainStart } from '../storage/chain.ts'
import { RowChanged, type Step, type StoredRow, textColumn } from '../storage/guarded-table.ts'
import { inParallel } from '../storage/in-parallel.ts'
import { decisionRow } from './decision-row.ts'
import { dueRow } from './due-index.ts'
import { endedRows } from './ended-index.ts'
import { isBorneOut, isKeptByTarget, type LedgerTable, Pointers, recordKeyIn } from './indexes.ts'
import { entryId, keyOf, recordKey, refOf, stateRowKey } from './keys.ts'
import { newOutboxRow, outboxPlace } from './outbox-row.ts'
import { repairIndexes } from './repair.ts'
import {
  type ChainedEntry,
  dayEntryOf,
  dayPartition,
  dayRow,
  logRow,
  packedVersions,
  recordOf,
  stateRow,
  versionsOf,
} from './rows.ts'
import { type ReportUnreadable, UnreadableRow } from './unreadable-row.ts'

export type { ChainedEntry } from './rows.ts'

const readsAtOnce = 16

/**
 * Requests and their log in Table Storage. Everything about one connection, or one unreadable target, is one partition,
 * so that state, log entry and notification change in one transaction. Index rows are in other partitions and can be
 * rebuilt.
 *
 * A read of one unreadable row throws. Readers of many rows report it and go on with the others: one connection must
 * not block the rest of its target, and `read` still throws before anything is decided on that one.
 */
export class Ledger implements LedgerPort {
  readonly #requests: LedgerTable
  readonly #index: LedgerTable
  readonly #report: ReportUnreadable
  readonly #pointers: Pointers
  readonly #now: () => Date

  constructor(
    requests: LedgerTable,
    index: LedgerTable,
    report: ReportUnreadable,
    now: () => Date = () => new Date(),
  ) {
    this.#requests = requests
    this.#index = index
    this.#report = report
    this.#pointers = new Pointers(index, now)
    this.#now = now
  }

  /**
   * The newest episode; undefined when the subject was never seen.
   * @throws UnreadableRow
   */
  async read(subject: SubjectKey): Promise<RequestRecord | undefined> {
    return this.#recordAt(recordKey(subject))
  }

  nextEntryId(subject: SubjectKey, record: RequestRecord | undefined, episode: number): string {
    return entryId(subject, episode, nextSequence(record))
  }

  /**
   * Writes state, log entry and notification, all or none. Index rows that the step needs are written before it; stale
   * ones are removed after it.
   * @throws LedgerConflict when the record was changed since it was read.
   */
  async write(
    subject: SubjectKey,
    record: RequestRecord | undefined,
    { request, entry, notification }: LedgerChange,
  ): Promise<WrittenRecord> {
    const key = recordKey(subject)
    const before = record && { request: record.request, versions: versionsOf(record) }
    const placed: LogEntry = { ...entry, sequence: nextSequence(record) }
    const log = logRow(key, placed, record?.hash ?? chainStart)
    const { hash } = log.columns
    const dueAt = new Date(placed.at).toISOString()
    const outbox = notification && newOutboxRow(outboxPlace(key, placed.sequence), notification, dueAt)
    const notificationRef = outbox && refOf(outbox)
    const [index] = await Promise.all([
      this.#pointers.announce(key, before, request),
      notificationRef && this.#index.putDerived(dueRow(notificationRef, dueAt)),
    ])
    const state = stateRow(key, request, placed, hash, index)
    const etag = await this.#commit([
      before ? { kind: 'replace', row: state, etag: before.versions.state } : { kind: 'insert', row: state },
      { kind: 'insert', row: log },
      ...(outbox ? [{ kind: 'insert', row: outbox } as const] : []),
    ])
    await Promise.all([
      ...[dayRow(log, placed), ...endedRows(log, placed)].map((row) => this.#index.putDerived(row)),
      this.#pointers.tidy(key, before, request),
    ])
    const version = packedVersions({ state: etag, ...index })
    return { request, lastEntry: placed, hash, version, notificationRef }
  }

  async unfinishedOn(target: ResourceId): Promise<readonly RequestRecord[]> {
    const pointers = await Array.fromAsync(this.#pointers.ofTarget(keyOf(target)))
    const records = await inParallel(pointers, readsAtOnce, (pointer) => this.#unfinishedAt(pointer))
    return records.filter((record) => record !== undefined && record !== 'unreadable')
  }

  async approvedOn(target: ResourceId, since: Date): Promise<readonly RequestRecord[] | undefined> {
    const pointers = await Array.fromAsync(this.#pointers.ofTarget(keyOf(target)))
    const records = await inParallel(pointers, readsAtOnce, (pointer) =>
      this.#recordOrReport(recordKeyIn(pointer)),
    )
    const approved: RequestRecord[] = []
    for (const record of records) {
      if (record === 'unreadable') return undefined
      if (record && mayBeApprovedSince(record.request, since)) approved.push(record)
    }
    return approved
  }

  async openInCase(caseId: string, max: number): Promise<OfCase> {
    const pointers: StoredRow[] = []
    for await (const pointer of this.#pointers.ofCase(caseId)) {
      pointers.push(pointer)
      if (pointers.length > max) break
    }
    const isOpen = ({ request, lastEntry }: RequestRecord) =>
      request.caseId === caseId && keepsCaseOpen(request, lastEntry.at, this.#now())
    const records = await inParallel(pointers.slice(0, max), readsAtOnce, (pointer) =>
      this.#borneOutAt(pointer, isOpen),
    )
    return {
      requests: records.flatMap((record) => (record && record !== 'unreadable' ? [record.request] : [])),
      isWhole: pointers.length <= max && !records.includes('unreadable'),
    }
  }

  async unfinishedTargets(): Promise<readonly string[]> {
    const pointers = await Array.fromAsync(this.#pointers.ofTargets())
    const byTarget = Map.groupBy(pointers, (pointer) => textColumn(pointer, 'partitionKey'))
    const found = await inParallel([...byTarget.values()], readsAtOnce, async (ofOne) => {
      for (const pointer of ofOne)
        if (await this.#unfinishedAt(pointer)) return textColumn(pointer, 'targetId')
      return undefined
    })
    return found.filter((target) => target !== undefined)
  }

  /** Records that are in a state, first seen first. */
  async *inState(state: StateName): AsyncGenerator<RequestRecord> {
    for await (const pointer of this.#pointers.ofState(state)) {
      const key = recordKeyIn(pointer)
      const record = await this.#recordOrReport(key)
      if (record === 'unreadable') continue
      if (record && isBorneOut(pointer, key, record.request)) yield record
      else await this.#pointers.removeStale(pointer)
    }
  }

  /** The newest episode of every subject, in no particular order. */
  async *records(): AsyncGenerator<RequestRecord> {
    for await (const row of this.#requests.query(odata`RowKey eq ${stateRowKey}`)) {
      const record = this.#orReport(() => recordOf(this.#requests.name, row))
      if (record !== 'unreadable') yield record
    }
  }

  /**
   * The entry that a decision was logged with; undefined when there is none, or the id cannot be one.
   * @throws UnreadableRow
   */
  async entryOf(decisionId: string): Promise<LogEntry | undefined> {
    return (await decisionRow(this.#requests, decisionId))?.entry
  }

  /** Log entries of a span of days (UTC, `YYYY-MM-DD`, both included), oldest first. */
  async *entries(fromDay: string, toDay: string): AsyncGenerator<ChainedEntry> {
    for (const day of daysBetween(fromDay, toDay)) {
      for await (const row of this.#index.query(odata`PartitionKey eq ${dayPartition(day)}`)) {
        const entry = this.#orReport(() => dayEntryOf(this.#index.name, row))
        if (entry !== 'unreadable') yield entry
      }
    }
  }

  repairIndexes(since: Date): Promise<number> {
    return repairIndexes(this.#requests, this.#index, this.#pointers, since, this.#report)
  }

  /** The record that a pointer by target names, while it is unfinished. */
  #unfinishedAt(pointer: StoredRow): Promise<RequestRecord | 'unreadable' | undefined> {
    return this.#borneOutAt(pointer, ({ request }) => isUnfinished(request))
  }

  /** The record that a pointer names; undefined, and the pointer is removed, when the record does not bear it out. */
  async #borneOutAt(
    pointer: StoredRow,
    isBorneOut: (record: RequestRecord) => boolean,
  ): Promise<RequestRecord | 'unreadable' | undefined> {
    const record = await this.#recordOrReport(recordKeyIn(pointer))
    if (record === 'unreadable' || (record && isBorneOut(record))) return record
    if (!record || !isKeptByTarget(record.request, this.#now())) await this.#pointers.removeStale(pointer)
    return undefined
  }

  async #recordAt(key: string): Promise<RequestRecord | undefined> {
    const row = await this.#requests.read(key, stateRowKey)
    return row && recordOf(this.#requests.name, row)
  }

  async #recordOrReport(key: string): Promise<RequestRecord | 'unreadable' | undefined> {
    const row = await this.#requests.read(key, stateRowKey)
    return row && this.#orReport(() => recordOf(this.#requests.name, row))
  }

  #orReport<T>(read: () => T): T | 'unreadable' {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof UnreadableRow)) throw error
      this.#report(error)
      return 'unreadable'
    }
  }

  /** Returns the version of the state row, which is the first step. */
  async #commit(steps: readonly Step[]): Promise<string> {
    try {
      const [version] = await this.#requests.transaction(steps)
      return version ?? ''
    } catch (error) {
      if (error instanceof RowChanged)
        throw new LedgerConflict('Somebody else wrote first.', { cause: error })
      throw error
    }
  }
}

function nextSequence(record: RequestRecord | undefined): number {
  return (record?.lastEntry.sequence ?? 0) + 1
}

function* daysBetween(fromDay: string, toDay: string): Generator<string> {
  const last = Date.parse(`${toDay}T00:00:00Z`)
  for (let day = Date.parse(`${fromDay}T00:00:00Z`); day <= last; day += 86_400_000) {
    yield new Date(day).toISOString().slice(0, 10)
  }
}
