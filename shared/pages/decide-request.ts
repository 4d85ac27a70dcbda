import type { Decided, Decision } from '../decide/decide.ts'
import type { SignedIn } from '../domain/caller.ts'
import { maxReasonLength } from '../domain/choice.ts'
import { visible } from '../domain/printable.ts'
import { Refused } from '../http/refusals.ts'
import type { FormState } from './decision-view.ts'

/** What a form says, read strictly. @throws Refused for a form that no page of this app has. */
export function decisionIn(decisionId: string, form: URLSearchParams): Decision {
  const outcome = form.get('outcome')
  const version = form.get('version') ?? ''
  if (outcome !== 'approve' && outcome !== 'reject') throw new Refused('form-incomplete')
  if (!/^[0-9a-f]{64}$/.test(version)) throw new Refused('form-incomplete')
  // Browsers send line ends as CR LF, and count them as one character.
  const reason = (form.get('reason') ?? '').replaceAll('\r\n', '\n').trim()
  return { decisionId, version, outcome, reason: reason === '' ? undefined : reason }
}

/** @throws Refused for a machine: it has no page. */
export function personOf({ caller }: SignedIn) {
  if (caller.kind !== 'person') throw new Refused('role-not-sufficient', 'Pages decide for people only.')
  return caller
}

type NotTaken = Exclude<Decided, { kind: 'chosen' | 'not-found' }>

/** Why a decision was not taken, what was typed, and the status of the response. */
export function notTaken(decided: NotTaken, reason: string): { form: FormState; status: number } {
  const { status, ...problem } = words(decided)
  return { form: { reason: visible(reason), problem }, status }
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
        title: 'Your decision was not taken',
        sentence: visible(decided.obstacle.sentence),
        status: decided.obstacle.code === 'not-an-approver' ? 403 : 409,
      }
  }
}
