import { z } from 'zod'
import type { LogEntry } from '../domain/log-entry.ts'
import type { Notification } from '../domain/notification.ts'
import { subjectId, type Request } from '../domain/request.ts'
import type { RequestRecord } from '../ports/ledger.ts'
import { chainHash } from '../storage/chain.ts'
import type { Row, StoredRow } from '../storage/guarded-table.ts'
import { logRowKey, outboxRowKey, type Place, refOf, stateRowKey } from './keys.ts'
import { json, orEmpty, placeOf, readRow, schemaVersion } from './read-row.ts'
import { entrySchema, notificationSchema, requestSchema } from './schema.ts'
import { list } from './schema-parts.ts'

/** An entry together with its place in the chain, as an auditor reads it. */
export interface ChainedEntry {
  readonly entry: LogEntry
  readonly hash: string
  readonly previousHash: string
}

/** ETags that guard the next step of a subject: of its state, and of the index rows that the step may make stale. */
export interface Versions {
  readonly state: string
  /** Empty where the subject has no such index row. */
  readonly byTarget: string
  readonly byState: string
}

/** A notification as its row holds it. */
export interface StoredNotification {
  readonly notification: Notification
  /** ISO 8601: nobody delivers before that. */
  readonly dueAt: string
  /** ISO 8601; undefined while it waits. */
  readonly deliveredAt: string | undefined
  /** How often delivering was begun. */
  readonly attempts: number
  /** Why it was not delivered at the last try; undefined when nothing went wrong. */
  readonly problem: string | undefined
  /** Channels that took it. */
  readonly sentThrough: readonly string[]
}

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const fixPartition =
  'Otherwise move all rows of this partition to another table: what waits is then reviewed as a new request.'
const fixDayRow = 'Delete the row: the sweep writes it anew from the log of the request.'
const fixOutbox = 'Otherwise delete the row, and tell the approvers yourself what it says.'

export function stateRow(
  partitionKey: string,
  request: Request,
  entry: LogEntry,
  hash: string,
  index: Pick<Versions, 'byTarget' | 'byState'>,
): Row {
  return {
    partitionKey,
    rowKey: stateRowKey,
    columns: {
      schemaVersion,
      subjectId: subjectId(request.subject),
      state: request.state.name,
      episode: request.episode,
      sequence: entry.sequence,
      hash,
      request: JSON.stringify(request),
      lastEntry: JSON.stringify(entry),
      ...index,
    },
  }
}

const stateColumns = z.object({
  hash,
  request: json(requestSchema),
  lastEntry: json(entrySchema),
  byTarget: z.string(),
  byState: z.string(),
})

/** @throws UnreadableRow */
export function recordOf(table: string, row: StoredRow): RequestRecord {
  const { request, lastEntry, hash, byTarget, byState } = readRow(table, row, stateColumns, fixPartition)
  return { request, lastEntry, hash, version: packedVersions({ state: row.etag, byTarget, byState }) }
}

export function packedVersions(versions: Versions): string {
  return JSON.stringify(versions)
}

const versions = json(z.strictObject({ state: z.string(), byTarget: z.string(), byState: z.string() }))

export function versionsOf({ version }: Pick<RequestRecord, 'version'>): Versions {
  return versions.parse(version)
}

const logColumnNames: ReadonlySet<string> = new Set([
  'schemaVersion',
  'at',
  'kind',
  'state',
  'subjectId',
  'reason',
  'sequence',
  'entry',
  'previousHash',
  'hash',
])

export function logRow(partitionKey: string, entry: LogEntry, previousHash: string) {
  const text = JSON.stringify(entry)
  return {
    partitionKey,
    rowKey: logRowKey(entry.sequence),
    columns: {
      schemaVersion,
      at: entry.at,
      kind: entry.kind,
      state: entry.state,
      subjectId: subjectId(entry.subject),
      reason: entry.reason.sentence,
      sequence: entry.sequence,
      entry: text,
      previousHash,
      hash: chainHash(previousHash, text),
    },
  } satisfies Row
}

const logColumns = z.object({ entry: json(entrySchema), previousHash: hash, hash })

/** @throws UnreadableRow */
export function chainedOf(table: string, row: StoredRow): ChainedEntry {
  return readRow(table, row, logColumns, fixPartition)
}

/** The copy of a log row under its day. */
export function dayRow(log: Row, { at }: Pick<LogEntry, 'at'>): Row {
  return {
    partitionKey: dayPartition(at.slice(0, 10)),
    rowKey: `${at}:${refOf(log)}`,
    columns: log.columns,
  }
}

/**
 * The same for a log row that was read. What is hashed stays byte for byte as it is stored.
 * @throws UnreadableRow
 */
export function dayRowOfStored(table: string, row: StoredRow): Row {
  const { entry } = chainedOf(table, row)
  const own = Object.entries(row.columns).filter(([name]) => logColumnNames.has(name))
  const columns = Object.fromEntries(own) as Row['columns']
  return dayRow({ ...placeOf(row), columns }, entry)
}

/** @param day UTC, `YYYY-MM-DD`. */
export function dayPartition(day: string): string {
  return `day:${day}`
}

/** @throws UnreadableRow */
export function dayEntryOf(table: string, row: StoredRow): ChainedEntry {
  return readRow(table, row, logColumns, fixDayRow)
}

/** The row of a notification that nobody has tried to deliver. */
export function newOutboxRow(place: Place, notification: Notification, dueAt: string): Row {
  return outboxRow(place, {
    notification,
    dueAt,
    deliveredAt: undefined,
    attempts: 0,
    problem: undefined,
    sentThrough: [],
  })
}

export function outboxRow(place: Place, stored: StoredNotification): Row {
  const { notification, dueAt, deliveredAt = '', attempts, problem = '', sentThrough } = stored
  return {
    ...place,
    columns: {
      schemaVersion,
      notification: JSON.stringify(notification),
      dueAt,
      deliveredAt,
      attempts,
      problem,
      sentThrough: JSON.stringify(sentThrough),
    },
  }
}

/** Where the notification lies that is written with an entry. */
export function outboxPlace(partitionKey: string, sequence: number): Place {
  return { partitionKey, rowKey: outboxRowKey(sequence) }
}

const time = z.iso.datetime()
const outboxColumns = z.object({
  notification: json(notificationSchema),
  dueAt: time,
  deliveredAt: orEmpty(time),
  attempts: z.int().min(0),
  problem: orEmpty(z.string()),
  sentThrough: json(list(z.string())),
})

/** @throws UnreadableRow */
export function storedNotificationOf(table: string, row: StoredRow): StoredNotification {
  return readRow(table, row, outboxColumns, fixOutbox)
}
