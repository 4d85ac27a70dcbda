import { odata } from '@azure/data-tables'
import type { CaseMessage } from '../domain/case-message.ts'
import type { MessageRef } from '../ports/cases.ts'
import { type Row, type StoredRow, textColumn } from '../storage/guarded-table.ts'
import { caseMessageOf } from './case-rows.ts'
import { dueRow } from './due-index.ts'
import type { LedgerTable } from './indexes.ts'
import { type Place, placeOfRef } from './keys.ts'
import { schemaVersion } from './read-row.ts'
import { type ReportUnreadable, UnreadableRow } from './unreadable-row.ts'

const failedPartition = 'failed-messages'
const nobodyPartition = 'nobody-notified'

/** Keys of the row of a message. @throws RangeError for a text that names none. */
export function placeOfMessage(ref: MessageRef): Place {
  const place = placeOfRef(ref)
  if (!place) throw new RangeError(`"${ref}" names no message.`)
  return place
}

/** Index rows that a message has to have: of what is due, of what failed for good, and of what reached nobody. */
export function indexRowsOfMessage(
  ref: MessageRef,
  { settledAt, dueAt, state, nobodyAt }: CaseMessage,
): readonly Row[] {
  const row = (partitionKey: string) => ({ partitionKey, rowKey: ref, columns: { schemaVersion } })
  return [
    ...(settledAt === undefined ? [dueRow(ref, dueAt)] : []),
    ...(state === 'failed' ? [row(failedPartition)] : []),
    ...(nobodyAt === undefined ? [] : [row(nobodyPartition)]),
  ]
}

/** Writes the index rows that a step needs and that are not there already, before it. */
export async function announceMessage(
  index: LedgerTable,
  ref: MessageRef,
  before: CaseMessage | undefined,
  after: CaseMessage,
): Promise<void> {
  const there = before ? indexRowsOfMessage(ref, before) : []
  await Promise.all(without(indexRowsOfMessage(ref, after), there).map((row) => index.putDerived(row)))
}

/** Removes the index rows that a step has made stale, after it. */
export async function tidyMessage(
  index: LedgerTable,
  ref: MessageRef,
  before: CaseMessage,
  after: CaseMessage,
): Promise<void> {
  const stale = without(indexRowsOfMessage(ref, before), indexRowsOfMessage(ref, after))
  await Promise.all(stale.map((row) => index.removeDerived(row.partitionKey, row.rowKey)))
}

function without(rows: readonly Row[], others: readonly Row[]): readonly Row[] {
  return rows.filter(
    (row) => !others.some((other) => other.partitionKey === row.partitionKey && other.rowKey === row.rowKey),
  )
}

/** How many messages have reached nobody. An index row that its message does not bear out is left out. */
export async function countNobody(
  requests: LedgerTable,
  index: LedgerTable,
  report: ReportUnreadable,
): Promise<number> {
  let count = 0
  for await (const { message } of indexedMessages(requests, index, nobodyPartition, report))
    if (message.nobodyAt !== undefined) count += 1
  return count
}

/** A message, and what guards its next write. */
export interface ListedMessage {
  readonly ref: MessageRef
  readonly message: CaseMessage
  readonly etag: string
}

/** Messages that failed for good. */
export async function* failedMessages(
  requests: LedgerTable,
  index: LedgerTable,
  report: ReportUnreadable,
): AsyncGenerator<ListedMessage> {
  for await (const listed of indexedMessages(requests, index, failedPartition, report))
    if (listed.message.state === 'failed') yield listed
}

/** Messages that wait to be sent, the next one first, each once. */
export async function* waitingMessages(
  requests: LedgerTable,
  index: LedgerTable,
  report: ReportUnreadable,
): AsyncGenerator<ListedMessage> {
  const seen = new Set<MessageRef>()
  for await (const listed of indexedMessages(requests, index, 'due-messages', report)) {
    if (listed.message.settledAt !== undefined || seen.has(listed.ref)) continue
    seen.add(listed.ref)
    yield listed
  }
}

async function* indexedMessages(
  requests: LedgerTable,
  index: LedgerTable,
  partition: string,
  report: ReportUnreadable,
): AsyncGenerator<ListedMessage> {
  for await (const row of index.query(odata`PartitionKey eq ${partition}`)) {
    const ref = textColumn(row, 'rowKey').slice(-refLength)
    const listed = await messageAt(requests, ref, report)
    if (listed) yield listed
  }
}

const refLength = `case-${'0'.repeat(64)}:message:000001`.length

async function messageAt(
  requests: LedgerTable,
  ref: MessageRef,
  report: ReportUnreadable,
): Promise<ListedMessage | undefined> {
  const { partitionKey, rowKey } = placeOfMessage(ref)
  const row: StoredRow | undefined = await requests.read(partitionKey, rowKey)
  if (!row) return undefined
  try {
    return { ref, message: caseMessageOf(requests.name, row), etag: row.etag }
  } catch (error) {
    if (!(error instanceof UnreadableRow)) throw error
    report(error)
    return undefined
  }
}
