import { z } from 'zod'
import type { Notification } from '../domain/notification.ts'
import type { ClaimedNotification, OutboxPort, OutboxRef } from '../ports/outbox.ts'
import { RowChanged, type StoredRow, textColumn } from '../storage/guarded-table.ts'
import { dueRow, dueRows, isDueAt, moveDue, refIn, removeDue } from './due-index.ts'
import { isSettled, type LedgerTable } from './indexes.ts'
import { caseKey, isCaseKey, outboxRowKey, placeOfRef, refOf } from './keys.ts'
import { json } from './read-row.ts'
import { newOutboxRow, outboxRow, type StoredNotification, storedNotificationOf } from './outbox-row.ts'
import { type ReportUnreadable, UnreadableRow } from './unreadable-row.ts'

/** How long a claim lasts; after that another host may deliver. */
const claimMs = 60_000
/** A row that cannot be read is reported again after that. */
const unreadableMs = 600_000
const maxProblemLength = 1_000

const versionSchema = json(z.strictObject({ etag: z.string(), dueAt: z.string() }))

/**
 * Notifications in the partitions of their records. The ledger writes them; here they are claimed, and their delivery
 * is recorded. Delivered ones are kept; only their index row is removed.
 */
export class Outbox implements OutboxPort {
  readonly #requests: LedgerTable
  readonly #index: LedgerTable
  readonly #report: ReportUnreadable
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
    this.#now = now
  }

  /**
   * Those that are due, longest waiting first, up to a limit. An unreadable one is reported and postponed for ten
   * minutes: it must neither be lost nor block the others.
   */
  async due(max: number): Promise<readonly OutboxRef[]> {
    const refs = new Set<OutboxRef>()
    for await (const row of dueRows(this.#index, this.#now())) {
      if (refs.size === max) break
      const ref = refIn(row)
      if (!refs.has(ref) && (await this.#isDue(ref, row))) refs.add(ref)
    }
    return [...refs]
  }

  async claim(ref: OutboxRef): Promise<ClaimedNotification | undefined> {
    const row = await this.#read(ref)
    const stored = row && storedNotificationOf(this.#requests.name, row)
    if (!stored || !this.#waits(stored)) return undefined
    const { notification, attempts, sentThrough } = stored
    const dueAt = this.#after(claimMs)
    await this.#index.putDerived(dueRow(ref, dueAt))
    const etag = await this.#replace(ref, row.etag, { ...stored, dueAt, attempts: attempts + 1 })
    if (etag === undefined) return undefined
    await this.#removeDue(ref, stored.dueAt)
    const version = JSON.stringify({ etag, dueAt })
    return { ref, notification, isCase: isCaseRef(ref), attempts, sentThrough, version }
  }

  async openCase(notification: Notification, caseId: string): Promise<OutboxRef> {
    const place = { partitionKey: caseKey(caseId), rowKey: outboxRowKey(1) }
    const ref = refOf(place)
    if (await this.#read(ref)) return ref
    const dueAt = this.#after(0)
    await this.#index.putDerived(dueRow(ref, dueAt))
    await unlessChanged(() => this.#requests.insert(newOutboxRow(place, notification, dueAt)))
    return ref
  }

  async delivered(claimed: ClaimedNotification): Promise<void> {
    const { etag, dueAt } = versionSchema.parse(claimed.version)
    const deliveredAt = this.#after(0)
    const row = { ...storedIn(claimed), dueAt, deliveredAt, problem: undefined }
    if (await this.#replace(claimed.ref, etag, row)) await this.#removeDue(claimed.ref, dueAt)
  }

  async failed(claimed: ClaimedNotification, afterSeconds: number, problem: string): Promise<void> {
    const { etag, dueAt: claimedUntil } = versionSchema.parse(claimed.version)
    const dueAt = this.#after(afterSeconds * 1000)
    await this.#index.putDerived(dueRow(claimed.ref, dueAt))
    const row = {
      ...storedIn(claimed),
      dueAt,
      deliveredAt: undefined,
      problem: problem.slice(0, maxProblemLength),
    }
    if ((await this.#replace(claimed.ref, etag, row)) && dueAt !== claimedUntil)
      await this.#removeDue(claimed.ref, claimedUntil)
  }

  /** Whether the notification of an index row is due; removes an index row that is obsolete. */
  async #isDue(ref: OutboxRef, indexRow: StoredRow): Promise<boolean> {
    const rowKey = textColumn(indexRow, 'rowKey')
    try {
      const row = await this.#read(ref)
      if (!row) {
        if (isSettled(indexRow, this.#now())) await removeDue(this.#index, rowKey)
        return false
      }
      if (this.#waits(storedNotificationOf(this.#requests.name, row))) return true
      await removeDue(this.#index, rowKey)
    } catch (error) {
      if (!(error instanceof UnreadableRow)) throw error
      this.#report(error)
      await moveDue(this.#index, ref, rowKey, this.#after(unreadableMs))
    }
    return false
  }

  #waits({ deliveredAt, dueAt }: StoredNotification): boolean {
    return deliveredAt === undefined && isDueAt(dueAt, this.#now())
  }

  async #read(ref: OutboxRef): Promise<StoredRow | undefined> {
    const place = placeOfRef(ref)
    return place && this.#requests.read(place.partitionKey, place.rowKey)
  }

  /** The new ETag; undefined when the row was changed meanwhile. */
  #replace(ref: OutboxRef, etag: string, stored: StoredNotification): Promise<string | undefined> {
    const place = placeOfRef(ref)
    if (!place) throw new RangeError(`"${ref}" names no notification.`)
    return unlessChanged(() => this.#requests.replace(outboxRow(place, stored), etag))
  }

  #removeDue(ref: OutboxRef, dueAt: string): Promise<void> {
    return removeDue(this.#index, dueRow(ref, dueAt).rowKey)
  }

  #after(ms: number): string {
    return new Date(this.#now().getTime() + ms).toISOString()
  }
}

function isCaseRef(ref: OutboxRef): boolean {
  return isCaseKey(placeOfRef(ref)?.partitionKey ?? '')
}

function storedIn({ notification, attempts, sentThrough }: ClaimedNotification) {
  return { notification, attempts: attempts + 1, sentThrough }
}

async function unlessChanged(write: () => Promise<string>): Promise<string | undefined> {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof RowChanged)) throw error
    return undefined
  }
}
