import { z } from 'zod'
import type { Notification } from '../domain/notification.ts'
import type { Row, StoredRow } from '../storage/guarded-table.ts'
import { outboxRowKey, type Place } from './keys.ts'
import { json, orEmpty, readRow, schemaVersion } from './read-row.ts'
import { notificationSchema } from './schema.ts'
import { keyTime } from './schema-parts.ts'

/** A notification as stored in its row. */
export interface StoredNotification {
  readonly notification: Notification
  /** ISO 8601: not delivered before that. */
  readonly dueAt: string
  /** ISO 8601; undefined while it waits. */
  readonly deliveredAt: string | undefined
  /** How often delivering was begun. */
  readonly attempts: number
  /** Why it was not delivered at the last try; undefined when nothing went wrong. */
  readonly problem: string | undefined
  /** The case that it joined; undefined while it waits, and where an earlier version delivered it. */
  readonly joinedCase: string | undefined
}

/** The row of a notification before its first delivery. */
export function newOutboxRow(place: Place, notification: Notification, dueAt: string): Row {
  return outboxRow(place, {
    notification,
    dueAt,
    deliveredAt: undefined,
    attempts: 0,
    problem: undefined,
    joinedCase: undefined,
  })
}

export function outboxRow(place: Place, stored: StoredNotification): Row {
  const { notification, dueAt, deliveredAt = '', attempts, problem = '', joinedCase = '' } = stored
  return {
    ...place,
    columns: {
      schemaVersion,
      notification: JSON.stringify(notification),
      dueAt,
      deliveredAt,
      attempts,
      problem,
      joinedCase,
    },
  }
}

/** Keys of the notification that is written with an entry. */
export function outboxPlace(partitionKey: string, sequence: number): Place {
  return { partitionKey, rowKey: outboxRowKey(sequence) }
}

const fixOutbox = 'Otherwise delete the row, and inform the approvers yourself.'
const time = z.iso.datetime()
const outboxColumns = z.object({
  notification: json(notificationSchema),
  dueAt: keyTime,
  deliveredAt: orEmpty(time),
  attempts: z.int().min(0),
  problem: orEmpty(z.string()),
  joinedCase: orEmpty(z.string()).optional(),
})

/** @throws UnreadableRow */
export function storedNotificationOf(table: string, row: StoredRow): StoredNotification {
  const { joinedCase, ...stored } = readRow(table, row, outboxColumns, fixOutbox)
  return { ...stored, joinedCase }
}
