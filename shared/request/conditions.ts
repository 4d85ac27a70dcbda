import { isTransientRefusal } from '../domain/refusal-codes.ts'
import type { Question, Request } from '../domain/request.ts'
import { hasCompetingClaim, isReleased, nameOfRule } from './hold.ts'
import { isOtherEndpoint } from './identity.ts'
import type { Evaluated, Moment } from './step.ts'
import type { At } from './table.ts'
import type { Connection } from '../domain/connection.ts'

/** Seconds in which a list may show a connection as Pending although the decision was applied. */
export const staleSeconds = 60

/** True when the list may be older than the decision that was applied. */
export function isPerhapsStale(request: At<'applied'>, connection: Connection, { at }: Moment): boolean {
  const ageSeconds = secondsBetween(request.state.at, at)
  return !isOtherEndpoint(request, connection) && ageSeconds < staleSeconds
}

/** Seconds from a time in ISO 8601 until another. */
export function secondsBetween(from: string, to: Date): number {
  return (to.getTime() - Date.parse(from)) / 1000
}

/**
 * True when later review passes may find it otherwise: a fact could not be read, or the requester has made the endpoint
 * and does not show it as waiting yet (Synapse takes up to 90 s). That an endpoint of a foreign tenant cannot be read is
 * no such case: it never can. Neither is a competing claim, which must not be forgotten.
 */
export function mayChange({ proof, verdict, isTransient }: Evaluated): boolean {
  const mayBecomeProven =
    verdict.reason.code === 'unproven-requester' &&
    proof.isManagedTenant !== false &&
    !hasCompetingClaim(proof) &&
    proof.refusals.some(({ code }) => isTransientRefusal(code))
  return isTransient || mayBecomeProven
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

/** True for an intent that still rests on the same rule of the same list: it is taken up again. */
export function isSameDecision({ state }: At<'applying'>, { verdict }: Evaluated): boolean {
  return (
    state.outcome === verdict.outcome &&
    state.rule === (verdict.decidedBy && nameOfRule(verdict.decidedBy)) &&
    state.ruleSetHash === verdict.ruleSetHash
  )
}

/** Azure's refusal is final: the same rule's decision is not sent again in this episode. */
export function isByRefusedRule({ refusedRule }: Request, { verdict }: Evaluated): boolean {
  return verdict.decidedBy !== undefined && refusedRule === nameOfRule(verdict.decidedBy)
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
