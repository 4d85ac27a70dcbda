import type { Request } from '../domain/decision.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { Reason } from '../domain/verdict.ts'
import { azure, policy, writeFollowUp } from './entries.ts'
import type { Look } from './look.ts'
import type { ConnectionRecord } from '../ports/ledger.ts'
import type { TargetUnreadable } from '../ports/azure.ts'

/**
 * True for the record of a target whose connections could not be read. Nobody knows then which connections wait, so
 * the record stands for all of them: its connection id is the id of the target itself.
 */
export function standsForTarget({ request }: ConnectionRecord): boolean {
  return request.connectionId === request.targetId
}

/**
 * Tells people, once, that a target cannot be read, after the looks that may still find it readable. A target that
 * only an endpoint of ours names may be somebody else's, which is never ours to read.
 */
export async function tellUnreadable(
  look: Look,
  target: ResourceId,
  { message: sentence }: TargetUnreadable,
): Promise<undefined> {
  const { ledger, log } = look.ports
  if (look.isFromEndpoint) {
    log.info('An endpoint names a target that is not ours to read.', { target: target.id })
    return
  }
  if (look.isFollowed) return
  const before = await ledger.read(target)
  const open = before?.request.state === 'escalated' ? before : undefined
  if (open?.request.reason.sentence === sentence) return
  const episode = open?.request.episode ?? (before?.request.episode ?? 0) + 1
  await write(look, target, before, {
    connectionId: target.id,
    targetId: target.id,
    endpointId: undefined,
    episode,
    state: 'escalated',
    firstSeenAt: open?.request.firstSeenAt ?? look.ports.now().toISOString(),
    decisionId: ledger.nextDecisionId(target, before, episode),
    reason: { code: 'target-unreadable', sentence },
    refusedRule: undefined,
    caseId: undefined,
  })
  log.error('The connections of a target cannot be read; a person has to look.', {
    target: target.id,
    problem: sentence,
  })
}

/** The target can be read again: its connections speak for themselves from here on. */
export async function closeReadable(
  look: Look,
  record: ConnectionRecord,
  target: ResourceId,
): Promise<undefined> {
  const reason: Reason = {
    code: 'final-state',
    sentence: 'The connections of this target can be read again.',
  }
  await writeFollowUp(look, record, target, { kind: 'observed', state: 'withdrawn', reason }, azure)
}

async function write(
  look: Look,
  target: ResourceId,
  before: ConnectionRecord | undefined,
  request: Request,
): Promise<void> {
  const { decisionId, state, reason, firstSeenAt, caseId } = request
  const at = look.ports.now().toISOString()
  await look.ports.ledger.write(target, before, request, {
    kind: 'escalated',
    at,
    decisionId,
    state,
    reason,
    caseId,
    actor: policy,
    outcome: 'escalate',
    proof: undefined,
    groupIds: undefined,
    requesterSaid: undefined,
    decidedBy: undefined,
    nearest: undefined,
    audited: [],
    ruleSetHash: undefined,
    firstSeenAt,
    secondsSinceFirstSeen: (Date.parse(at) - Date.parse(firstSeenAt)) / 1000,
    correlationId: look.correlationId,
  })
}
