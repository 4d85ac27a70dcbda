import { z } from 'zod'
import type { CaseHead, MessageSeries } from '../domain/case-head.ts'
import type { CaseMember } from '../domain/case-member.ts'
import type { CaseMessage } from '../domain/case-message.ts'
import type { Row, StoredRow } from '../storage/guarded-table.ts'
import { headRowKey, joinedRowKey, memberRowKey, messageRowKey } from './keys.ts'
import { json, orEmpty, readRow, schemaVersion } from './read-row.ts'
import { notificationSchema } from './schema.ts'
import { absent, earlier, exactly, keyTime, list, maybe, shape } from './schema-parts.ts'

const time = z.iso.datetime()
const number = z.int().min(0)
const fixCase = 'Otherwise delete the rows of this partition, and inform the approvers yourself.'

const seriesFields = {
  open: maybe(shape({ number, sendAt: keyTime })),
  count: number,
  closedAt: maybe(time),
}
const series = shape(seriesFields)
const noMessages: MessageSeries = { open: undefined, count: 0, closedAt: undefined }
const following = z.enum(['outcomes', 'reminders'])

const recipients = z.discriminatedUnion('kind', [
  shape({
    kind: z.literal('route'),
    name: maybe(z.string()),
    tags: list(shape({ name: z.string(), value: z.string() })),
  }),
  shape({ kind: z.literal('recipient'), channel: z.string(), address: maybe(z.string()) }),
])

const headSchema = exactly<CaseHead>()(
  shape({
    group: shape({
      kind: z.enum(['burst', 'competing-claims', 'target', 'requester', 'subscription', 'recipient']),
      name: z.string(),
      source: z.string(),
      to: recipients,
    }),
    caseNumber: number,
    firstMessage: number,
    lastMessage: number,
    questions: series,
    outcomes: series,
    reminders: earlier(series, noMessages),
    earlierCases: earlier(list(shape({ ...seriesFields, caseNumber: number, name: following })), []),
    joinedAt: time,
  }),
)

const memberSchema = exactly<CaseMember>()(
  z.discriminatedUnion('kind', [
    shape({
      kind: z.literal('request'),
      id: z.string(),
      risk: z.enum(['normal', 'high']),
      recordKey: z.string(),
      notification: notificationSchema,
    }),
    shape({
      kind: z.literal('reminder'),
      id: z.string(),
      risk: z.enum(['normal', 'high']),
      recordKey: z.string(),
      notification: notificationSchema,
    }),
    shape({
      kind: z.literal('outcome'),
      id: z.string(),
      recordKey: z.string(),
      notification: notificationSchema,
      outcome: z.string(),
      at: time,
      isExpired: absent(z.literal(true)),
    }),
    shape({ kind: z.literal('message'), id: z.string(), ref: z.string() }),
  ]),
)

const deliveryState = z.discriminatedUnion('name', [
  shape({
    name: z.literal('waiting'),
    notBefore: time,
    attempts: number,
    failingSince: maybe(time),
    isRefused: z.boolean(),
    problem: maybe(z.string()),
  }),
  shape({ name: z.literal('sent'), at: time, reference: maybe(z.string()) }),
  shape({ name: z.literal('in-digest'), at: time }),
  shape({ name: z.literal('failed'), at: time, attempts: number, problem: z.string() }),
  shape({ name: z.literal('discarded'), at: time }),
])

const change = shape({
  at: time,
  by: z.string(),
  action: z.enum(['retry', 'discard']),
  reason: maybe(z.string()),
})

const messageColumns = exactly<CaseMessage>()(
  z.object({
    number,
    caseNumber: number,
    firstMessage: number,
    series: z.enum(['questions', ...following.options]),
    kind: z.enum(['question', 'follow-up', 'digest', 'reminder', 'outcome', 'alarm', 'test']),
    state: z.enum(['waiting', 'sent', 'failed', 'dropped', 'discarded']),
    openedAt: time,
    dueAt: keyTime,
    settledAt: orEmpty(time),
    attempts: number,
    deliveries: json(list(shape({ channel: z.string(), state: deliveryState }))),
    nobodyAt: orEmpty(time),
    problem: orEmpty(z.string()),
    changes: json(list(change)),
  }),
)

export function headRow(partitionKey: string, head: CaseHead): Row {
  return { partitionKey, rowKey: headRowKey, columns: { schemaVersion, head: JSON.stringify(head) } }
}

/** @throws UnreadableRow */
export function headOf(table: string, row: StoredRow): CaseHead {
  return readRow(table, row, z.object({ head: json(headSchema) }), fixCase).head
}

export function messageRow(partitionKey: string, message: CaseMessage): Row {
  const { settledAt = '', nobodyAt = '', problem = '', deliveries, changes, ...plain } = message
  return {
    partitionKey,
    rowKey: messageRowKey(message.number),
    columns: {
      schemaVersion,
      ...plain,
      ...{ settledAt, nobodyAt, problem },
      deliveries: JSON.stringify(deliveries),
      changes: JSON.stringify(changes),
    },
  }
}

/** @throws UnreadableRow */
export function caseMessageOf(table: string, row: StoredRow): CaseMessage {
  return readRow(table, row, messageColumns, fixCase)
}

export function memberRow(partitionKey: string, message: number, member: CaseMember): Row {
  return {
    partitionKey,
    rowKey: memberRowKey(message, member.id),
    columns: { schemaVersion, member: JSON.stringify(member) },
  }
}

/** @throws UnreadableRow */
export function memberOf(table: string, row: StoredRow): CaseMember {
  return readRow(table, row, z.object({ member: json(memberSchema) }), fixCase).member
}

/** Where something joined, so that it joins once. */
export interface JoinedPlace {
  /** 0: none, as the message of its burst was sent already. */
  readonly message: number
  readonly caseNumber: number
  readonly isFirst: boolean
}

export function joinedRow(partitionKey: string, memberId: string, place: JoinedPlace): Row {
  return { partitionKey, rowKey: joinedRowKey(memberId), columns: { schemaVersion, ...place } }
}

const joinedColumns = z.object({ message: number, caseNumber: number, isFirst: z.boolean() })

/** @throws UnreadableRow */
export function joinedPlaceOf(table: string, row: StoredRow): JoinedPlace {
  return readRow(table, row, joinedColumns, fixCase)
}
