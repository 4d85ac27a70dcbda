import { isAnswered, isPending, type Connection } from '../domain/connection.ts'
import { isSameName } from '../domain/resource-id.ts'
import type { RefusalCode } from '../domain/proof.ts'
import type { Facts, Reason, Verdict } from '../domain/verdict.ts'
import { evaluate, type PreparedRules, requestersToAsk } from '../policy/index.ts'
import { type Judged, nameOfRule, writeFollowUp, writeVerdict } from './entries.ts'
import { countAtSources, type Flood, floodOf } from './flood.ts'
import {
  closeIfGone,
  comeBack,
  finishingSeconds,
  notFinished,
  observeAnswered,
  provisioningFailed,
  writeRefused,
  writeWithdrawn,
} from './observe.ts'
import type { Answer, ConnectionRecord } from './ports.ts'
import type { Look } from './look.ts'

/** A list may show a connection as Pending for a while after its answer was written. */
const staleReadSeconds = 60
const longestDescription = 140
const statusUnknown = 'The connection is in a status that is not known here; it is looked at again.'

/**
 * Settles one connection that waits, or that is in a status nobody knows: proves who asks, judges, and approves,
 * rejects or escalates. Returns in how many seconds to come back when Azure is busy or still at work.
 * @throws LedgerConflict when somebody else wrote first, AzureBusy when Azure asks to come back later.
 */
export async function settle(
  look: Look,
  rules: PreparedRules,
  connection: Connection,
  siblings: readonly Connection[],
): Promise<number | undefined> {
  const { ports } = look
  const record = await closeReplaced(look, await ports.ledger.read(connection.id), connection)
  const episode = episodeOf(record, connection, ports.now())
  if (episode === 'perhaps-stale') return look.isFollowed ? undefined : staleReadSeconds / 4
  const isUnderWay = record?.request.episode === episode && record.request.state !== 'escalated'
  if (record && isUnderWay && !isPending(connection)) {
    return comeBack(look, record, connection.id, finishingSeconds, statusUnknown)
  }
  const proof = await ports.proofs.prove(connection, siblings, requestersToAsk(rules, connection))
  const verdict = judge({ connection, proof }, rules, ports.now())
  const judged: Judged = { connection, proof, verdict, episode }
  if (verdict.outcome === 'escalate') {
    if (look.isFollowed && mayBecomeProven(judged)) return undefined
    const isFirstVerdict = record?.request.episode !== episode
    const flood = isFirstVerdict ? await countAtSources(look, record, judged) : undefined
    await escalate(look, record, judged, flood)
    return undefined
  }
  if (isRefusedAlready(record, judged)) return undefined
  if (isIntentOf(record, judged, verdict.outcome)) return answer(look, record, judged, verdict.outcome)
  const flood = await floodOf(look, record, judged)
  if (!flood) return answer(look, record, judged, verdict.outcome)
  await escalate(look, record, { ...judged, verdict: keptBack(verdict, flood) }, flood)
  return undefined
}

/** The policy's verdict; what this app cannot or must not answer goes to a person, whatever the rules say. */
function judge(facts: Facts, rules: PreparedRules, now: Date): Verdict {
  const verdict = evaluate(facts, rules, now)
  const reason = unanswerable(facts.connection, verdict.reason)
  return reason ? { ...verdict, outcome: 'escalate', reason, decidedBy: undefined } : verdict
}

/** A verdict that a flood turns into a question to a person; the rule that would have decided stays named. */
function keptBack(verdict: Verdict, { sentence }: Flood): Verdict {
  return { ...verdict, outcome: 'escalate', reason: { code: 'flood', sentence } }
}

/** Why a connection is not answered by this app at all; undefined when it may be. */
function unanswerable(connection: Connection, { sentence }: Reason): Reason | undefined {
  const { target, status, answering } = connection
  if (!isPending(connection)) {
    const words = `The connection's status is "${status.slice(0, 50)}", which is not known here.`
    return { code: 'unknown-status', sentence: words }
  }
  if (answering === 'no-operation') {
    const words = `Azure publishes no operation that answers connections of ${target.type}; a person has to, in the portal.`
    return { code: 'no-approving-operation', sentence: `${words} ${sentence}` }
  }
  if (answering === 'unlisted-type') {
    const words = `${target.type} is not in the table of resource types, so nothing is answered for it here.`
    return { code: 'type-not-in-table', sentence: `${words} ${sentence}` }
  }
  return undefined
}

/** Another endpoint under the id of an open request: that request is over. */
async function closeReplaced(
  look: Look,
  record: ConnectionRecord | undefined,
  connection: Connection,
): Promise<ConnectionRecord | undefined> {
  if (!record || !isOpen(record) || isSameEndpoint(record, connection)) return record
  return writeWithdrawn(look, record, connection.id)
}

