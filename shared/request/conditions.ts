import type { Proof } from '../domain/proof.ts'
import { isTransientRefusal, type RefusalCode } from '../domain/refusal-codes.ts'
import {
  isBeingApplied,
  isUnfinished,
  type OpenCause,
  type Question,
  type Request,
} from '../domain/request.ts'
import type { ReasonCode } from '../domain/verdict.ts'
import { mayLand } from './attempts.ts'
import { asChosen } from './choices.ts'
import { isReleased, nameOfRule } from './hold.ts'
import { cutSaid, evaluatedGroupIds, isOtherEndpoint, isRecordedGroupIds } from './identity.ts'
import { lastSaid, maxQuestions, verdictQuestion } from './said.ts'
import type { Evaluated, Moment } from './step.ts'
import { type At, type EventOf, isOpen } from './table.ts'
import { isAhead, isToCome, secondsBetween } from './times.ts'
import { isOfContradiction } from './words.ts'
import { type Connection, isPending } from '../domain/connection.ts'

/** Seconds in which a list may show a connection as Pending although the decision was applied. */
export const staleSeconds = 60

/** True when the list may be older than the decision that was applied. */
export function isPerhapsStale(request: At<'applied'>, connection: Connection, moment: Moment): boolean {
  const isRecent = secondsBetween(request.state.at, moment.at) < staleSeconds
  return isRecent && !isAhead(request.state.at, moment.at) && !isOtherEndpoint(request, connection)
}

/** Reasons of verdicts that a proof may change. */
const forLackOfProof: readonly ReasonCode[] = ['unproven-requester', 'may-be-denied', 'may-be-asked']

/**
 * True when later review passes may find it otherwise: the requester could not be queried, or has made the endpoint and
 * does not show it as waiting yet (Synapse takes up to 90 s). A competing claim is no such case: people are notified at
 * once.
 */
export function mayChange({ proof, verdict }: Evaluated): boolean {
  return (
    forLackOfProof.includes(verdict.reason.code) &&
    !hasCompetingClaim(proof) &&
    proof.refusals.some(({ code }) => isTransientRefusal(code))
  )
}

const competingNow: readonly RefusalCode[] = ['competing-claim', 'competing-claim-hidden']

/** True when another connection claims the same endpoint name now, or may and does not show it. */
function hasCompetingClaim({ refusals }: Proof): boolean {
  return refusals.some(({ code }) => competingNow.includes(code))
}

/** True when the policy escalates the request. */
export function isEscalated({ verdict }: Evaluated): boolean {
  return verdict.outcome === 'escalate'
}

/** The question of a verdict for manual review. */
export function questionOf({ proof, verdict }: Evaluated): Question {
  return {
    code: verdict.reason.code,
    refusal: proof.refusals[0]?.code,
    proof: proof.level,
    rule: verdict.decidedBy && nameOfRule(verdict.decidedBy),
  }
}

/** True when the same question is already open. */
export function isAsked({ state }: At<'open'>, evaluated: Evaluated): boolean {
  if (state.cause.kind !== 'verdict') return false
  const { code, refusal, proof, rule } = questionOf(evaluated)
  const before = state.cause.question
  return before.code === code && before.refusal === refusal && before.proof === proof && before.rule === rule
}

/**
 * True for an intent that still rests on the same rule of the same list, or on the choice of the same people, and on what
 * was recorded: it is taken up again.
 */
export function isSameDecision(request: At<'applying'>, evaluated: Evaluated): boolean {
  const { state } = request
  const { verdict } = asChosen(request, evaluated)
  return (
    isRecordedGroupIds(request, evaluatedGroupIds(evaluated)) &&
    state.outcome === verdict.outcome &&
    state.rule === (verdict.decidedBy && nameOfRule(verdict.decidedBy)) &&
    state.ruleSetHash === verdict.ruleSetHash
  )
}

/** True when Azure refused the decision of this rule, or of none, in this episode, and it is not time to send it again. */
export function isByRefusedRule({ refused }: Request, { verdict }: Evaluated, { at }: Moment): boolean {
  if (refused?.rule !== (verdict.decidedBy && nameOfRule(verdict.decidedBy))) return false
  return refused !== undefined && (refused.retryAt === undefined || isToCome(refused.retryAt, at))
}

/** True while Azure may still carry out what was sent, or may have been, and the verdict is its opposite. */
export function mayLandOtherwise({ attempts }: Request, { verdict }: Evaluated, { at }: Moment): boolean {
  return attempts.some((attempt) => attempt.outcome !== verdict.outcome && mayLand(attempt, at))
}

/** More changes than that are the requester's game: they are recorded with the next question. */
export const maxChanges = 5

/** True when another question is open than before, which people are to be notified of: by the same list, one they do not know. */
export function isNewQuestion(request: At<'open'>, evaluated: Evaluated): boolean {
  const isOtherList = evaluated.verdict.ruleSetHash !== request.ruleSetHash
  const isKnown = lastSaid(request, verdictQuestion(questionOf(evaluated))) !== undefined
  return !isAsked(request, evaluated) && (isOtherList || (request.changes < maxQuestions && !isKnown))
}

/** True when group ids or the message are others than those of the open question. */
export function isChanged(request: Request, { groupIds, description }: Connection): boolean {
  return (
    request.changes < maxChanges &&
    (!isRecordedGroupIds(request, groupIds) || cutSaid(description) !== request.requesterSaid)
  )
}

/** True when an evaluation would find what it found before: the same list, and a connection that has not changed. */
export function isNothingNew(
  request: At<'open'>,
  { connection, isRecheck, ruleSetHash, evaluatedBy }: EventOf<'waiting'>,
): boolean {
  const isUnknown = request.reason.code === 'unknown-status'
  return (
    !isRecheck &&
    !isBeingApplied(request) &&
    (ruleSetHash === request.ruleSetHash || (ruleSetHash !== undefined && ruleSetHash === evaluatedBy)) &&
    request.reason.code !== 'target-unreadable' &&
    isPending(connection) !== isUnknown &&
    !isChanged(request, connection)
  )
}

const unlikeDecision: readonly OpenCause['kind'][] = [
  'refused',
  'endpoint-changed',
  'shown-late',
  'changed-outside',
]

/** True when people were notified that Azure does or shows something else than this app decided. */
export function isUnlikeDecision({ state }: Request): boolean {
  return state.name === 'open' && unlikeDecision.includes(state.cause.kind)
}

/**
 * True where the list alone is not believed: an episode would begin or end by it, or people would be notified anew. A list
 * that lags behind would do so in each pass.
 */
export function isToConfirm(request: Request, event: EventOf<'waiting'>): boolean {
  if (event.isConfirmed) return false
  // A decision that Azure refused is read before it is sent again; that is enough where the sources agree.
  const isReadLater =
    isOpen(request) && request.state.cause.kind === 'refused' && !isOfContradiction(request.refused?.code)
  const isToEvaluate = isOpen(request) && !isReadLater && !isNothingNew(request, event)
  return isToEvaluate || !isUnfinished(request) || isOtherEndpoint(request, event.connection)
}

/** True when the same endpoint asks again, on hold since its last episode, and no new rule releases it. */
export function asksAgainOnHold(request: Request, evaluated: Evaluated): boolean {
  return (
    !isEscalated(evaluated) &&
    !isOtherEndpoint(request, evaluated.connection) &&
    staysOnHold(request, evaluated)
  )
}

/** True when the request is on hold and no new rule releases it. */
export function staysOnHold({ hold }: Request, { verdict }: Evaluated): boolean {
  return hold !== undefined && !isReleased(hold, verdict)
}
