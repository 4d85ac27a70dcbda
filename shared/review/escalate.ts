import { mayPass } from '../domain/refusal-codes.ts'
import { type Judged, writeVerdict } from './entries.ts'
import { claimsTheSame, hasNewRival, heldBackNow, type Hold } from './held-back.ts'
import type { Look } from './look.ts'
import type { ConnectionRecord } from '../ports/ledger.ts'
import { isSameRule } from './records.ts'

/** Writes that a request waits for a person, unless people know of it and there is nothing new to know. */
export async function escalate(
  look: Look,
  record: ConnectionRecord | undefined,
  judged: Judged,
  hold: Hold | undefined,
): Promise<void> {
  const { reason } = judged.verdict
  const before = record?.request.episode === judged.episode ? record.request : undefined
  const rival =
    !hold?.heldBack && hasNewRival(judged, before) ? heldBackNow('rival', judged.verdict) : undefined
  if (!rival && isAlreadyEscalated(record, judged)) return
  const leavesIntent = before?.state === 'approving' || before?.state === 'rejecting'
  const heldBack = hold?.heldBack ?? rival
  await writeVerdict(
    look,
    record,
    judged,
    { kind: leavesIntent ? 'abandoned' : 'escalated', state: 'escalated', reason, caseId: hold?.caseId },
    heldBack && { heldBack },
  )
  const facts = { connection: judged.connection.id.id, code: reason.code }
  if (hold?.reason.code === 'flood')
    look.ports.log.info('A request belongs to the case of a flood.', { ...facts, caseId: hold.caseId })
  else look.ports.log.warn('A request waits for a person.', facts)
}

/**
 * The requester has made the endpoint and does not show it as waiting yet (Synapse takes up to 90 s), or could
 * not be asked just now. The looks that follow will tell; the last of them asks a person. That an endpoint of a
 * foreign tenant cannot be read is no such case: it never can. Neither is a rival, who must not be forgotten.
 */
export function mayBecomeProven({ proof, verdict }: Judged): boolean {
  return (
    verdict.reason.code === 'unproven-requester' &&
    proof.isManagedTenant !== false &&
    !claimsTheSame(proof) &&
    proof.refusals.some(({ code }) => mayPass(code))
  )
}

/** Looking again at something people already know of writes nothing, unless there is something new to know. */
function isAlreadyEscalated(
  record: ConnectionRecord | undefined,
  { episode, proof, verdict }: Judged,
): boolean {
  if (record?.request.episode !== episode || record.request.state !== 'escalated') return false
  const before = record.lastEntry
  return (
    before.reason.code === verdict.reason.code &&
    before.proof?.refusals[0]?.code === proof.refusals[0]?.code &&
    before.proof?.level === proof.level &&
    isSameRule(before.decidedBy, verdict.decidedBy)
  )
}
