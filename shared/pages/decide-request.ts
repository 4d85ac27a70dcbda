import type { Decision, NotTaken } from '../decide/decide.ts'
import type { SignedIn } from '../domain/caller.ts'
import { maxReasonLength } from '../domain/choice.ts'
import { visible, visibleLines } from '../domain/printable.ts'
import { Refused } from '../http/refusals.ts'
import type { FormState } from './decision-view.ts'

/** What a form says, read strictly. @throws Refused for a form that no page of this app has. */
export function decisionIn(decisionId: string, form: URLSearchParams): Decision {
  const outcome = form.get('outcome')
  if (outcome !== 'approve' && outcome !== 'reject') throw new Refused('form-incomplete')
  const reason = typedIn(form, 'reason')
  return {
    decisionId,
    version: hashIn(form, 'version'),
    outcome,
    reason: reason === '' ? undefined : reason,
  }
}

/** A field in which a page sent the hash of what it showed. @throws Refused where it holds something else. */
export function hashIn(form: URLSearchParams, field: string): string {
  const hash = form.get(field) ?? ''
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new Refused('form-incomplete')
  return hash
}

/** What was typed into a field. Browsers send line ends as CR LF, and count them as one character. */
export function typedIn(form: URLSearchParams, field: string): string {
  return (form.get(field) ?? '').replaceAll('\r\n', '\n').trim()
}

/** @throws Refused for a machine: it has no page. */
export function personOf({ caller }: SignedIn) {
  if (caller.kind !== 'person') throw new Refused('role-not-sufficient', 'Pages decide for people only.')
  return caller
}

/** True when the person has decided just this already: a form that was sent twice, by a double click or a reload. */
export function isSentTwice(problem: NotTaken, { outcome, reason }: Decision, objectId: string): boolean {
  if (problem.kind !== 'refused') return false
  const { obstacle, found } = problem
  if (obstacle.code !== 'decision-under-way' && obstacle.code !== 'decided-already') return false
  return found.record.request.choices.some(
    (choice) =>
      choice.person?.objectId === objectId && choice.outcome === outcome && choice.reason === reason,
  )
}

/** Why a decision was not taken, what was typed, and the status of the response. */
export function notTaken(decided: NotTaken, reason: string): { form: FormState; status: number } {
  const { status, ...problem } = words(decided)
  return { form: { reason: visibleLines(reason), problem }, status }
}

function words(decided: NotTaken): { title: string; sentence: string; status: number } {
  switch (decided.kind) {
    case 'changed':
      return {
        title: 'Nothing was decided: the request has changed',
        sentence:
          'Something was recorded since this page was shown to you. Read what it shows now, and decide again. What you wrote is still there.',
        status: 409,
      }
    case 'reason-missing':
      return {
        title: 'Nothing was decided: the reason is missing',
        sentence: 'The rule requires a reason. Write one, and decide again.',
        status: 422,
      }
    case 'reason-too-long':
      return {
        title: 'Nothing was decided: the reason is too long',
        sentence: `At most ${maxReasonLength} characters fit. Shorten it, and decide again.`,
        status: 422,
      }
    case 'refused':
      return {
        title:
          decided.obstacle.code === 'approved-before'
            ? 'Your approval counts once'
            : 'Your decision was not taken',
        sentence: visible(decided.obstacle.sentence),
        status: decided.obstacle.code === 'not-an-approver' ? 403 : 409,
      }
  }
}
