import { chainHash, chainStart } from '../../storage/chain.ts'
import type { GuardedTable, StoredRow } from '../../storage/guarded-table.ts'
import { type Head, headKey, headOfRow } from '../table/head.ts'
import { filterOfLog, filterOfWholeLog, logKey, rulePartition } from '../table/rows.ts'
import { entryIn } from './history.ts'
import { storedEntry } from './log.ts'

export interface HistoryCheck {
  /** Number of unchanged entries, from the first on. */
  readonly sound: number
  /** The first entry that is not unchanged, and why; undefined if there is none. */
  readonly broken: { readonly sequence: number; readonly problem: string } | undefined
}

interface Walk {
  sequence: number
  hash: string
}

/** Columns that repeat parts of an entry's text for people. They must agree with it. */
const shownColumns = ['sequence', 'at', 'who', 'action', 'ruleId', 'version', 'applyId'] as const

/**
 * Follows the log from its first entry to the end that the head states. Finds missing, changed and inserted entries. A
 * writer of the table can replace the whole log, or cut off its end together with the head: only a copy kept elsewhere
 * shows that.
 * @param onProgress entries seen.
 */
export async function verifyHistory(
  table: GuardedTable,
  onProgress?: (entries: number) => void,
): Promise<HistoryCheck> {
  const walk: Walk = { sequence: 0, hash: chainStart }
  const stop = (problem: string, sequence = walk.sequence + 1): HistoryCheck => ({
    sound: walk.sequence,
    broken: { sequence, problem },
  })
  let filter = filterOfWholeLog
  for (;;) {
    const before = walk.sequence
    for await (const row of table.query(filter)) {
      const problem = problemOf(row, walk)
      if (problem !== undefined) return stop(problem)
      const { sequence, hash } = storedEntry(row)
      Object.assign(walk, { sequence, hash })
      if (sequence % 100 === 0) onProgress?.(sequence)
    }
    const row = await table.read(rulePartition, headKey)
    const head = row && headOfRow(row.columns).head
    if (!head && walk.sequence === 0 && !row) return { sound: 0, broken: undefined }
    if (!head) return stop(`Row "${headKey}" does not say where the log ends.`)
    if (head.sequence === walk.sequence && head.hash === walk.hash)
      return { sound: walk.sequence, broken: undefined }
    // An apply may have continued meanwhile.
    if (head.sequence <= walk.sequence || walk.sequence === before)
      return stop(`The log ends after entry ${walk.sequence}; row "${headKey}" says ${saidOf(head, walk)}.`)
    filter = filterOfLog(walk.sequence + 1, head.sequence)
  }
}

function saidOf(head: Head, walk: Walk): string {
  return head.sequence === walk.sequence ? `${head.sequence}, and another hash` : String(head.sequence)
}

function problemOf(row: StoredRow, walk: Walk): string | undefined {
  const { text, sequence, previousHash, hash } = storedEntry(row)
  const expected = walk.sequence + 1
  if (row.columns['rowKey'] !== logKey(expected))
    return `Entry ${expected} is missing; row "${String(row.columns['rowKey'])}" comes next.`
  if (previousHash !== walk.hash)
    return `Entry ${sequence} does not follow the entry before it: it names another hash.`
  if (chainHash(previousHash, text) !== hash)
    return `Entry ${sequence} was changed after it was written: its text does not have its hash.`
  return problemOfColumns(row, sequence)
}

function problemOfColumns(row: StoredRow, sequence: number): string | undefined {
  const entry = entryIn(row)
  if (!entry) return `Entry ${sequence} is none: its text cannot be read.`
  const name = shownColumns.find((column) => row.columns[column] !== entry[column])
  return name === undefined
    ? undefined
    : `Entry ${sequence} was changed after it was written: its column ${name} does not say what its text says.`
}
