import { joinedOutcome } from '../cases/join.ts'
import type { Notification } from '../domain/notification.ts'
import type { JoinedCase } from '../ports/cases.ts'
import { announce } from './announce.ts'
import type { DeliveryPorts } from './ports.ts'

/** What became of a request of which people were notified. */
export interface Outcome {
  /** The same id is the same outcome. */
  readonly id: string
  readonly recordKey: string
  /** The notification with the question. */
  readonly notification: Notification
  /** One sentence. */
  readonly outcome: string
}

/**
 * Lets an outcome join the case of its question, so that everybody who was notified learns of it. Undefined when nobody
 * was notified yet: then nobody is.
 */
export async function joinOutcome(ports: DeliveryPorts, outcome: Outcome): Promise<JoinedCase | undefined> {
  const { outbox, cases, settings, now } = ports
  const caseId = await outbox.caseOf(outcome.recordKey, outcome.notification.id)
  const group = caseId === undefined ? undefined : await cases.groupOfCase(caseId)
  if (!group) return undefined
  const member = { kind: 'outcome', ...outcome, at: now().toISOString() } as const
  const place = await cases.join(group, member, (head, asked) => joinedOutcome(head, asked, now(), settings))
  if (place) await announce(ports, place)
  return place
}
