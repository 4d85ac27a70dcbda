import { chosenOutcome, isOf, spokenChoices } from '../domain/choice.ts'
import type { Person } from '../domain/caller.ts'
import { isBeingApplied, type OpenCause } from '../domain/request.ts'
import { isSameName } from '../domain/resource-id.ts'
import { spokenState } from '../domain/spoken-state.ts'
import type { ReasonCode, Terms } from '../domain/verdict.ts'
import type { RequestRecord } from '../ports/ledger.ts'
import type { FoundRequest } from '../ports/requests.ts'

/** Why nobody, or not this person, can decide a request now. */
export const decisionProblems = {
  'earlier-request': 'This request has ended, and the connection was requested again since.',
  'decided-already': 'This request is decided already.',
  'decision-under-way': 'A decision on this request is being applied.',
  'whole-target': 'This stands for a whole target: there is no connection to decide.',
  'not-here': 'This request cannot be decided here.',
  'not-an-approver': 'The rule names other approvers.',
  'rejected-already':
    'A person has rejected this request, and Azure has not carried that out. It can only be rejected again.',
  'approved-before': 'You have approved this request already. Somebody else must approve it, too.',
} as const

export type DecisionProblem = keyof typeof decisionProblems

/** A problem with the sentence that says it. */
export interface Obstacle {
  readonly code: DecisionProblem
  readonly sentence: string
}

/** Azure shows it as decided, or other things than were evaluated: there is nothing to approve or reject. */
const decidedCauses: readonly OpenCause['kind'][] = ['endpoint-changed', 'shown-late', 'changed-outside']
/** This app has no way to carry a decision out. */
const withoutWay: readonly ReasonCode[] = ['no-approving-operation', 'type-not-in-table', 'unknown-status']

/** Why nobody can decide it here; undefined: people can. */
export function obstacleToAll({ entry, record: { request, lastEntry } }: FoundRequest): Obstacle | undefined {
  const { state, subject, choices, reason } = request
  if (entry.episode !== request.episode) return obstacle('earlier-request')
  if (isBeingApplied(request)) {
    const by = choices.length > 0 ? spokenChoices(choices) : ''
    return obstacle('decision-under-way', by)
  }
  if (state.name !== 'open') {
    const by =
      choices.length > 0 ? spokenChoices(choices) : `${capital(spokenState(state.name, lastEntry.outcome))}.`
    return obstacle('decided-already', by)
  }
  if (subject.kind === 'target') return obstacle('whole-target')
  if (decidedCauses.includes(state.cause.kind) || withoutWay.includes(reason.code))
    return obstacle('not-here')
  return undefined
}

/** Why this person cannot decide it; undefined: they can. @param outcome undefined: either. */
export function obstacleTo(
  { objectId, groups }: Pick<Person, 'objectId' | 'groups'>,
  { record: { request, lastEntry } }: FoundRequest,
  outcome: 'approve' | 'reject' | undefined,
): Obstacle | undefined {
  const { approvers = [] } = lastEntry.terms ?? {}
  if (approvers.length > 0 && throughOf({ objectId, groups }, lastEntry.terms) === undefined)
    return obstacle('not-an-approver')
  if (outcome !== 'approve') return undefined
  const chosen = chosenOutcome(request.choices)
  if (chosen === 'reject') return obstacle('rejected-already')
  // What Azure refused may be sent again by those who approved it.
  const isOwn = chosen === undefined && request.choices.some((choice) => isOf(choice, objectId))
  return isOwn ? obstacle('approved-before') : undefined
}

/** Why this person cannot decide it now; undefined: they can. @param outcome undefined: either. */
export function obstacleFor(
  person: Pick<Person, 'objectId' | 'groups'>,
  found: FoundRequest,
  outcome: 'approve' | 'reject' | undefined,
): Obstacle | undefined {
  return obstacleToAll(found) ?? obstacleTo(person, found, outcome)
}

/** How many people have to approve: never fewer than when the first of them did. */
export function requiredApprovals({
  request: { choices },
  lastEntry: { terms },
}: Pick<RequestRecord, 'request' | 'lastEntry'>): number {
  return Math.max(terms?.requiredApprovals ?? 1, ...choices.map(({ required }) => required))
}

/** True where the rule asks for a reason. */
export function isReasonRequired(terms: Terms | undefined): boolean {
  return terms?.reasonRequired ?? false
}

/** The approver of the rule that lets the person decide; undefined: none does, or the rule names none. */
export function throughOf(
  { objectId, groups }: Pick<Person, 'objectId' | 'groups'>,
  terms: Terms | undefined,
): string | undefined {
  return terms?.approvers.find((id) => [objectId, ...groups].some((own) => isSameName(own, id)))
}

function obstacle(code: DecisionProblem, more = ''): Obstacle {
  return { code, sentence: `${decisionProblems[code]} ${more}`.trim() }
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
