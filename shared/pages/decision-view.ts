import { isReasonRequired, obstacleTo, obstacleToAll, type Obstacle } from '../decide/may-decide.ts'
import { hasRole, type SignedIn } from '../domain/caller.ts'
import { approvers, spokenChoices } from '../domain/choice.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import type { FoundRequest } from '../ports/requests.ts'
import { verificationOf } from './verification.ts'

/** What a person can do about a request on its page. */
export type DecisionView =
  | {
      readonly kind: 'form'
      readonly path: string
      /** Hash of the last entry that the page shows. */
      readonly version: string
      /** How many approvals there are, and how many are required; undefined: one is enough. */
      readonly approvals: string | undefined
      readonly isReasonRequired: boolean
      /** What each button does in Azure. */
      readonly approve: string
      readonly reject: string
      /** Undefined: this person may reject only, for this reason. */
      readonly mayNotApprove: string | undefined
      readonly isDoubtful: boolean
    }
  /** Why not, and the next step. */
  | { readonly kind: 'not-allowed'; readonly sentence: string; readonly next: string }
  | { readonly kind: 'none' }

/** What was sent from the form before, and why it was not taken. */
export interface FormState {
  readonly reason: string
  readonly problem: { readonly title: string; readonly sentence: string } | undefined
}

export const emptyForm: FormState = { reason: '', problem: undefined }

/** The path to which the form of a request is sent. */
export function decisionPath(decisionId: string): string {
  return `/requests/${encodeURIComponent(decisionId)}/decision`
}

export function decisionView(found: FoundRequest, { caller }: SignedIn): DecisionView {
  const { request, lastEntry, hash } = found.record
  if (request.state.name !== 'open') return { kind: 'none' }
  if (obstacleToAll(found) !== undefined) return { kind: 'none' }
  if (caller.kind !== 'person' || !hasRole(caller, ['Approver']))
    return {
      kind: 'not-allowed',
      sentence: 'Your role shows requests and does not decide them.',
      next: 'Ask an approver, or ask whoever assigns the roles of this app for the role Approver.',
    }
  const obstacle = obstacleTo(caller, found, undefined)
  if (obstacle) return notAllowed(obstacle)
  const { requiredApprovals = 1 } = lastEntry.terms ?? {}
  const approved = approvers(request.choices)
  const missing = requiredApprovals - approved
  const target = parseResourceId(request.subject.targetId)?.name ?? 'the target'
  return {
    kind: 'form',
    path: decisionPath(request.decisionId),
    version: hash,
    approvals:
      requiredApprovals > 1
        ? `${approved} of ${requiredApprovals} approvals. ${approved > 0 ? spokenChoices(request.choices) : 'Nobody has approved yet.'}`
        : undefined,
    isReasonRequired: isReasonRequired(lastEntry.terms),
    approve:
      missing > 1
        ? `Your approval counts. Nothing changes in Azure until ${missing - 1} more ${missing === 2 ? 'person approves' : 'people approve'}.`
        : `The app checks everything again, and sets the connection to Approved. The requester can then reach ${target} over its private endpoint.`,
    reject:
      'The app checks everything again, and sets the connection to Rejected. It stays so: to ask again, the requester makes the endpoint anew.',
    mayNotApprove: obstacleTo(caller, found, 'approve')?.sentence,
    isDoubtful: verificationOf(lastEntry.proof).contradictions.length > 0,
  }
}

function notAllowed({ sentence }: Obstacle): DecisionView {
  return {
    kind: 'not-allowed',
    sentence,
    next: 'Ask one of them. Who they are stands in the rule file.',
  }
}
