import { odata } from '@azure/data-tables'
import type { Rule } from '../../domain/rule.ts'
import type { StoredRow } from '../../storage/guarded-table.ts'
import { type Head, headKey, headOfRow } from './head.ts'
import { ruleFromRow } from './row.ts'

export const rulePartition = 'rule'

/**
 * Keys of the list's own rows begin with `~`: no rule id contains it, and it sorts after all characters of rule ids.
 */
const logStart = '~log:'
const logEnd = '~log;'
const rowsPerRange = 900

/** A row of the allow-list table as it was read. Rows of the log are not included. */
export type ListRow = {
  readonly partitionKey: string
  readonly rowKey: string
  readonly etag: string
} & (
  | { readonly kind: 'rule'; readonly rule: Rule }
  | { readonly kind: 'head'; readonly head: Head }
  | {
      readonly kind: 'unusable'
      /** A sentence that states the row, the column, the actual and the expected value. */
      readonly problem: string
      readonly columns: Readonly<Record<string, unknown>>
    }
)

export type UnusableRow = Extract<ListRow, { kind: 'unusable' }>

/** All rows of the table except the log's, by `keyOfRow`. */
export type ListRows = ReadonlyMap<string, ListRow>

/** Unique, because no key contains a line break. */
export function keyOfRow({ partitionKey, rowKey }: Pick<ListRow, 'partitionKey' | 'rowKey'>): string {
  return `${partitionKey}\n${rowKey}`
}

/** Row key of an entry of the log; sorts by sequence. */
export function logKey(sequence: number): string {
  return `${logStart}${String(sequence).padStart(8, '0')}`
}

/** Classifies a row: a rule, the head of the list, or unusable. */
export function readRow({ columns, etag }: StoredRow): ListRow {
  const partitionKey = String(columns['partitionKey'])
  const rowKey = String(columns['rowKey'])
  if (etag === '') throw new Error(`row "${rowKey}" came without an ETag`)
  const place = { partitionKey, rowKey, etag }
  const isHead = partitionKey === rulePartition && rowKey === headKey
  const { rule, head, problem } = isHead
    ? { rule: undefined, ...headOfRow(columns) }
    : { head: undefined, ...ruleFromRow(columns) }
  if (rule) return { ...place, kind: 'rule', rule }
  if (head) return { ...place, kind: 'head', head }
  return { ...place, kind: 'unusable', problem, columns }
}

export function headIn(rows: ListRows): Extract<ListRow, { kind: 'head' }> | undefined {
  const row = rows.get(keyOfRow({ partitionKey: rulePartition, rowKey: headKey }))
  return row?.kind === 'head' ? row : undefined
}

/**
 * Filters that together find each row of the table once, except the log, which grows without end. They are split at
 * known rows, so that the parts of a long list are read at the same time.
 */
export function filtersOfList(known: ListRows): readonly string[] {
  const ruleKeys = Array.from(known.values())
    .flatMap((row) => (row.kind === 'rule' ? row.rowKey : []))
    .sort()
  const cuts = ruleKeys.filter((_, index) => index % rowsPerRange === 0 && index > 0)
  const ends = [...cuts, logStart]
  const ranges = ends.map((end, index) => {
    const from = ends[index - 1]
    return from === undefined
      ? odata`PartitionKey eq ${rulePartition} and RowKey lt ${end}`
      : odata`PartitionKey eq ${rulePartition} and RowKey ge ${from} and RowKey lt ${end}`
  })
  return [
    ...ranges,
    odata`PartitionKey eq ${rulePartition} and RowKey ge ${logEnd}`,
    odata`PartitionKey lt ${rulePartition}`,
    odata`PartitionKey gt ${rulePartition}`,
  ]
}

/** Filter for entries of the log, both ends included. */
export function filterOfLog(from: number, to: number): string {
  return odata`PartitionKey eq ${rulePartition} and RowKey ge ${logKey(from)} and RowKey le ${logKey(to)}`
}

/** Filter for the whole log when its length is unknown. */
export const filterOfWholeLog = odata`PartitionKey eq ${rulePartition} and RowKey ge ${logStart} and RowKey lt ${logEnd}`