/**
 * The number of this wait for an answer. A connection that was settled and is Pending again waits anew: the
 * requester may resubmit a rejected one under the same id. Another endpoint under the same id is a new request.
 */
function episodeOf(
  record: ConnectionRecord | undefined,
  connection: Connection,
  now: Date,
): number | 'perhaps-stale' {
  if (!record) return 1
  const { request, lastEntry } = record
  if (!isSameEndpoint(record, connection)) return request.episode + 1
  if (isOpen(record)) return request.episode
  const ageSeconds = (now.getTime() - Date.parse(lastEntry.at)) / 1000
  const isOwn = request.state === 'approved' || request.state === 'rejected'
  return isOwn && ageSeconds < staleReadSeconds ? 'perhaps-stale' : request.episode + 1
}

function isOpen({ request }: ConnectionRecord): boolean {
  return request.state === 'approving' || request.state === 'rejecting' || request.state === 'escalated'
}

function isSameEndpoint({ request }: ConnectionRecord, connection: Connection): boolean {
  return isSameName(request.endpointId ?? '', connection.endpoint?.id ?? '')
}

function isSameGroups(judged: Connection, now: Connection): boolean {
  return [...(judged.groupIds ?? [])].sort().join() === [...(now.groupIds ?? [])].sort().join()
}

async function escalate(
  look: Look,
  record: ConnectionRecord | undefined,
  judged: Judged,
  flood: Flood | undefined,
): Promise<void> {
  const { reason } = judged.verdict
  if (isAlreadyEscalated(record, judged)) return
  const leavesIntent =
    record?.request.episode === judged.episode && record.request.state !== 'escalated' && isOpen(record)
  await writeVerdict(
    look,
    record,
    judged,
    { kind: leavesIntent ? 'abandoned' : 'escalated', state: 'escalated', reason, caseId: flood?.caseId },
    flood?.heldBack && { heldBack: flood.heldBack },
  )
  const facts = { connection: judged.connection.id.id, code: reason.code }
  if (flood)
    look.ports.log.info('A request belongs to the case of a flood.', { ...facts, caseId: flood.caseId })
  else look.ports.log.warn('A request waits for a person.', facts)
}

const passingRefusals: readonly RefusalCode[] = [
  'managed-endpoint-not-ready',
  'could-not-ask',
  'tenant-unknown',
]

/**
 * The requester has made the endpoint and does not show it as waiting yet (Synapse takes up to 90 s), or could
 * not be asked just now. The looks that follow will tell; the last of them asks a person. That an endpoint of a
 * foreign tenant cannot be read is no such case: it never can.
 */
function mayBecomeProven({ proof, verdict }: Judged): boolean {
  return (
    verdict.reason.code === 'unproven-requester' &&
    proof.isManagedTenant !== false &&
    proof.refusals.some(({ code }) => passingRefusals.includes(code))
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

/** Azure's refusal is final: the same answer for the same reason is not sent again; a person has been asked. */
function isRefusedAlready(record: ConnectionRecord | undefined, { episode, verdict }: Judged): boolean {
  const refused = record?.request.episode === episode ? record.request.refusedRule : undefined
  return refused !== undefined && verdict.decidedBy !== undefined && refused === nameOfRule(verdict.decidedBy)
}

type Decider = Judged['verdict']['decidedBy']

function isSameRule(a: Decider, b: Decider): boolean {
  return a?.ruleId === b?.ruleId && a?.ruleVersion === b?.ruleVersion
}

async function answer(
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
    return endpointChanged(look, intent, judged)
  }
  if (isAnswered(now)) return observeAnswered(look, intent, now)
  if (!isPending(now)) return comeBack(look, intent, now.id, finishingSeconds, statusUnknown)

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

/** An intent left open by a crash is taken up again, unless it now rests on another rule. */
function isIntentOf(
  record: ConnectionRecord | undefined,
  { verdict, episode }: Judged,
  outcome: 'approve' | 'reject',
): record is ConnectionRecord {
  return (
    record?.request.episode === episode &&
    record.request.state === intentStates[outcome] &&
    isSameRule(record.lastEntry.decidedBy, verdict.decidedBy)
  )
}

const intentStates = { approve: 'approving', reject: 'rejecting' } as const

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
  if (!isSameEndpoint(intent, after)) return endpointChanged(look, intent, judged)
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

async function endpointChanged(look: Look, intent: ConnectionRecord, judged: Judged): Promise<undefined> {
  await writeFollowUp(look, intent, judged.connection.id, {
    kind: 'abandoned',
    state: 'escalated',
    reason: {
      code: 'endpoint-changed',
      sentence:
        'Another endpoint, or another group of it, stands behind the connection than the one that was judged.',
    },
  })
  look.ports.log.error('The endpoint behind a connection changed while it was being answered.', {
    connection: judged.connection.id.id,
  })
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
