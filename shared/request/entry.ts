import { chosenOutcome, lastPerson } from '../domain/choice.ts'
import { groupIdsKey } from '../domain/connection.ts'
import type { LedgerChange } from '../domain/ledger-change.ts'
import type { Actor, EntryKind, LogEntry } from '../domain/log-entry.ts'
import {
  type Attempt,
  endpointIdOf,
  isUnfinished,
  isUnfinishedState,
  type Request,
  type RequestState,
  type Subject,
} from '../domain/request.ts'
import { isSameName } from '../domain/resource-id.ts'
import { cutStored } from '../domain/stored-text.ts'
import type { Terms } from '../domain/verdict.ts'
import { attempted } from './attempts.ts'
import { bounded, boundedReason, recordedContext } from './bounded.ts'
import { expiryFrom } from './expiry.ts'
import { secondsBetween } from './times.ts'
import { cutGroupIds, cutSaid, evaluatedGroupIds } from './identity.ts'
import { notificationOf } from './notices.ts'
import { askingOf, isOfChange, knownAgain, lastWordsOf, saidAlso, saidOfTarget } from './said.ts'
import type { Draft, Evaluated } from './step.ts'

const maxCorrelationIdLength = 100

/** The record in the ledger so far. */
interface Recorded {
  readonly request: Request
  readonly lastEntry: LogEntry
}

/** What the driver adds to the entry. */
export interface Stamp {
  /** The connection or target as read now. */
  readonly subject: Subject
  readonly at: Date
  readonly correlationId: string | undefined
  /** The id of the new entry. */
  readonly entryId: string
  /** How long a question is open where its rule does not say it: see `Terms.expiresAfter`; left out: for ever. */
  readonly expiresAfter?: string
}

/** The episode of the next verdict: an unfinished request continues its own, anything else begins a new one. */
export function episodeOf(request: Request | undefined): number {
  if (!request) return 1
  return isUnfinished(request) ? request.episode : request.episode + 1
}

/**
 * Turns a draft into what is written.
 * @throws Error for a follow-up draft without a decision.
 */
export function changeOf(recorded: Recorded | undefined, made: Draft, stamp: Stamp): LedgerChange {
  const asked = made.asked ?? (recorded && knownAgain(recorded.request, made, stamp.at))
  const draft = { ...made, asked, reason: boundedReason(made.reason) }
  const { request, basis } = draft.verdict
    ? begun(recorded, draft, draft.verdict, stamp)
    : continued(recorded, draft, stamp)
  const at = stamp.at.toISOString()
  const { subject, episode, firstSeenAt, caseId, decisionId, state } = request
  const entry = bounded({
    ...carriedOver(basis),
    kind: draft.kind,
    basis: draft.verdict ? ('verdict' as const) : ('follow-up' as const),
    at,
    decisionId,
    subject,
    episode,
    state: state.name,
    actor: actorOf(recorded?.request, draft),
    reason: draft.reason,
    caseId,
    firstSeenAt,
    secondsSinceFirstSeen: Math.max(0, secondsBetween(firstSeenAt, stamp.at)),
    correlationId: stamp.correlationId && cutStored(stamp.correlationId, maxCorrelationIdLength),
  })
  const isAsking = request.state.name === 'open' && !draft.asked
  const changes = recorded?.request.episode === episode ? recorded.request.changes : 0
  const asking = isAsking ? noted(request, request.state, at) : request
  const words = isAsking ? [draft.change, ...lastWordsOf({ changes, said: request.said }, asking)] : []
  const notification = notificationOf(request, draft, stamp.entryId, words)
  // What has expired may be decided yet.
  const after = isUnfinished(request) ? asking : { ...asking, notified: [] }
  return { request: after, entry, notification }
}

/** So many notifications with questions are remembered until the end of the request. */
const maxNotified = 10

type Open = Extract<RequestState, { name: 'open' }>

