import { type Choice, lastPerson, withChoice } from '../domain/choice.ts'
import { isChosenSince } from '../domain/request.ts'
import type { Reason } from '../domain/verdict.ts'
import { isEscalated, questionOf } from './conditions.ts'
import { asHeld, asked, intent, stillHeld } from './drafts.ts'
import { asChosen, reasonOfChoices } from './choices.ts'
import { questionKept } from './expiry.ts'
import type { Evaluated, Moment } from './step.ts'
import type { At, DraftParts } from './table.ts'

/** A person chose: what they were notified of stays open until the decision is applied. */
export function chosen(request: At<'open'>, choice: Choice): DraftParts<'open'> {
  const { cause } = request.state
  const choices = withChoice(request.choices, choice)
  return {
    state: { name: 'open', cause },
    reason: reasonOfChoices(choices),
    actor: choice.person ? { kind: 'person', ...choice.person } : { kind: 'policy' },
    memory: { choices },
    asked: questionKept(request),
  }
}

/** The decision of people is about to be applied. What Azure refused before they chose counts no more. */
export function chosenIntent(
  request: At<'open' | 'applying'>,
  evaluated: Evaluated,
  moment: Moment,
): DraftParts<'applying'> {
  const draft = intent(request, asChosen(request, evaluated), moment)
  const person = lastPerson(request.choices)
  const isAfterRefusal =
    request.refused !== undefined && !isChosenSince(request.choices, request.refused.since)
  const state =
    request.state.name === 'open' && !isAfterRefusal ? { ...draft.state, asked: undefined } : draft.state
  const memory = { ...draft.memory, choices: request.choices }
  return { ...draft, state, memory, ...(person && { actor: { kind: 'person', ...person } }) }
}

/** What people chose does not hold any more: they are asked again, with the reason. */
export function chosenInVain(
  request: At<'open' | 'applying'>,
  found: Evaluated,
  problem: Reason,
): DraftParts<'open'> {
  const evaluated = isEscalated(found) ? found : stillHeld(request, found)
  const { sentence } = evaluated.verdict.reason
  const reason = { code: problem.code, sentence: `${problem.sentence} ${sentence}` }
  const cause = { kind: 'verdict', question: questionOf(evaluated) } as const
  return { ...asked(asHeld(evaluated, reason)), state: { name: 'open', cause } }
}
