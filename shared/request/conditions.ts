import type { Proof } from '../domain/proof.ts'
import { isTransientRefusal, type RefusalCode } from '../domain/refusal-codes.ts'
import { isBeingApplied, isUnfinished, type Question, type Request } from '../domain/request.ts'
import type { ReasonCode } from '../domain/verdict.ts'
import { mayLand } from './attempts.ts'
import { boundedReason } from './bounded.ts'
import { asChosen } from './choices.ts'
import { isReleased, nameOfRule } from './hold.ts'
import { cutSaid, evaluatedGroupIds, isOtherEndpoint, isRecordedGroupIds } from './identity.ts'
import { areChangesSaid, isAlarm, knownQuestion, verdictQuestion } from './said.ts'
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

/** True when people are to be notified of the question of the verdict: they do not know it. */
export function isNewQuestion(request: At<'open'>, evaluated: Evaluated, { at }: Moment): boolean {
  const asking = {
    question: verdictQuestion(questionOf(evaluated)),
    ruleSetHash: evaluated.verdict.ruleSetHash,
  }
  return knownQuestion(request, asking, at) === undefined
}

/** True when the record is to show this verdict for manual review, whether people are notified of it or not. */
export function isToRecord(request: At<'open'>, evaluated: Evaluated, moment: Moment): boolean {
  if (isNewQuestion(request, evaluated, moment)) return true
  return !isAlarm(request) && !isAsRecorded(request, evaluated)
}

function isAsRecorded(request: At<'open'>, evaluated: Evaluated): boolean {
  const { code, sentence } = boundedReason(evaluated.verdict.reason)
  // A hold has one reason, in the words of its case or of its release.
  const isSaidSo = sentence === request.reason.sentence || code === 'burst-limit'
  return isAsked(request, evaluated) && isSaidSo && !isOtherThanRecorded(request, evaluated.connection)
}

/** True when the record is to show the refusal of this rule's decision again. */
export function isToRecordRefused(request: At<'open'>, { connection }: Evaluated): boolean {
  const isShown = request.reason.code === 'refused-by-azure' && !isOtherThanRecorded(request, connection)
  return !isAlarm(request) && !isShown
}

/** True when group ids or the message are others than those that are recorded. */
function isOtherThanRecorded(request: Request, { groupIds, description }: Connection): boolean {
  return !isRecordedGroupIds(request, groupIds) || cutSaid(description) !== request.requesterSaid
}

/** True when they are others, and people are to be notified of it. */
export function isChanged(request: Request, connection: Connection): boolean {
  return areChangesSaid(request) && isOtherThanRecorded(request, connection)
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

/** True when people were notified that Azure does or shows something else than this app decided. */
export function isUnlikeDecision(request: Request): boolean {
  return isAlarm(request) || (request.state.name === 'open' && request.state.cause.kind === 'refused')
}

/**
 * True where the list alone is not believed: an episode would begin or end by it, or people would be notified anew. A list
 * that lags behind would do so in each pass.
 */
export function isToConfirm(request: Request, event: EventOf<'waiting'>): boolean {
  if (event.isConfirmed) return false
  // A decision that Azure refused is read before it is sent again; that is enough where nothing else has changed.
  const isReadLater =
    isOpen(request) &&
    request.state.cause.kind === 'refused' &&
    !isOfContradiction(request.refused?.code) &&
    !isChanged(request, event.connection)
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
