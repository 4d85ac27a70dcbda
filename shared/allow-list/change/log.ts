import { createHash } from 'node:crypto'
import type { Revision } from '../../domain/rule.ts'
import { chainHash } from '../../storage/chain.ts'
import { type Row, type StoredRow, textColumn } from '../../storage/guarded-table.ts'
import type { Form } from '../rule/form.ts'
import { forms } from '../routing/forms.ts'
import { columnsOfItem } from '../table/columns.ts'
import { listOfKey, logKey, rulePartition, type UnusableRow } from '../table/rows.ts'

/** Who changes the list, when, and from which file. */
export interface Author {
  readonly who: string
  readonly at: Date
  readonly fileName: string
  /** SHA-256 of the file's bytes, in hex. */
  readonly fileSha256: string
}

/** A row as stored in the log. */
export interface RecordedRow {
  /** Without the keys: the row key is `ruleId` of the entry. */
  readonly columns: Readonly<Record<string, string | number | boolean>>
  /** For a row that was no item: why. */
  readonly problem?: string
  /** For a row that was no item and was in another partition. */
  readonly partitionKey?: string
  /** For a row that was too long to store: SHA-256 of its columns as JSON. */
  readonly cutFrom?: string
}

export type Action = 'added' | 'changed' | 'removed'

/** The change of one rule, channel or route. */
export interface RuleChange {
  readonly action: Action
  /** The row key: the id of a rule, `~channel:NAME` or `~route:NAME`. */
  readonly ruleId: string
  /** Undefined when it was added. */
  readonly before: RecordedRow | undefined
  /** Undefined when it was removed. */
  readonly after: RecordedRow | undefined
}

/** One entry of the log of the list. Append-only; each carries the hash of the one before. */
export interface ChangeEntry extends RuleChange {
  readonly sequence: number
  /** Version of the item afterwards; of a removed one, its last. 0 when unknown. */
  readonly version: number
  readonly who: string
  /** ISO 8601. */
  readonly at: string
  readonly fileName: string
  readonly fileSha256: string
  /** The same for all changes of one apply. */
  readonly applyId: string
}

/** An entry with its place in the chain, as it is stored. */
export interface StoredEntry {
  readonly text: string
  readonly sequence: number
  readonly previousHash: string
  readonly hash: string
}

const charactersPerColumn = 30_000
const maxCharactersKept = 60_000
const notRecorded = '(not recorded)'

export function recordedItem(form: Form, item: Revision): RecordedRow {
  return { columns: columnsOfItem(form, item) }
}

/** The former row, as far as it can be stored; without values that may be secrets: the log is kept for ever. */
export function recordedUnusable({ partitionKey, rowKey, problem, columns }: UnusableRow): RecordedRow {
  const { fields } = forms[listOfKey(rowKey)]
  const own = Object.entries(columns).filter(([name]) => !namesOfTheService.has(name))
  const kept = Object.fromEntries(
    own.map(([name, value]) => [name, fields[name]?.isNeverQuoted ? notRecorded : plain(value)]),
  )
  const text = JSON.stringify(kept)
  const isTooLong = text.length > maxCharactersKept
  return {
    columns: isTooLong ? { beginning: text.slice(0, maxCharactersKept) } : kept,
    problem,
    ...(partitionKey !== rulePartition && { partitionKey }),
    ...(isTooLong && { cutFrom: createHash('sha256').update(text).digest('hex') }),
  }
}

const namesOfTheService: ReadonlySet<string> = new Set(['partitionKey', 'rowKey', 'timestamp'])

function plain(value: unknown): string | number | boolean {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no time' : value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  return String(value)
}

/** The row of an entry. Its hash is over the entry's text and the hash before. */
export function rowOfEntry(entry: ChangeEntry, previousHash: string): { row: Row; hash: string } {
  const text = JSON.stringify(entry)
  const hash = chainHash(previousHash, text)
  const { sequence, at, who, action, ruleId, version, applyId } = entry
  const parts = pieces(text).map((piece, index): [string, string] => [entryColumn(index), piece])
  const columns = { sequence, at, who, action, ruleId, version, applyId, previousHash, hash }
  return {
    row: {
      partitionKey: rulePartition,
      rowKey: logKey(sequence),
      columns: { ...columns, ...Object.fromEntries(parts) },
    },
    hash,
  }
}

/** The text of an entry as it was hashed; a long one is split over several columns. */
export function storedEntry(row: StoredRow): StoredEntry {
  const parts: string[] = []
  while (row.columns[entryColumn(parts.length)] !== undefined)
    parts.push(textColumn(row, entryColumn(parts.length)))
  return {
    text: parts.join(''),
    sequence: Number(/^~log:(\d{8})$/.exec(textColumn(row, 'rowKey'))?.[1] ?? 0),
    previousHash: textColumn(row, 'previousHash'),
    hash: textColumn(row, 'hash'),
  }
}

/** No character is split. */
function pieces(text: string): readonly string[] {
  return text.match(new RegExp(`[^]{1,${charactersPerColumn / 2}}`, 'gu')) ?? []
}

function entryColumn(index: number): string {
  return index === 0 ? 'entry' : `entry${index + 1}`
}
