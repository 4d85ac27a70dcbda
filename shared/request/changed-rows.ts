import { isByRefusedRule, isChanged, isEscalated, isNewQuestion, staysOnHold } from './conditions.ts'
import { asked, heldOver, noticeOf, stillHeld, stillRefused } from './drafts.ts'
import type { BurstCase, Evaluated } from './step.ts'
import { type At, type DraftParts, type Row, row } from './table.ts'

const changed = 'other group ids or another message than before'
const changedWords = 'Its group ids or its message have changed since the last notification.'
const own = { severity: 'question', isOfCase: false } as const

/** True when the policy or a hold leaves an open request to people, who have seen other group ids or another message. */
function isOtherThanSeen(request: At<'open'>, evaluated: Evaluated): boolean {
  const isLeft = isEscalated(evaluated) || staysOnHold(request, evaluated)
  return isLeft && isChanged(request, evaluated.connection)
}

/** Of a burst of changes, a member of a burst case stays in its case: without it, the case might end. */
function otherThanSeen(request: At<'open'>, evaluated: Evaluated, burst?: BurstCase): DraftParts<'open'> {
  const isHeld = !isEscalated(evaluated)
  const draft = asked(isHeld ? stillHeld(request, evaluated) : evaluated, request.hold ? undefined : burst)
  const notice = burst ? noticeOf(burst) : own
  return { ...draft, notice, change: changedWords }
}

/** An open request has become another question, or shows people something else than what they were notified of. */
export const changedWhileEvaluated: readonly Row[] = [
  row(['open'], 'evaluated', {
    when: 'escalate, a new question',
    holds: (request, { evaluated }, moment) =>
      isEscalated(evaluated) && isNewQuestion(request, evaluated, moment),
    writes: {
      entry: 'escalated',
      to: 'open',
      draft: (_, { evaluated }) => asked(evaluated),
    },
    effect: 'end',
  }),
  row(['open'], 'evaluated', {
    when: `approve or reject, by a rule that Azure refused before, ${changed}`,
    holds: (request, { evaluated }, moment) =>
      !isEscalated(evaluated) &&
      isByRefusedRule(request, evaluated, moment) &&
      isChanged(request, evaluated.connection),
    writes: {
      entry: 'escalated',
      to: 'open',
      draft: (request, { evaluated }) => ({ ...stillRefused(request, evaluated), change: changedWords }),
    },
    effect: 'end',
  }),
  row(['open'], 'evaluated', {
    when: `escalate or on hold, ${changed}`,
    holds: (request, { evaluated }) => isOtherThanSeen(request, evaluated),
    effect: 'count-as-question',
  }),
]

/** As above, counted: many changes at once are one case. */
export const changedWhenCounted: readonly Row[] = [
  row(['open'], 'within-limits', {
    when: `escalate or on hold, ${changed}`,
    holds: (request, { evaluated }) => isOtherThanSeen(request, evaluated),
    writes: {
      entry: 'escalated',
      to: 'open',
      draft: (request, { evaluated }) => otherThanSeen(request, evaluated),
    },
    effect: 'end',
  }),
  row(['open'], 'over-limit', {
    when: `escalate or on hold, ${changed}`,
    holds: (request, { evaluated }) => isOtherThanSeen(request, evaluated),
    writes: {
      entry: 'escalated',
      to: 'open',
      draft: (request, { evaluated, burst }) => otherThanSeen(request, evaluated, burst),
    },
    effect: 'end',
  }),
  row(['open'], 'over-limit', {
    when: `approve or reject, released from a hold, ${changed}`,
    holds: (request, { evaluated }) => request.hold !== undefined && isChanged(request, evaluated.connection),
    writes: {
      entry: 'escalated',
      to: 'open',
      draft: (request, { evaluated, burst }) => {
        return { ...heldOver(request, evaluated, burst), notice: own, change: changedWords }
      },
    },
    effect: 'end',
  }),
]