/** The request remembers what people are notified of. */
function noted(request: Request, { notificationId }: Open, at: string): Request {
  const notified = [...request.notified, notificationId].slice(-maxNotified)
  const asking = askingOf(request)
  if (!asking) return { ...request, notified }
  return { ...request, notified, said: saidAlso(request.said, asking, { notificationId, at }) }
}

interface Based {
  readonly request: Request
  readonly basis: Basis
}

/** A decision begins: it gets an id of its own. */
function begun(
  recorded: Recorded | undefined,
  draft: Draft,
  verdict: Evaluated | 'target-unreadable',
  stamp: Stamp,
): Based {
  const episode = episodeOf(recorded?.request)
  const before = recorded?.request.episode === episode ? recorded.request : undefined
  const held = before ?? heldBefore(recorded?.request, stamp.subject)
  const basis = basisOf(verdict)
  const request = {
    subject: subjectOf(before, stamp.subject),
    episode,
    state: stateOf(draft, stamp, basis.terms),
    firstSeenAt: before?.firstSeenAt ?? stamp.at.toISOString(),
    decisionId: stamp.entryId,
    reason: draft.reason,
    groupIds: basis.groupIds,
    requesterSaid: basis.requesterSaid === undefined ? undefined : cutSaid(basis.requesterSaid),
    ruleSetHash: basis.ruleSetHash,
    changes: before ? before.changes + (isNotifiedOfChange(before, draft) ? 1 : 0) : 0,
    attempts: attemptsOf(recorded?.request, draft, stamp),
    said: before ? before.said : saidOfTarget(recorded?.request, stamp.at),
    notified: before?.notified ?? [],
    remindedAt: before?.remindedAt,
    expired: before?.expired,
    quietUntil: undefined,
    refused: before?.refused,
    caseId: held?.caseId,
    hold: held?.hold,
    choices: before && keepsChoices(before, draft, basis) ? before.choices : [],
    ...draft.memory,
  }
  return { request, basis }
}

function isNotifiedOfChange(before: Request, draft: Draft): boolean {
  return draft.state.name === 'open' && !draft.asked && isOfChange(before, draft)
}

/** What people chose holds while it is applied, and while the request that they were shown is still the same. */
function keepsChoices(before: Request, { actor, asked }: Draft, basis: Basis): boolean {
  if (actor.kind === 'person') return true
  const isSame =
    groupIdsKey(before.groupIds) === groupIdsKey(basis.groupIds) &&
    (before.requesterSaid ?? '') === cutSaid(basis.requesterSaid ?? '')
  return asked !== undefined && isSame
}

/** The last episode, where it was on hold and no other endpoint asks now: asking again releases nothing. */
function heldBefore(last: Request | undefined, now: Subject): Request | undefined {
  const [before, after] = [last && endpointIdOf(last.subject), endpointIdOf(now)]
  const isOther = before !== undefined && after !== undefined && !isSameName(before, after)
  return last?.hold && !isOther ? last : undefined
}

/** What becomes of a decision of people is theirs, too, also what Azure carries out after all. */
function actorOf(before: Request | undefined, { actor, kind, state, verdict }: Draft): Actor {
  if (verdict !== undefined) return actor
  const sent = before?.attempts.findLast(({ decisionId }) => decisionId === before.decisionId)
  const isOfPeople =
    before?.state.name === 'applying' || (state.name === 'applied' && sent?.isByPerson === true)
  const person = before && isOfPeople ? lastPerson(before.choices) : undefined
  const isOfDecision = kind === 'intent' || kind === 'deferred' || kind === 'result'
  return person && isOfDecision && actor.kind === 'policy' ? { kind: 'person', ...person } : actor
}

/** They say nothing of why the request stands where it does. */
const keepsReason: readonly EntryKind[] = ['deferred', 'chosen', 'reminded', 'expired']

