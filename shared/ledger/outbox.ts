import { z } from 'zod'
import type { ClaimedNotification, FoundNotification, OutboxPort, OutboxRef } from '../ports/outbox.ts'
import type { StoredRow } from '../storage/guarded-table.ts'
import { dueRefs, dueRow, isDueAt, removeDue } from './due-index.ts'
import type { LedgerTable } from './indexes.ts'
import { outboxRowKey, placeOfRef, sequenceOf } from './keys.ts'
import { json } from './read-row.ts'
import { outboxRow, type StoredNotification, storedNotificationOf } from './outbox-row.ts'
import { unlessChanged } from './unless-changed.ts'
import type { ReportUnreadable } from './unreadable-row.ts'

/** How long a claim lasts; after that another host may deliver. */
const claimMs = 60_000
const maxProblemLength = 1_000

const versionSchema = json(z.strictObject({ etag: z.string(), dueAt: z.string() }))

/**
 * Notifications in the partitions of their records. The ledger writes them; here they are claimed, and it is recorded
 * that they have joined a case. They are kept; only their index row is removed.
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

  due(max: number): Promise<readonly OutboxRef[]> {
    return dueRefs(
      {
        ...{ index: this.#index, partition: 'due', now: this.#now(), report: this.#report },
        statusOf: async (ref) => {
          const row = await this.#read(ref)
          return row && (this.#waits(storedNotificationOf(this.#requests.name, row)) ? 'due' : 'over')
        },
      },
      max,
    )
  }

  async claim(ref: OutboxRef): Promise<ClaimedNotification | undefined> {
    const row = await this.#read(ref)
    const stored = row && storedNotificationOf(this.#requests.name, row)
    if (!stored || !this.#waits(stored)) return undefined
    const { notification, attempts } = stored
    const recordKey = placeOfRef(ref)?.partitionKey ?? ''
    const dueAt = this.#after(claimMs)
    await this.#index.putDerived(dueRow(ref, dueAt))
    const etag = await this.#replace(ref, row.etag, { ...stored, dueAt, attempts: attempts + 1 })
    if (etag === undefined) return undefined
    await this.#removeDue(ref, stored.dueAt)
    const version = JSON.stringify({ etag, dueAt })
    return { ref, recordKey, notification, attempts, version }
  }

  async delivered(claimed: ClaimedNotification, caseId: string | undefined): Promise<void> {
    const { etag, dueAt } = versionSchema.parse(claimed.version)
    const deliveredAt = this.#after(0)
    const row = { ...storedIn(claimed), dueAt, deliveredAt, problem: undefined, joinedCase: caseId }
    if (await this.#replace(claimed.ref, etag, row)) await this.#removeDue(claimed.ref, dueAt)
  }

  async find(recordKey: string, notificationId: string): Promise<FoundNotification | undefined> {
    const sequence = sequenceOf(notificationId)
    const row =
      sequence === undefined ? undefined : await this.#requests.read(recordKey, outboxRowKey(sequence))
    if (!row) return undefined
    const { notification, deliveredAt, joinedCase } = storedNotificationOf(this.#requests.name, row)
    return { notification, isDelivered: deliveredAt !== undefined, caseId: joinedCase }
  }

  async failed(claimed: ClaimedNotification, afterSeconds: number, problem: string): Promise<void> {
    const { etag, dueAt: claimedUntil } = versionSchema.parse(claimed.version)
    const dueAt = this.#after(afterSeconds * 1000)
    await this.#index.putDerived(dueRow(claimed.ref, dueAt))
    const row = {
      ...storedIn(claimed),
      dueAt,
      deliveredAt: undefined,
      joinedCase: undefined,
      problem: problem.slice(0, maxProblemLength),
    }
    if ((await this.#replace(claimed.ref, etag, row)) && dueAt !== claimedUntil)
      await this.#removeDue(claimed.ref, claimedUntil)
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

function storedIn({ notification, attempts }: ClaimedNotification) {
  return { notification, attempts: attempts + 1 }
}
