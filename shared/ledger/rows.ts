import { z } from 'zod'
import type { LogEntry } from '../domain/log-entry.ts'
import { subjectId, type Request } from '../domain/request.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import type { RequestRecord } from '../ports/ledger.ts'
import { chainHash } from '../storage/chain.ts'
import type { Row, StoredRow } from '../storage/guarded-table.ts'
import { logRowKey, recordKey, refOf, stateRowKey } from './keys.ts'
import { json, placeOf, readRow, schemaVersion } from './read-row.ts'
import { entrySchema, requestSchema } from './schema.ts'
import { UnreadableRow } from './unreadable-row.ts'

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
  readonly byCase: string
  readonly byState: string
}

/** ETags of the index rows of a subject. */
export type IndexVersions = Omit<Versions, 'state'>

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const fixPartition =
  'Otherwise move all rows of this partition to another table: what waits is then reviewed as a new request.'
const fixDayRow = 'Delete the row: the sweep writes it anew from the log of the request.'

export function stateRow(
  partitionKey: string,
  request: Request,
  entry: LogEntry,
  hash: string,
  index: IndexVersions,
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
  byCase: z.string().default(''),
  byState: z.string(),
})

/** @throws UnreadableRow */
export function recordOf(table: string, row: StoredRow): RequestRecord {
  const { request, lastEntry, hash, ...index } = readRow(table, row, stateColumns, fixPartition)
  assertOfPartition(table, row, { request, lastEntry })
  return { request, lastEntry, hash, version: packedVersions({ state: row.etag, ...index }) }
}

export function packedVersions(versions: Versions): string {
  return JSON.stringify(versions)
}

const versions = json(
  z.strictObject({ state: z.string(), byTarget: z.string(), byCase: z.string(), byState: z.string() }),
)

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
  const chained = readRow(table, row, logColumns, fixPartition)
  assertOfPartition(table, row, { entry: chained.entry })
  return chained
}

/**
 * Kind and id of a subject are hashed into the key of its partition: a row that says otherwise was moved or changed.
 * @throws UnreadableRow
 */
function assertOfPartition(
  table: string,
  row: StoredRow,
  columns: Readonly<Record<string, Pick<Request, 'subject'>>>,
): void {
  const place = placeOf(row)
  for (const [column, { subject }] of Object.entries(columns)) {
    const id = parseResourceId(subjectId(subject))
    if (id && recordKey({ kind: subject.kind, id }) === place.partitionKey) continue
    const actual = `the ${subject.kind} ${subjectId(subject)}`
    const problem = `field "${column}.subject" is ${actual}, expected the subject of this partition, unless an earlier version wrote the row`
    throw new UnreadableRow(table, place, problem, fixPartition)
  }
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
 * The same for a log row that was read. The hashed text is exactly the stored one.
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
