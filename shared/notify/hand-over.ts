import { groupOf } from '../cases/group.ts'
import { joined } from '../cases/join.ts'
import { riskOf } from '../cases/risk.ts'
import { recipientsFor, routeFacts } from '../cases/routes.ts'
import type { CaseMember } from '../domain/case-member.ts'
import type { GroupRecipients } from '../domain/group.ts'
import type { Notification } from '../domain/notification.ts'
import { routeNeeds } from '../domain/route.ts'
import type { JoinedCase } from '../ports/cases.ts'
import type { ClaimedNotification, OutboxRef } from '../ports/outbox.ts'
import { backoffSeconds } from './backoff.ts'
import { type ClaimedFollowing, isFollowing, joinQuestions } from './outcome.ts'
import type { DeliveryPorts } from './ports.ts'

type Request = Extract<CaseMember, { readonly kind: 'request' }>

/**
 * Hands a notification over to its case, or an outcome and a reminder to those of their questions, if it is due and not
 * claimed, and into the log. It is sent with the case.
 * @throws Error when the outbox or the cases cannot be read or written.
 */
export async function handOver(ports: DeliveryPorts, ref: OutboxRef): Promise<readonly JoinedCase[]> {
  const claimed = await ports.outbox.claim(ref)
  if (!claimed) return []
  if (isFollowing(claimed)) return follow(ports, claimed)
  const place = await joinCase(ports, claimed)
  const line = lineOf(claimed.notification, place)
  if (!line || (await isLogged(ports, claimed, line))) await ports.outbox.delivered(claimed, place.caseId)
  return [place]
}

async function follow(ports: DeliveryPorts, claimed: ClaimedFollowing): Promise<readonly JoinedCase[]> {
  const places = await joinQuestions(ports, claimed)
  if (!places) {
    const afterSeconds = backoffSeconds(claimed.attempts, ports.random())
    await ports.outbox.failed(claimed, afterSeconds, 'Its question has not joined a case yet.')
    return []
  }
  if (await isLogged(ports, claimed, claimed.notification))
    await ports.outbox.delivered(claimed, places[0]?.caseId)
  return places
}

async function joinCase(
  ports: DeliveryPorts,
  { notification, recordKey }: ClaimedNotification,
): Promise<JoinedCase> {
  const { cases, settings } = ports
  const member = {
    kind: 'request',
    id: notification.id,
    recordKey,
    notification,
    risk: 'normal',
  } satisfies Request
  const entry = await cases.entryOf(member)
  const risk = riskOf(notification, entry)
  const group = groupOf(
    notification,
    entry,
    await recipientsNow(ports, () => routeFacts(notification, entry, risk)),
  )
  const place = await cases.join(group, { ...member, risk }, (head) =>
    joined(head, { group, risk }, ports.now(), settings),
  )
  if (!place) throw new Error('A notification joined no case.')
  return place
}

/** While the routes cannot be read, the default route: nothing must wait for a list of rules that is broken. */
async function recipientsNow(
  { routes, log }: DeliveryPorts,
  facts: () => Parameters<typeof recipientsFor>[1],
): Promise<GroupRecipients> {
  try {
    const { routing } = await routes.current()
    const known = facts()
    if (known.targetTags === undefined && routeNeeds(routing).tags)
      log.warn('The tags of a target are not known; routes by tag do not apply.', {
        metric: 'notification.route',
        target: known.targetId,
      })
    return recipientsFor(routing, known)
  } catch (error) {
    log.error('The routes of notifications cannot be read; the default route is used.', {
      metric: 'notification.route',
      error: String(error),
    })
    return { kind: 'route', name: undefined, tags: [] }
  }
}

/** What the log says: each notification, and a burst case once. */
function lineOf(notification: Notification, { isFirst }: JoinedCase): Notification | undefined {
  const { caseId } = notification
  if (caseId === undefined) return notification
  return isFirst ? { ...notification, id: caseId } : undefined
}

/** Says it in the log; false when that failed and is tried again. */
async function isLogged(
  { outbox, notificationLog, log, random }: DeliveryPorts,
  claimed: ClaimedNotification,
  notification: Notification,
): Promise<boolean> {
  try {
    await notificationLog.write(notification)
    return true
  } catch (error) {
    const afterSeconds = backoffSeconds(claimed.attempts, random())
    log.error('A notification could not be delivered; it is tried again.', {
      metric: 'outbox.failed',
      id: notification.id,
      decisionId: notification.decisionId,
      attempts: claimed.attempts + 1,
      afterSeconds: Math.round(afterSeconds),
      error: String(error),
    })
    await outbox.failed(claimed, afterSeconds, String(error))
    return false
  }
}
