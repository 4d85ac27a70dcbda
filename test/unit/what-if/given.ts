import type { LogEntry } from '../../../shared/domain/log-entry.ts'
import type { Facts, Verdict } from '../../../shared/domain/verdict.ts'
import { recordedContext } from '../../../shared/request/bounded.ts'

/** The entry that the app writes when it reaches this verdict by these facts. */
export function entryOf({ connection, proof, context }: Facts, verdict: Verdict): LogEntry {
  return {
    sequence: 1,
    kind: verdict.outcome === 'escalate' ? 'escalated' : 'intent',
    basis: 'verdict',
    at: '2026-11-20T08:00:00.000Z',
    decisionId: '0123456789abcdef0123.1.1',
    subject: {
      kind: 'connection',
      connectionId: connection.id.id,
      targetId: connection.target.id,
      endpointId: connection.endpoint?.id,
    },
    episode: 1,
    state: verdict.outcome === 'escalate' ? 'open' : 'applying',
    actor: { kind: 'policy' },
    reason: verdict.reason,
    outcome: verdict.outcome,
    proof,
    groupIds: connection.groupIds ?? proof.groupIds,
    requesterSaid: connection.description,
    decidedBy: verdict.decidedBy,
    nearest: verdict.nearest,
    audited: verdict.audited,
    evaluatedRules: [],
    evaluatedCount: verdict.explanation.length,
    ruleSetHash: verdict.ruleSetHash,
    terms: verdict.terms,
    context: recordedContext(context),
    caseId: undefined,
    firstSeenAt: '2026-11-20T08:00:00.000Z',
    secondsSinceFirstSeen: 0,
    correlationId: undefined,
  }
}
