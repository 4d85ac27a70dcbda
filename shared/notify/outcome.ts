import { type Following, joinedAfter } from '../cases/join.ts'
import { riskOf } from '../cases/risk.ts'
import type { CaseMember } from '../domain/case-member.ts'
import type { Notification } from '../domain/notification.ts'
import type { JoinedCase } from '../ports/cases.ts'
import type { ClaimedNotification, FoundNotification } from '../ports/outbox.ts'
import type { DeliveryPorts } from './ports.ts'

/** An outcome or a reminder. */
export interface ClaimedFollowing extends ClaimedNotification {
  readonly notification: Notification & { readonly kind: Following['kind'] }
}

/** True for what follows a question. */
export function isFollowing(claimed: ClaimedNotification): claimed is ClaimedFollowing {
  return claimed.notification.kind !== 'question'
}

/**
 * Lets an outcome or a reminder join the cases of its questions, so that everybody who was notified learns of it; in one
 * group the newest case that was sent. None where nobody was notified yet: then nobody is. Undefined while a question is
 * still to be handed over: it comes first.
 */
export async function joinQuestions(
  ports: Pick<DeliveryPorts, 'outbox' | 'cases' | 'settings' | 'now'>,
  claimed: ClaimedFollowing,
): Promise<readonly JoinedCase[] | undefined> {
  const { outbox } = ports
  const ids = claimed.notification.about.toReversed()
  const found = await Promise.all(ids.map((id) => outbox.find(claimed.recordKey, id)))
  const questions = found.filter((one) => one !== undefined)
  if (questions.some(({ isDelivered }) => !isDelivered)) return undefined
  const places: JoinedCase[] = []
  for (const question of questions) {
    const place = await joinQuestion(ports, claimed, question)
    if (place) places.push(place)
  }
  return places
}

async function joinQuestion(
  { cases, settings, now }: Pick<DeliveryPorts, 'cases' | 'settings' | 'now'>,
  claimed: ClaimedFollowing,
  { notification: question, caseId }: FoundNotification,
): Promise<JoinedCase | undefined> {
  const group = caseId === undefined ? undefined : await cases.groupOfCase(caseId)
  if (!group) return undefined
  const { recordKey, notification } = claimed
  const { id, kind, sentence: outcome } = notification
  const about = { id, recordKey, notification: question }
  const following = { kind, isAlarm: question.severity === 'alarm' }
  const member: CaseMember =
    kind === 'outcome'
      ? {
          kind,
          ...about,
          outcome,
          at: now().toISOString(),
          ...(isStillOpen(notification) && { isExpired: true }),
        }
      : { kind, ...about, risk: await riskNow(cases, about) }
  return cases.join(group, member, (head, asked) => joinedAfter(head, asked, following, now(), settings))
}

async function riskNow(
  cases: DeliveryPorts['cases'],
  about: Pick<Extract<CaseMember, { kind: 'reminder' }>, 'id' | 'recordKey' | 'notification'>,
) {
  return riskOf(about.notification, await cases.entryOf({ kind: 'reminder', risk: 'normal', ...about }))
}

/** A question that expires carries its time; one that has ended does not. */
function isStillOpen({ expiresAt }: Notification): boolean {
  return expiresAt !== undefined
}