/** The decision in force goes on. */
function continued(recorded: Recorded | undefined, draft: Draft, stamp: Stamp): Based {
  if (!recorded) throw new Error('There is no decision that this could be said of.')
  const { request, lastEntry } = recorded
  const state = stateOf(draft, stamp, lastEntry.terms)
  const reason = keepsReason.includes(draft.kind) ? request.reason : draft.reason
  const choices = choicesAfter(request, state)
  return { request: { ...request, state, reason, choices, ...draft.memory }, basis: lastEntry }
}

/** What people chose ends with their request, unless it was applied. */
function choicesAfter({ choices }: Request, state: RequestState): Request['choices'] {
  const isKept =
    isUnfinishedState(state.name) || (state.name === 'applied' && chosenOutcome(choices) === state.outcome)
  return isKept ? choices : []
}

/** An intent is one more attempt. */
function attemptsOf(
  before: Request | undefined,
  { state, actor }: Draft,
  { entryId, at }: Stamp,
): readonly Attempt[] {
  const attempts = before?.attempts ?? []
  if (state.name !== 'applying') return attempts
  const isByPerson = actor.kind === 'person' && ({ isByPerson: true } as const)
  return attempted(attempts, { decisionId: entryId, outcome: state.outcome, ...isByPerson }, at)
}

function stateOf(
  { state, asked, since }: Draft,
  { entryId, at, subject, expiresAfter }: Stamp,
  terms: Terms | undefined,
): RequestState {
  if (state.name !== 'open') return state
  const question = asked ?? { notificationId: entryId, since: since ?? at.toISOString() }
  if (question.expiresAt !== undefined) return { ...state, ...question }
  const opened = { subject, cause: state.cause, since: question.since, terms, usual: expiresAfter }
  return { ...state, ...question, ...expiryFrom(opened) }
}

/** A recorded endpoint is kept when a list omits it. */
function subjectOf(before: Request | undefined, now: Subject): Subject {
  if (now.kind === 'target' || before?.subject.kind !== 'connection') return now
  return { ...now, endpointId: now.endpointId ?? before.subject.endpointId }
}

type Basis = Pick<
  LogEntry,
  | 'outcome'
  | 'proof'
  | 'groupIds'
  | 'requesterSaid'
  | 'decidedBy'
  | 'nearest'
  | 'audited'
  | 'evaluatedRules'
  | 'evaluatedCount'
  | 'ruleSetHash'
  | 'terms'
  | 'context'
>

function basisOf(verdict: Evaluated | 'target-unreadable'): Basis {
  if (verdict === 'target-unreadable') return nothingEvaluated
  const { connection, proof, context } = verdict
  const { outcome, decidedBy, nearest, audited, explanation, ruleSetHash, terms } = verdict.verdict
  return {
    outcome,
    proof,
    groupIds: cutGroupIds(evaluatedGroupIds(verdict)),
    requesterSaid: connection.description,
    decidedBy,
    nearest,
    audited,
    evaluatedRules: explanation.map(({ ruleId, ruleVersion, effect, mode, match }) => ({
      ruleId,
      ruleVersion,
      effect,
      mode,
      match,
    })),
    evaluatedCount: explanation.length,
    ruleSetHash,
    terms,
    context: recordedContext(context),
  }
}

const nothingEvaluated: Basis = {
  outcome: 'escalate',
  proof: undefined,
  groupIds: undefined,
  requesterSaid: undefined,
  decidedBy: undefined,
  nearest: undefined,
  audited: [],
  evaluatedRules: [],
  evaluatedCount: 0,
  ruleSetHash: undefined,
  terms: undefined,
  context: undefined,
}

/** Only what a decision rests on: everything else is new with each entry. */
function carriedOver(basis: Basis): Basis {
  const { outcome, proof, groupIds, requesterSaid, decidedBy, nearest, audited } = basis
  const { evaluatedRules, evaluatedCount, ruleSetHash, terms, context } = basis
  return {
    ...{ outcome, proof, groupIds, requesterSaid, decidedBy, nearest, audited },
    ...{ evaluatedRules, evaluatedCount, ruleSetHash, terms, context },
  }
}
