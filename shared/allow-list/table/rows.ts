import { odata } from '@azure/data-tables'
import type { Revision, Rule } from '../../domain/rule.ts'
import type { StoredRow } from '../../storage/guarded-table.ts'
import { idOf } from '../rule/content.ts'
import type { Form, ListName } from '../rule/form.ts'
import type { ChannelContent, RouteContent } from '../routing/content.ts'
import { forms } from '../routing/forms.ts'
import { type Head, headKey, headOfRow } from './head.ts'
import { itemFromRow } from './row.ts'

export const rulePartition = 'rule'

/**
 * Keys of the list's own rows begin with `~`: no rule id contains it, and it sorts after all characters of rule ids.
 */
const logStart = '~log:'
const logEnd = '~log;'
const rowsPerRange = 900
const routingLists = ['channels', 'routes'] as const

/** A row of the allow-list table as it was read. Rows of the log are not included. */
export type ListRow = {
  readonly partitionKey: string
  readonly rowKey: string
  readonly etag: string
} & (
  | { readonly kind: 'rules'; readonly item: Rule }
  | { readonly kind: 'channels'; readonly item: ChannelContent & Revision }
  | { readonly kind: 'routes'; readonly item: RouteContent & Revision }
  | { readonly kind: 'head'; readonly head: Head }
  | {
      readonly kind: 'unusable'
      /** What is less than whole for want of it: a bad channel or route stops no rule. */
      readonly concerns: 'rules' | 'routing'
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

/** Row key of a rule, channel or route. Unique among all of them: no id of a rule begins with `~`. */
export function keyOfItem(form: Form, item: object): string {
  return `${form.keyPrefix}${idOf(form, item)}`
}

/** The list that a row key belongs to. */
export function listOfKey(rowKey: string): ListName {
  return routingLists.find((list) => rowKey.startsWith(forms[list].keyPrefix)) ?? 'rules'
}

/** Classifies a row: a rule, channel or route, the head of the list, or unusable. */
export function readRow({ columns, etag }: StoredRow): ListRow {
  const partitionKey = String(columns['partitionKey'])
  const rowKey = String(columns['rowKey'])
  if (etag === '') throw new Error(`row "${rowKey}" came without an ETag`)
  const place = { partitionKey, rowKey, etag }
  if (partitionKey === rulePartition && rowKey === headKey) {
    const { head, problem } = headOfRow(columns)
    return head
      ? { ...place, kind: 'head', head }
      : { ...place, kind: 'unusable', concerns: 'rules', problem, columns }
  }
  // A row of another partition may be a rule with a mistyped key, whatever its row key is.
  const list = partitionKey === rulePartition ? listOfKey(rowKey) : 'rules'
  return { ...place, ...readers[list](columns) }
}

type Read = DistributiveOmit<ListRow, 'partitionKey' | 'rowKey' | 'etag'>
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

const readers: Readonly<Record<ListName, (columns: StoredRow['columns']) => Read>> = {
  rules(columns) {
    const { item, problem } = itemFromRow(forms.rules, columns)
    return item ? { kind: 'rules', item } : { kind: 'unusable', concerns: 'rules', problem, columns }
  },
  channels(columns) {
    const { item, problem } = itemFromRow(forms.channels, columns)
    return item ? { kind: 'channels', item } : { kind: 'unusable', concerns: 'routing', problem, columns }
  },
  routes(columns) {
    const { item, problem } = itemFromRow(forms.routes, columns)
    return item ? { kind: 'routes', item } : { kind: 'unusable', concerns: 'routing', problem, columns }
  },
}

/** The items of one list among the rows. */
export function itemsOf<List extends ListName>(rows: ListRows, list: List): readonly ItemOf<List>[] {
  return Array.from(rows.values()).flatMap((row) => (row.kind === list ? [row.item as ItemOf<List>] : []))
}

/** What a row of the list holds. */
export type ItemOf<List extends ListName> = Extract<ListRow, { kind: List }>['item']

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
    .flatMap((row) => (row.kind === 'rules' ? row.rowKey : []))
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
