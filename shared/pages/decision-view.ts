import { whyNotOffered } from '../decide/approve-and-remember.ts'
import {
  isReasonRequired,
  type Obstacle,
  obstacleTo,
  obstacleToAll,
  requiredApprovals,
} from '../decide/may-decide.ts'
import { hasRole, type Person, type SignedIn } from '../domain/caller.ts'
import { approvers, spokenChoices } from '../domain/choice.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import type { RequestRecord } from '../ports/ledger.ts'
import type { FoundRequest } from '../ports/requests.ts'

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
      readonly remember: RememberOffer | undefined
    }
  /** Why not, and the next step. */
  | { readonly kind: 'not-allowed'; readonly sentence: string; readonly next: string }
  /** `next`: what to do instead, where that is known. */
  | { readonly kind: 'none'; readonly next?: string }

/** Approve-and-remember: where its form is sent, or why no rule can remember this request. */
export type RememberOffer =
  { readonly path: string; readonly why?: undefined } | { readonly path?: undefined; readonly why: string }

/** What was sent from the form before, and why it was not taken. */
export interface FormState {
  readonly reason: string
  readonly problem: Problem | undefined
}

/** The first thing on a page. */
export interface Problem {
  readonly title: string
  readonly sentence: string
  readonly next?: string
  /** `rejected` unless something was done. */
  readonly kind?: 'rejected' | 'changed'
}

export const emptyForm: FormState = { reason: '', problem: undefined }

/** The path to which the form of a request is sent. */
export function decisionPath(decisionId: string): string {
  return `/requests/${encodeURIComponent(decisionId)}/decision`
}

/** The path to which the forms of approve-and-remember are sent. */
export function rulePath(decisionId: string): string {
  return `/requests/${encodeURIComponent(decisionId)}/rule`
}

const decideInAzure = 'This app cannot decide this one. Check who asks and for what, then decide it in Azure.'

/** What somebody reads whose role decides nothing. */
export const roleShowsOnly = {
  kind: 'not-allowed',
  sentence: 'Your role shows requests and does not decide them.',
  next: 'Ask an approver, or ask whoever assigns the roles of this app for the role Approver.',
} as const

export function decisionView(found: FoundRequest, { caller }: SignedIn): DecisionView {
  const { request, lastEntry, hash } = found.record
  if (request.state.name !== 'open') return { kind: 'none' }
  const obstacleOfAll = obstacleToAll(found)
  if (obstacleOfAll?.code === 'not-here') return { kind: 'none', next: decideInAzure }
  if (obstacleOfAll) return { kind: 'none' }
  if (caller.kind !== 'person' || !hasRole(caller, ['Approver'])) return roleShowsOnly
  const obstacle = obstacleTo(caller, found, undefined)
  if (obstacle) return notAllowed(obstacle)
  const required = requiredApprovals(found.record)
  const approved = approvers(request.choices)
  const missing = required - approved
  const mayNotApprove = obstacleTo(caller, found, 'approve')?.sentence
  const target = parseResourceId(request.subject.targetId)?.name ?? 'the target'
  return {
    kind: 'form',
    path: decisionPath(request.decisionId),
    version: hash,
    approvals:
      required > 1
        ? `${approved} of ${required} approvals. ${approved > 0 ? spokenChoices(request.choices) : 'Nobody has approved yet.'}`
        : undefined,
    isReasonRequired: isReasonRequired(lastEntry.terms),
    approve:
      missing > 1
        ? `Your approval counts. Nothing changes in Azure until ${missing - 1} more ${missing === 2 ? 'person approves' : 'people approve'}.`
        : `The app checks everything again, and sets the connection to Approved. The requester can then reach ${target} over its private endpoint.`,
    reject:
      'The app checks everything again, and sets the connection to Rejected. It stays so: to ask again, the requester makes the endpoint anew.',
    mayNotApprove,
    remember: mayNotApprove === undefined ? rememberOffer(found.record, caller) : undefined,
  }
}

/** Undefined for people who may write no rule. */
function rememberOffer(record: RequestRecord, person: Person): RememberOffer | undefined {
  const why = whyNotOffered(record, person)
  if (why === undefined) return { path: rulePath(record.request.decisionId) }
  return why.code === 'not-rule-admin' ? undefined : { why: why.sentence }
}

function notAllowed({ sentence }: Obstacle): DecisionView {
  return {
    kind: 'not-allowed',
    sentence,
    next: 'Ask one of them. Who they are stands in the rule file.',
  }
}
