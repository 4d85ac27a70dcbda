import { chosenOutcome } from '../domain/choice.ts'
import { expiryOf } from '../domain/expiry.ts'
import type { Notification } from '../domain/notification.ts'
import { connectionIdOf, isUnfinished, type Request, type RequestState } from '../domain/request.ts'
import { boundedReason } from './bounded.ts'
import { outcomeSentence } from './outcome.ts'
import type { Draft } from './step.ts'

/**
 * Of a question that is opened, that people are reminded of, or that expires; of an outcome where people were notified of
 * the question. The only place where notifications are made.
 * @param entryId of the entry that is written with it.
 * @param words what people read before the reason of a question.
 */
export function notificationOf(
  request: Request,
  draft: Draft,
  entryId: string,
  words: readonly (string | undefined)[],
): Notification | undefined {
  const { state, notified } = request
  if (state.name === 'open') {
    if (draft.kind === 'reminded') return following(request, draft, entryId, [state.notificationId])
    // A rejection is said once it is applied.
    if (draft.kind === 'expired' && chosenOutcome(request.choices) === undefined)
      return following(request, draft, entryId, notified)
    return draft.asked ? undefined : questionTo(request, state, draft, words)
  }
  if (isUnfinished(request) || notified.length === 0) return undefined
  const reason = boundedReason({ code: draft.reason.code, sentence: outcomeSentence(request) })
  return following(request, { ...draft, reason }, entryId, notified)
}

function questionTo(
  request: Request,
  { notificationId }: Extract<RequestState, { name: 'open' }>,
  { notice, reason: { code, sentence } }: Draft,
  words: readonly (string | undefined)[],
): Notification {
  return {
    ...factsOf(request),
    id: notificationId,
    kind: 'question',
    severity: notice.severity,
    ...boundedReason({ code, sentence: [...words.filter(Boolean), sentence].join(' ') }),
    caseId: notice.isOfCase ? request.caseId : undefined,
    about: [],
  }
}

/** A reminder or an outcome: its id is that of its own entry. */
function following(
  request: Request,
  { kind, reason }: Draft,
  entryId: string,
  about: readonly string[],
): Notification {
  return {
    ...factsOf(request),
    id: entryId,
    kind: kind === 'reminded' ? 'reminder' : 'outcome',
    severity: 'question',
    ...reason,
    caseId: undefined,
    about,
  }
}

function factsOf({ subject, decisionId, firstSeenAt, state }: Request) {
  const connectionId = connectionIdOf(subject)
  const expiry = state.name === 'open' ? expiryOf(state) : {}
  return { decisionId, targetId: subject.targetId, connectionId, since: firstSeenAt, ...expiry }
}
