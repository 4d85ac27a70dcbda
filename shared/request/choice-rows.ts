import { chosenOutcome } from '../domain/choice.ts'
import { mayLandOtherwise, isByRefusedRule, isSameDecision, staysOnHold } from './conditions.ts'
import { isChosenSince, unfinishedStates } from '../domain/request.ts'
import { alarmRows } from './applying-rows.ts'
import { landingCheckSeconds } from './attempts.ts'
import { chosen, chosenInVain, chosenIntent } from './choice-drafts.ts'
import {
  asChosen,
  denial,
  isChosen,
  isDenied,
  isUnverifiedNow,
  problemOfChoice,
  untilVerifiedAgain,
} from './choices.ts'
import { intentAgain } from './drafts.ts'
import type { Moment } from './step.ts'
import { type At, type EventOf, type Row, row } from './table.ts'

/** A person chooses what becomes of an open request. */
export const chosenByPerson: readonly Row[] = [
  row(['open'], 'chosen', {
    when: 'rejects, or approves what nobody has rejected',
    holds: ({ choices }, { choice }) => choice.outcome === 'reject' || chosenOutcome(choices) !== 'reject',
    writes: { entry: 'chosen', to: 'open', draft: (request, { choice }) => chosen(request, choice) },
    effect: 'end',
  }),
]

type Chosen = At<'open' | 'applying'>
type Verified = EventOf<'evaluated'>

const byPeople = 'decided by people'

/** What people chose is applied, after everything was read and verified again. */
export const choiceEvaluated: readonly Row[] = [
  row(unfinishedStates, 'evaluated', {
    when: `${byPeople}, and not to be verified again now, for less than 30 min`,
    holds: (request, { evaluated }, { at }) =>
      isChosen(request, evaluated) && isUnverifiedNow(request, evaluated, at),
    effect: 'retry-after',
    afterSeconds: (request, _, { at }) => untilVerifiedAgain(request, at),
  }),
  ...alarmRows('evaluated', {
    when: `${byPeople}, who were shown something else, may not decide it, or made the endpoint themselves`,
    holds: (request, event, moment) => problemOf(request, event, moment) !== undefined,
    draft: (request, event, moment) => {
      const problem = problemOf(request, event, moment)
      if (!problem) throw new Error('The choice of people holds.')
      return chosenInVain(request, event.evaluated, problem)
    },
  }),
  ...alarmRows('evaluated', {
    when: 'approved by people, and denied by a rule now, which is on hold or was refused by Azure',
    holds: (request, { evaluated }, moment) =>
      isDenied(request, evaluated) &&
      (staysOnHold(request, evaluated) || isByRefusedRule(request, evaluated, moment)),
    draft: (request, { evaluated }) => chosenInVain(request, evaluated, denial(request)),
  }),
  row(['open'], 'evaluated', {
    when: `${byPeople}, and refused by Azure since`,
    holds: (request, event, moment) =>
      isChosen(request, event.evaluated) && isRefusedSince(request, event, moment),
    effect: 'end',
  }),
  row(unfinishedStates, 'evaluated', {
    when: `${byPeople}, while Azure may still carry out the opposite`,
    holds: (request, { evaluated }, moment) =>
      isChosen(request, evaluated) && mayLandOtherwise(request, asChosen(request, evaluated), moment),
    effect: 'retry-after',
    afterSeconds: () => landingCheckSeconds,
  }),
  row(['applying'], 'evaluated', {
    when: `${byPeople}, the same decision by the same list`,
    holds: (request, { evaluated }) => isChosen(request, evaluated) && isSameDecision(request, evaluated),
    writes: {
      entry: 'intent',
      to: 'applying',
      draft: (request, _, moment) => intentAgain(request, moment),
    },
    effect: 'read',
  }),
  row(unfinishedStates, 'evaluated', {
    when: byPeople,
    holds: (request, { evaluated }) => isChosen(request, evaluated),
    writes: {
      entry: 'intent',
      to: 'applying',
      draft: (request, { evaluated }, moment) => chosenIntent(request, evaluated, moment),
    },
    effect: 'read',
  }),
]

function problemOf(request: Chosen, { evaluated, askers = [] }: Verified, { at }: Moment) {
  return isChosen(request, evaluated) ? problemOfChoice(request, evaluated, askers, at) : undefined
}

function isRefusedSince(request: Chosen, { evaluated }: Verified, moment: Moment): boolean {
  const { refused } = request
  return (
    refused !== undefined &&
    isByRefusedRule(request, asChosen(request, evaluated), moment) &&
    !isChosenSince(request.choices, refused.since)
  )
}
