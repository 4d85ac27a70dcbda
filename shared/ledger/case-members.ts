import { odata } from '@azure/data-tables'
import type { CaseMember } from '../domain/case-member.ts'
import type { LogEntry } from '../domain/log-entry.ts'
import { isNotificationOver } from '../domain/request.ts'
import type { MemberNow, MessageRef } from '../ports/cases.ts'
import type { StoredRow } from '../storage/guarded-table.ts'
import { inParallel } from '../storage/in-parallel.ts'
import { placeOfMessage } from './case-index.ts'
import { caseMessageOf, joinedPlaceOf, memberOf } from './case-rows.ts'
import type { LedgerTable } from './indexes.ts'
import { joinedRowKey, memberRowKey, messageRowKey, placeOfDecision, stateRowKey } from './keys.ts'
import { chainedOf, recordOf } from './rows.ts'
import { orReported, type ReportUnreadable } from './unreadable-row.ts'

const atOnce = 16

/**
 * What a message is about, a few at a time: a case may have thousands. An unreadable row is reported; a request whose
 * record cannot be read is not over.
 */
export async function* membersOfMessage(
  requests: LedgerTable,
  ref: MessageRef,
  report: ReportUnreadable,
): AsyncGenerator<MemberNow> {
  const { partitionKey, rowKey } = placeOfMessage(ref)
  const start = memberRowKey(Number(rowKey.slice(-6)), '')
  const filter = odata`PartitionKey eq ${partitionKey} and RowKey ge ${start} and RowKey lt ${`${start.slice(0, -1)};`}`
  let rows: StoredRow[] = []
  const read = async () => {
    const members = rows.flatMap((row) => orReported(report, () => [memberOf(requests.name, row)]) ?? [])
    rows = []
    return inParallel(members, atOnce, async (member) => ({
      member,
      isOver: await isOver(requests, partitionKey, member, report),
    }))
  }
  for await (const row of requests.query(filter)) {
    rows.push(row)
    if (rows.length === atOnce) yield* await read()
  }
  yield* await read()
}

/** The decision of a member; undefined: there is none, or it cannot be read. */
export async function entryOfMember(
  requests: LedgerTable,
  member: CaseMember,
  report: ReportUnreadable,
): Promise<LogEntry | undefined> {
  if (member.kind === 'message') return undefined
  const place = placeOfDecision(member.notification.decisionId)
  const row = place && (await requests.read(member.recordKey, place.rowKey))
  const entry = row && orReported(report, () => chainedOf(requests.name, row).entry)
  return entry?.decisionId === member.notification.decisionId ? entry : undefined
}

/**
 * True for a question that was decided or withdrawn since, or after which people were notified of another one, and for
 * an outcome whose question was not sent. What should not have happened is said in any case.
 */
async function isOver(
  requests: LedgerTable,
  partitionKey: string,
  member: CaseMember,
  report: ReportUnreadable,
): Promise<boolean> {
  if (member.kind === 'message') return false
  const { notification } = member
  const isAlarm = notification.severity === 'alarm' && notification.caseId === undefined
  if (isAlarm && member.kind !== 'reminder') return false
  if (member.kind === 'outcome') return !(await isSent(requests, partitionKey, notification.id))
  const row = await requests.read(member.recordKey, stateRowKey)
  const record = row && orReported(report, () => recordOf(requests.name, row))
  return record !== undefined && isNotificationOver(record.request, notification.id)
}

/**
 * True when some channel took the message with the question, or it is named in a digest; also when a host died while it
 * sent the message, as nobody knows then.
 */
async function isSent(requests: LedgerTable, partitionKey: string, questionId: string): Promise<boolean> {
  const joined = await requests.read(partitionKey, joinedRowKey(questionId))
  // What joins a burst case after its message, which is the first of its group, is part of none.
  const number = (joined && joinedPlaceOf(requests.name, joined).message) || 1
  const row = await requests.read(partitionKey, messageRowKey(number))
  if (!row) return false
  const { deliveries, attempts, state: messageState } = caseMessageOf(requests.name, row)
  if (deliveries.length === 0) return attempts > (messageState === 'dropped' ? 1 : 0)
  return deliveries.some(({ state }) => state.name === 'sent' || state.name === 'in-digest')
}
