import type { Connection } from '../domain/connection.ts'
import type { Actor, EntryKind, Request, RequestState } from '../domain/decision.ts'
import type { Proof } from '../domain/proof.ts'
import type { Reason, RuleExplanation, Surroundings, Verdict } from '../domain/verdict.ts'
import { bounded, recordedSurroundings } from './bounded.ts'
import type { ConnectionRecord, NewEntry } from '../ports/ledger.ts'
import type { Look } from './look.ts'

export const policy: Actor = { kind: 'policy' }
export const azure: Actor = { kind: 'azure' }

/** One step in the life of a request, as the policy took it. */
export interface Step {
  readonly kind: EntryKind
  readonly state: RequestState
  readonly reason: Reason
  /** Of the case that a flood of requests was gathered in. */
  readonly caseId?: string | undefined
}

/** What a fresh verdict rests on. */
export interface Judged {
  readonly connection: Connection
  readonly proof: Proof
  readonly surroundings: Surroundings
  readonly verdict: Verdict
  readonly episode: number
}

/** `{rule} v{version}`. */
export function nameOfRule({ ruleId, ruleVersion }: RuleExplanation): string {
  return `${ruleId} v${ruleVersion}`
}

/** Writes a step that follows from a verdict just reached; it gets a decision id of its own. */
export function writeVerdict(
  look: Look,
  record: ConnectionRecord | undefined,
  judged: Judged,
  step: Step,
  change: Partial<Request> = {},
): Promise<ConnectionRecord> {
  const { connection, proof, surroundings, verdict, episode } = judged
  const { ledger, now } = look.ports
  const at = now().toISOString()
  const decisionId = ledger.nextDecisionId(connection.id, record, episode)
  const before = record?.request.episode === episode ? record.request : undefined
  const firstSeenAt = before?.firstSeenAt ?? at
  const caseId = step.caseId ?? before?.caseId
  const request: Request = {
    connectionId: connection.id.id,
    targetId: connection.target.id,
    endpointId: connection.endpoint?.id,
    episode,
    state: step.state,
    firstSeenAt,
    decisionId,
    reason: step.reason,
    refusedRule: before?.refusedRule,
    caseId,
    heldBack: before?.heldBack,
    ...change,
  }
  const entry: NewEntry = {
    ...step,
    caseId,
    at,
    decisionId,
    actor: policy,
    outcome: verdict.outcome,
    proof,
    groupIds: connection.groupIds ?? proof.groupIds,
    requesterSaid: connection.description,
    decidedBy: verdict.decidedBy,
    nearest: verdict.nearest,
    audited: verdict.audited,
    ruleSetHash: verdict.ruleSetHash,
    terms: verdict.terms,
    surroundings: recordedSurroundings(surroundings),
    firstSeenAt,
    secondsSinceFirstSeen: secondsBetween(firstSeenAt, at),
    correlationId: look.correlationId,
  }
  return ledger.write(connection.id, record, request, bounded(entry))
}

/** Writes a further step of the decision in force: what it rests on stays as it was written. */
export function writeFollowUp(
  look: Look,
  record: ConnectionRecord,
  connectionId: Connection['id'],
  step: Step,
  actor: Actor = policy,
  change: Partial<Request> = {},
): Promise<ConnectionRecord> {
  const at = look.ports.now().toISOString()
  const { lastEntry, request } = record
  const entry: NewEntry = {
    ...lastEntry,
    ...step,
    at,
    actor,
    secondsSinceFirstSeen: secondsBetween(request.firstSeenAt, at),
    correlationId: look.correlationId,
  }
  return look.ports.ledger.write(
    connectionId,
    record,
    {
      ...request,
      state: step.state,
      reason: step.kind === 'deferred' ? request.reason : step.reason,
      ...change,
    },
    bounded(entry),
  )
}

function secondsBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000)
}
