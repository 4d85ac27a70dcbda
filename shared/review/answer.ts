import { isAnswered, isPending, type Connection } from '../domain/connection.ts'
import { currentRules } from './current-rules.ts'
import { type Judged, nameOfRule, writeFollowUp, writeVerdict } from './entries.ts'
import type { Look } from './look.ts'
import {
  closeIfGone,
  comeBack,
  finishingSeconds,
  notFinished,
  observeAnswered,
  provisioningFailed,
  statusUnknown,
  writeEndpointChanged,
  writeRefused,
} from './observe.ts'
import type { Answer } from '../ports/azure.ts'
import type { ConnectionRecord } from '../ports/ledger.ts'
import { isSameEndpoint, isSameGroups, isSameRule } from './records.ts'

const longestDescription = 140
const intentStates = { approve: 'approving', reject: 'rejecting' } as const

/**
 * Answers a connection: intent, a last look at what stands behind it, the write, and reading back. Returns in how many
 * seconds to come back when Azure is busy or still at work.
 */
export async function answer(
  look: Look,
  record: ConnectionRecord | undefined,
  judged: Judged,
  outcome: 'approve' | 'reject',
): Promise<number | undefined> {
  const { connections } = look.ports
  const intent = await writeIntent(look, record, judged, outcome)
  const written = answerOf(intent, judged, outcome)

  look.signal.throwIfAborted()
  const now = await connections.read(judged.connection)
  if (!now) return closeIfGone(look, intent)
  if (!isSameEndpoint(intent, now) || !isSameGroups(judged.connection, now)) {
    return writeEndpointChanged(look, intent, now.id)
  }
  if (isAnswered(now)) return observeAnswered(look, intent, now)
  if (!isPending(now)) return comeBack(look, intent, now.id, finishingSeconds, statusUnknown)

  if (!(await isJudgedByNewest(look, judged))) return secondsUntilJudgedAnew
  look.signal.throwIfAborted()
  const came = await connections.answer(now, written)
  switch (came.kind) {
    case 'gone':
      return goneOrRefused(look, intent, now)
    case 'come-back': {
      const deferred = `Azure is busy (${came.code}); the answer is tried again.`
      return comeBack(look, intent, now.id, came.afterSeconds, deferred)
    }
    case 'refused':
      return writeRefused(look, intent, now.id, `${came.code}, ${came.message}`)
    case 'written':
      return readBack(look, intent, judged, written)
  }
}

/** The allow-list has changed meanwhile. */
const secondsUntilJudgedAnew = 1

async function isJudgedByNewest({ ports }: Look, { verdict }: Judged): Promise<boolean> {
  const newest = await currentRules(ports.rules)
  return newest.complete && newest.hash === verdict.ruleSetHash
}

/** True for an intent that a crash left open, when it still rests on the same rule of the same list: it is taken up again. */
export function isIntentOf(
  record: ConnectionRecord | undefined,
  { verdict, episode }: Judged,
  outcome: 'approve' | 'reject',
): record is ConnectionRecord {
  return (
    record?.request.episode === episode &&
    record.request.state === intentStates[outcome] &&
    isSameRule(record.lastEntry.decidedBy, verdict.decidedBy) &&
    record.lastEntry.ruleSetHash === verdict.ruleSetHash
  )
}

async function writeIntent(
  look: Look,
  record: ConnectionRecord | undefined,
  judged: Judged,
  outcome: 'approve' | 'reject',
): Promise<ConnectionRecord> {
  if (isIntentOf(record, judged, outcome)) return record
  const { reason } = judged.verdict
  return writeVerdict(look, record, judged, { kind: 'intent', state: intentStates[outcome], reason })
}

/** Believes only what Azure shows after the write. */
async function readBack(
  look: Look,
  intent: ConnectionRecord,
  judged: Judged,
  written: Answer,
): Promise<number | undefined> {
  const { connections } = look.ports
  const after = await connections.read(judged.connection)
  if (!after) return closeIfGone(look, intent)
  if (!isSameEndpoint(intent, after) || !isSameGroups(judged.connection, after)) {
    return writeEndpointChanged(look, intent, after.id)
  }
  const progress = connections.progressOf(after)
  if (progress === 'failed') return writeRefused(look, intent, after.id, provisioningFailed)
  if (after.status !== written.status || progress === 'under-way') {
    return comeBack(look, intent, after.id, finishingSeconds, notFinished)
  }
  await writeFollowUp(look, intent, judged.connection.id, {
    kind: 'result',
    state: written.status === 'Approved' ? 'approved' : 'rejected',
    reason: intent.request.reason,
  })
  return undefined
}

/** Azure says that the connection is not there. Where it still shows it, that is a refusal. */
async function goneOrRefused(look: Look, intent: ConnectionRecord, before: Connection): Promise<undefined> {
  const still = await look.ports.connections.read(before)
  if (!still) return closeIfGone(look, intent)
  return writeRefused(
    look,
    intent,
    still.id,
    'it says that the connection does not exist, and still shows it',
  )
}

function answerOf(intent: ConnectionRecord, { verdict }: Judged, outcome: 'approve' | 'reject'): Answer {
  const status = outcome === 'approve' ? 'Approved' : 'Rejected'
  const rule = verdict.decidedBy ? `, rule ${nameOfRule(verdict.decidedBy)}` : ''
  const description = `${status} by private-endpoint-approver, decision ${intent.request.decisionId}${rule}`
  return { status, description: description.slice(0, longestDescription) }
}
