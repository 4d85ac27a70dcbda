import { odata } from '@azure/data-tables'
import type { CaseMember } from '../domain/case-member.ts'
import type { LogEntry } from '../domain/log-entry.ts'
import { isUnfinished, type Request } from '../domain/request.ts'
import type { MemberNow, MessageRef } from '../ports/cases.ts'
import type { StoredRow } from '../storage/guarded-table.ts'
import { inParallel } from '../storage/in-parallel.ts'
import { placeOfMessage } from './case-index.ts'
import { memberOf } from './case-rows.ts'
import type { LedgerTable } from './indexes.ts'
import { memberRowKey, placeOfDecision, stateRowKey } from './keys.ts'
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
      isOver: await isOver(requests, member, report),
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
 * True for a question that was decided or withdrawn since, or that has another notification by now. What should not have
 * happened is said in any case.
 */
async function isOver(requests: LedgerTable, member: CaseMember, report: ReportUnreadable): Promise<boolean> {
  if (member.kind !== 'request') return false
  const { notification } = member
  if (notification.severity === 'alarm' && notification.caseId === undefined) return false
  const row = await requests.read(member.recordKey, stateRowKey)
  const record = row && orReported(report, () => recordOf(requests.name, row))
  return record !== undefined && isOverBy(record.request, notification.id)
}

function isOverBy({ state }: Pick<Request, 'state'>, notificationId: string): boolean {
  return state.name === 'open' ? state.notificationId !== notificationId : !isUnfinished({ state })
}
