import type { Notification } from '../../domain/notification.ts'
import type { Log } from '../../ports/log.ts'
import type { NotificationLog } from '../../ports/notification-log.ts'

/** The log lines that operators alert on: one message for each kind of notification, with its facts. */
export class NotificationLines implements NotificationLog {
  readonly #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  write(notification: Notification): Promise<void> {
    const { id, severity, code, sentence, decisionId, targetId, connectionId, caseId, since } = notification
    const facts = {
      metric: 'notification',
      ...{ id, decisionId, code, sentence, target: targetId, connection: connectionId, since, caseId },
    }
    const message = messageOf(notification)
    if (severity === 'alarm') this.#log.error(message, facts)
    else this.#log.warn(message, facts)
    return Promise.resolve()
  }
}

function messageOf({ severity, caseId, connectionId, code }: Notification): string {
  if (caseId !== undefined) return 'Too many requests came at once; they wait for manual review as one case.'
  if (code === 'azure-fails') return 'Azure has failed at a target for half an hour; its requests may wait.'
  if (connectionId === undefined)
    return 'The connections of a target cannot be read; manual review is needed.'
  return severity === 'alarm'
    ? 'A request waits for manual review: something happened that should not.'
    : 'A request waits for manual review.'
}
