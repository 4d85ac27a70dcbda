import { odata } from '@azure/data-tables'
import { z } from 'zod'
import { type GuardedTable, numberColumn, type StoredRow, textColumn } from '../../storage/guarded-table.ts'
import { inParallel } from '../../storage/in-parallel.ts'
import { firstHead, type Head, headKey, headOfRow, highestSequence, isSha256 } from '../table/head.ts'
import { filterOfLog, filterOfWholeLog, rulePartition } from '../table/rows.ts'
import { type ChangeEntry, type StoredEntry, storedEntry } from './log.ts'

export interface HistoryOptions {
  /** Only changes of this rule. */
  readonly ruleId?: string
  readonly newestFirst?: boolean
  /** The maximum number of entries; all if left out. */
  readonly limit?: number
}

const entriesPerRead = 1000
const parallelReads = 8

const recorded = z.object({
  columns: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  problem: z.string().optional(),
  partitionKey: z.string().optional(),
  cutFrom: z.string().optional(),
})
const schema = z.object({
  sequence: z.number(),
  action: z.enum(['added', 'changed', 'removed']),
  ruleId: z.string(),
  before: recorded.optional(),
  after: recorded.optional(),
  version: z.number(),
  who: z.string(),
  at: z.string(),
  fileName: z.string(),
  fileSha256: z.string(),
  applyId: z.string(),
})

/**
 * Entries of the list's log, oldest first by default.
 * @throws Error that names an entry that cannot be read.
 */
export async function* historyOf(
  table: GuardedTable,
  { ruleId, newestFirst = false, limit = Infinity }: HistoryOptions = {},
): AsyncGenerator<ChangeEntry> {
  const ranges = rangesUpTo((await endOfLog(table)).sequence)
  const ofRule = ruleId === undefined ? '' : ` and ${odata`ruleId eq ${ruleId}`}`
  let given = 0
  for (const [from, to] of newestFirst ? ranges.toReversed() : ranges) {
    const rows = await Array.fromAsync(table.query(`${filterOfLog(from, to)}${ofRule}`))
    for (const row of newestFirst ? rows.toReversed() : rows) {
      if (given >= limit) return
      given += 1
      yield entryOf(row)
    }
  }
}

/**
 * The end of the log: the entry that the head names, or later ones. Without a usable head, or without such an entry
 * with its hash, the whole log is searched, so that the chain continues at its end.
 */
export async function endOfLog(table: GuardedTable): Promise<LogEnd> {
  const row = await table.read(rulePartition, headKey)
  const head = (row && headOfRow(row.columns).head) ?? firstHead
  const found = head.sequence > 0 ? await lastEntryFrom(table, head) : undefined
  if (found) return { version: head.version, sequence: found.sequence, hash: found.hash }
  const { sequence, hash } = (await lastEntry(table)) ?? firstHead
  return { version: Math.max(head.version, sequence), sequence, hash }
}

type LogEnd = Pick<Head, 'version' | 'sequence' | 'hash'>

/** Undefined when the log does not have the entry that the head names. */
async function lastEntryFrom(table: GuardedTable, head: LogEnd): Promise<StoredEntry | undefined> {
  const rows = await entriesIn(table, filterOfLog(head.sequence, highestSequence))
  const [first] = rows
  return first?.sequence === head.sequence && first.hash === head.hash ? rows.at(-1) : undefined
}

async function lastEntry(table: GuardedTable): Promise<StoredEntry | undefined> {
  return (await entriesIn(table, filterOfWholeLog)).at(-1)
}

async function entriesIn(table: GuardedTable, filter: string): Promise<readonly StoredEntry[]> {
  const rows = await Array.fromAsync(table.query(filter, { select: ['RowKey', 'hash'] }))
  // The chain cannot continue from a row that was added by hand.
  return rows.map(storedEntry).filter(({ sequence, hash }) => sequence > 0 && isSha256(hash))
}

/** The highest logged version of each of these rules that is in the log. */
export async function highestVersions(
  table: GuardedTable,
  ids: ReadonlySet<string>,
  lastSequence: number,
): Promise<ReadonlyMap<string, number>> {
  const highest = new Map<string, number>()
  if (ids.size === 0) return highest
  await inParallel(rangesUpTo(lastSequence), parallelReads, async ([from, to]) => {
    for await (const row of table.query(filterOfLog(from, to), { select: ['ruleId', 'version'] })) {
      const id = textColumn(row, 'ruleId')
      if (ids.has(id)) highest.set(id, Math.max(highest.get(id) ?? 0, numberColumn(row, 'version')))
    }
  })
  return highest
}

/** The last logged entry of each rule. */
export async function lastEntries(
  table: GuardedTable,
  onProgress?: (done: number, total: number) => void,
): Promise<ReadonlyMap<string, ChangeEntry>> {
  const { sequence: total } = await endOfLog(table)
  let done = 0
  const found = await inParallel(rangesUpTo(total), parallelReads, async ([from, to]) => {
    const rows = await Array.fromAsync(table.query(filterOfLog(from, to)))
    done += rows.length
    onProgress?.(done, total)
    return rows.map(entryOf)
  })
  return new Map(found.flat().map((entry) => [entry.ruleId, entry]))
}

/** Undefined when the row contains no entry. */
export function entryIn(row: StoredRow): ChangeEntry | undefined {
  const { data } = schema.safeParse(parsed(storedEntry(row).text))
  return (
    data && {
      ...data,
      before: data.before as ChangeEntry['before'],
      after: data.after as ChangeEntry['after'],
    }
  )
}

function entryOf(row: StoredRow): ChangeEntry {
  const entry = entryIn(row)
  if (!entry)
    throw new Error(
      `Row "${textColumn(row, 'rowKey')}" of the log of changes cannot be read; verify the history.`,
    )
  return entry
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Both ends included. */
function rangesUpTo(lastSequence: number): readonly (readonly [number, number])[] {
  return Array.from({ length: Math.ceil(lastSequence / entriesPerRead) }, (_, index) => [
    index * entriesPerRead + 1,
    Math.min((index + 1) * entriesPerRead, lastSequence),
  ])
}
