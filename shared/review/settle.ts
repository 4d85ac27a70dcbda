import { isPending, type Connection } from '../domain/connection.ts'
import { type PreparedRules, requestersToAsk } from '../policy/index.ts'
import { answer, isIntentOf } from './answer.ts'
import { type Judged, nameOfRule } from './entries.ts'
import { escalate, mayBecomeProven } from './escalate.ts'
import { countAtSources } from './flood.ts'
import { holdOf } from './held-back.ts'
import { judge, keptBack } from './judge.ts'
import type { Look } from './look.ts'
import { comeBack, finishingSeconds, statusUnknown, writeWithdrawn } from './observe.ts'
import type { ConnectionRecord } from '../ports/ledger.ts'
import type { Prover } from '../ports/azure.ts'
import { isOpen, isSameEndpoint } from './records.ts'
import type { Vicinity } from './vicinity.ts'

/** A list may show a connection as Pending for a while after its answer was written. */
const staleReadSeconds = 60
/** Afterwards the newest rules judge by what was asked for the ones before: what is missing is unknown. */
const mostTries = 3

/**
 * Settles one connection that waits, or that is in a status nobody knows: proves who asks, judges, and approves,
 * rejects or escalates. Returns in how many seconds to come back when Azure is busy or still at work.
 * @throws LedgerConflict when somebody else wrote first, AzureBusy when Azure asks to come back later.
 */
export async function settle(
  look: Look,
  newestRules: () => Promise<PreparedRules>,
  connection: Connection,
  prover: Prover,
  vicinity: Vicinity,
): Promise<number | undefined> {
  const { ports } = look
  const record = await closeReplaced(look, await ports.ledger.read(connection.id), connection)
  const episode = episodeOf(record, connection, ports.now())
  if (episode === 'perhaps-stale') return look.isFollowed ? undefined : staleReadSeconds / 4
  const isUnderWay = record?.request.episode === episode && record.request.state !== 'escalated'
  if (record && isUnderWay && !isPending(connection)) {
    return comeBack(look, record, connection.id, finishingSeconds, statusUnknown)
  }
  const { mayBecomeKnown, ...found } = await judgeByNewest(look, newestRules, connection, prover, vicinity)
  const judged: Judged = { ...found, connection, episode }
  const { verdict } = judged
  if (verdict.outcome === 'escalate') {
    if (look.isFollowed && (mayBecomeKnown || mayBecomeProven(judged))) return undefined
    const isFirstVerdict = record?.request.episode !== episode
    const flood = isFirstVerdict ? await countAtSources(look, record, judged) : undefined
    await escalate(look, record, judged, flood && { ...flood, heldBack: undefined })
    return undefined
  }
  if (isRefusedAlready(record, judged)) return undefined
  if (verdict.outcome === 'approve') vicinity.countAsApproved(connection)
  if (isIntentOf(record, judged, verdict.outcome)) return answer(look, record, judged, verdict.outcome)
  const hold = await holdOf(look, record, judged)
  if (!hold) return answer(look, record, judged, verdict.outcome)
  await escalate(look, record, { ...judged, verdict: keptBack(verdict, hold) }, hold)
  return undefined
}

interface Found extends Pick<Judged, 'proof' | 'surroundings' | 'verdict'> {
  readonly mayBecomeKnown: boolean
}

/** Proving takes a while: rules that were changed meanwhile may ask other requesters, so it is done anew. */
async function judgeByNewest(
  look: Look,
  newestRules: () => Promise<PreparedRules>,
  connection: Connection,
  prover: Prover,
  vicinity: Vicinity,
): Promise<Found> {
  let newest = await newestRules()
  for (let tries = 1; ; tries += 1) {
    const used = newest
    const targetGroups = await vicinity.targetGroups(used)
    const proof = await prover.prove(connection, requestersToAsk(used, connection, targetGroups))
    const { surroundings, mayBecomeKnown } = await vicinity.around(used, connection, proof)
    newest = await newestRules()
    if (newest === used || !newest.complete || tries === mostTries) {
      const verdict = judge({ connection, proof, surroundings }, newest, look)
      return { proof, surroundings, verdict, mayBecomeKnown }
    }
  }
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

/** Azure's refusal is final: the same answer for the same reason is not sent again; a person has been asked. */
function isRefusedAlready(record: ConnectionRecord | undefined, { episode, verdict }: Judged): boolean {
  const refused = record?.request.episode === episode ? record.request.refusedRule : undefined
  return refused !== undefined && verdict.decidedBy !== undefined && refused === nameOfRule(verdict.decidedBy)
}
