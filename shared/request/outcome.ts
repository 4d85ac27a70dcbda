import { chosenOutcome, spokenChoices } from '../domain/choice.ts'
import type { Request } from '../domain/request.ts'

/** What became of a request that has ended, for people who were notified of it. */
export function outcomeSentence({ state, subject, choices, reason: { sentence } }: Request): string {
  if (state.name === 'applied') {
    if (chosenOutcome(choices) === state.outcome) return spokenChoices(choices)
    return `${state.outcome === 'approve' ? 'Approved' : 'Rejected'}: ${sentence}`
  }
  return state.name === 'withdrawn' && subject.kind === 'connection' ? `Withdrawn: ${sentence}` : sentence
}
