import type { Request } from '../domain/request.ts'
import {
  isByRefusedRule,
  isChanged,
  isEscalated,
  isNewQuestion,
  maxChanges,
  staysOnHold,
} from './conditions.ts'
import { asked, asHeld, heldOver, noticeOf, refusedSentence, stillHeld } from './drafts.ts'
import type { BurstCase, Evaluated } from './step.ts'
import { type At, type DraftParts, type Row, row } from './table.ts'

const changed = 'other group ids or another message than before'
const changedWords = 'Its group ids or its message have changed since the last notification.'
const lastWords = 'Further changes are not notified: before you decide, read what Azure shows.'
const own = { severity: 'question', isOfCase: false } as const

/** True when the policy or a hold leaves an open request to people, who have seen other group ids or another message. */
function isOtherThanSeen(request: At<'open'>, evaluated: Evaluated): boolean {
  const isLeft = isEscalated(evaluated) || staysOnHold(request, evaluated)
  return isLeft && isChanged(request, evaluated.connection)
}

/** People are notified anew of an open request: the last time, they read that it was the last. */
function anew(
  request: Request,
  draft: DraftParts<'open'>,
  { words = [], counts = 1 }: { readonly words?: readonly string[]; readonly counts?: number } = {},
): DraftParts<'open'> {
  const changes = request.changes + counts
  const first = changes >= maxChanges ? [...words, lastWords] : words
  const reason = { ...draft.reason, sentence: [...first, draft.reason.sentence].join(' ') }
  return { ...draft, reason, memory: { ...draft.memory, changes } }
}

/** Of a burst of changes, a member of a burst case stays in its case: without it, the case might end. */
function otherThanSeen(request: At<'open'>, evaluated: Evaluated, burst?: BurstCase): DraftParts<'open'> {
  const isHeld = !isEscalated(evaluated)
  const draft = asked(isHeld ? stillHeld(request, evaluated) : evaluated, request.hold ? undefined : burst)
  const notice = burst ? noticeOf(burst) : own
  return anew(request, { ...draft, notice }, { words: [changedWords] })
}

/** The question stays that of a refusal, so that the decision is sent again in time. */
function refusedOther(request: At<'open'>, evaluated: Evaluated): DraftParts<'open'> {
  const { refused, reason } = request
  const sentence = refused ? refusedSentence(refused) : reason.sentence
  const draft = asked(asHeld(evaluated, { code: 'refused-by-azure', sentence }))
  const state = { name: 'open', cause: { kind: 'refused' } } as const
  return anew(request, { ...draft, state }, { words: [changedWords] })
}

/** An open request has become another question, or shows people something else than what they were notified of. */
export const changedWhileEvaluated: readonly Row[] = [
  row(['open'], 'evaluated', {
    when: 'escalate, a new question',
    holds: (request, { evaluated }) => isEscalated(evaluated) && isNewQuestion(request, evaluated),
    writes: {
      entry: 'escalated',
      to: 'open',
      draft: (request, { evaluated }) => {
        const counts = evaluated.verdict.ruleSetHash === request.ruleSetHash ? 1 : 0
        return anew(request, asked(evaluated), { counts })
      },
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
      draft: (request, { evaluated }) => refusedOther(request, evaluated),
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
        const draft = heldOver(request, evaluated, burst)
        return anew(request, { ...draft, notice: own }, { words: [changedWords] })
      },
    },
    effect: 'end',
  }),
]
