import type { Wish, WithoutRule } from '../decide/approve-and-remember.ts'
import { hasRole, type Person } from '../domain/caller.ts'
import { visible, visibleLines } from '../domain/printable.ts'
import { Refused } from '../http/refusals.ts'
import type { RememberRefusal } from '../remember/refusal.ts'
import { usualDays } from '../remember/terms.ts'
import { hashIn, typedIn } from './decide-request.ts'
import type { FormState, Problem } from './decision-view.ts'

/** What a form of approve-and-remember says. */
export interface RememberForm {
  /** `preview` shows the rule, `confirm` approves and writes it, `back` leads to the request. */
  readonly step: 'preview' | 'confirm' | 'back'
  readonly wish: Wish
  /** Hash of the rule that was shown; only with `confirm`. */
  readonly shownHash: string | undefined
  readonly typed: TypedTerms
}

/** What a person typed, as it is shown again. */
export interface TypedTerms {
  readonly reason: string
  readonly ticket: string
  readonly days: string
}

const steps = ['preview', 'confirm', 'back'] as const

/** What a form says, read strictly. @throws Refused for a form that no page of this app has. */
export function rememberFormIn(decisionId: string, form: URLSearchParams): RememberForm {
  const step = steps.find((name) => name === form.get('step'))
  if (step === undefined) throw new Refused('form-incomplete')
  const [reason, ticket] = [typedIn(form, 'reason'), typedIn(form, 'ticket')]
  // The page of the request does not ask for them yet.
  const days = form.has('days') ? typedIn(form, 'days') : String(usualDays)
  return {
    step,
    wish: {
      decision: {
        decisionId,
        version: hashIn(form, 'version'),
        outcome: 'approve',
        reason: reason === '' ? undefined : reason,
      },
      ticket,
      days: /^\d{1,4}$/.test(days) ? Number(days) : Number.NaN,
    },
    shownHash: step === 'confirm' ? hashIn(form, 'rule') : undefined,
    typed: { reason: visibleLines(reason), ticket: visible(ticket), days: visible(days.slice(0, maxTyped)) },
  }
}

const maxTyped = 20

/** @throws Refused for a person who may write no rule. */
export function checkRuleAdmin(person: Person): void {
  if (!hasRole(person, ['RuleAdmin']))
    throw new Refused('role-not-sufficient', 'Writing a rule needs the role RuleAdmin, too.')
}

/** The form of the request, with why no rule remembers it. */
export function withoutRule({ sentence }: RememberRefusal, reason: string): FormState {
  const problem = {
    title: 'Nothing was decided: this request cannot be remembered',
    sentence: `${visible(sentence)} You can approve or reject it without a rule. What you wrote is still there.`,
  }
  return { reason, problem }
}

/** What a preview says when what was typed makes no rule. */
export function problemOfTerms({ refusal }: WithoutRule, isAsked: boolean): Problem {
  return isAsked
    ? {
        title: 'A reason first',
        sentence:
          'Nothing is decided yet. Write below why such requests are approved; then the rule is shown.',
        kind: 'changed',
      }
    : { title: 'Nothing was decided: there is no rule to show', sentence: visible(refusal.sentence) }
}

export const otherRule: Problem = {
  title: 'Nothing was decided: the rule is another one',
  sentence:
    'What you confirmed is not the rule below, because something was changed since it was shown. Read it again, then confirm it.',
  kind: 'changed',
}

/** What the page says when the approval was taken and its rule was not. */
export function approvedOnly({ code, sentence }: RememberRefusal): FormState {
  if (code === 'approval-in-vain') {
    const problem: Problem = {
      title: 'Your approval did not hold, and no rule was written',
      sentence: visible(sentence),
      next: 'Read below where the request stands now.',
    }
    return { reason: '', problem }
  }
  const problem: Problem = {
    title: 'Approved, and the rule was not written',
    sentence: `The approval counts: nothing has to be approved again. The rule was not written, because: ${visible(sentence)}`,
    next: 'If such requests are to be approved without you, ask whoever keeps the rule file to add a rule; or remember the next one.',
    kind: 'changed',
  }
  return { reason: '', problem }
}
