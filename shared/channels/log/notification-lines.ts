import type { Notification } from '../../domain/notification.ts'
import type { Log } from '../../ports/log.ts'
import type { NotificationLog } from '../../ports/notification-log.ts'

/**
 * The log lines that operators alert on: one message for each kind of notification, with its facts. Outcomes and
 * reminders have a metric of their own, and an outcome is no warning.
 */
export class NotificationLines implements NotificationLog {
  readonly #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  write(notification: Notification): Promise<void> {
    const { id, kind, severity, code, sentence, decisionId, targetId, connectionId, caseId, since } =
      notification
    const facts = {
      metric: metrics[kind],
      ...{ id, decisionId, code, sentence, target: targetId, connection: connectionId, since, caseId },
    }
    const message = messageOf(notification)
    if (kind === 'outcome') this.#log.info(message, facts)
    else if (severity === 'alarm') this.#log.error(message, facts)
    else this.#log.warn(message, facts)
    return Promise.resolve()
  }
}

const metrics = {
  question: 'notification',
  reminder: 'notification.reminder',
  outcome: 'notification.outcome',
} as const satisfies Record<Notification['kind'], string>

function messageOf({ kind, severity, caseId, connectionId, code, expiresAt }: Notification): string {
  if (kind === 'outcome' && expiresAt !== undefined)
    return 'Nobody decided a request in time; it stays Pending.'
  if (kind === 'outcome') return 'A request of which people were notified has ended.'
  if (kind === 'reminder') return 'A request still waits for manual review.'
  if (caseId !== undefined) return 'Too many requests came at once; they wait for manual review as one case.'
  if (code === 'azure-fails') return 'Azure has failed at a target for half an hour; its requests may wait.'
  if (connectionId === undefined)
    return 'The connections of a target cannot be read; manual review is needed.'
  return severity === 'alarm'
    ? 'A request waits for manual review: something happened that should not.'
    : 'A request waits for manual review.'
}
