import type { Connection } from '../domain/connection.ts'
import { visible } from '../domain/printable.ts'
import { parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import { azure, nameOfRule, writeFollowUp } from './entries.ts'
import type { ConnectionRecord } from '../ports/ledger.ts'
import type { Look } from './look.ts'
import { isRecordedGroups, isSameEndpoint } from './records.ts'

export const statusUnknown = 'The connection is in a status that is not known here; it is looked at again.'

/** Seconds until Azure is asked again whether it has finished. */
export const finishingSeconds = 3

/** The connection of an open request is gone: the requester took it back, or the owner deleted it. */
export async function closeIfGone(look: Look, record: ConnectionRecord): Promise<undefined> {
  const id = parseResourceId(record.request.connectionId)
  if (!id) throw new RangeError(`The ledger holds "${record.request.connectionId}", which is no ARM id.`)
  await writeWithdrawn(look, record, id)
}

/** What is said of an answer that Azure took and could not carry out. */
export const provisioningFailed = 'ProvisioningFailed, it could not be carried out'

/** Writes that Azure refused the answer for good; a person has to look. */
export async function writeRefused(
  look: Look,
  record: ConnectionRecord,
  connectionId: ResourceId,
  what: string,
): Promise<undefined> {
  const { decidedBy } = record.lastEntry
  await writeFollowUp(
    look,
    record,
    connectionId,
    {
      kind: 'result',
      state: 'escalated',
      reason: { code: 'refused-by-azure', sentence: `Azure refused the answer: ${visible(what)}` },
    },
    undefined,
    { refusedRule: decidedBy && nameOfRule(decidedBy) },
  )
}

/** Says, once and aloud, that the answer was meant for another endpoint or other groups; a person has to look. */
export async function writeEndpointChanged(
  look: Look,
  record: ConnectionRecord,
  connectionId: ResourceId,
): Promise<undefined> {
  const { state, reason } = record.request
  if (state === 'escalated' && reason.code === 'endpoint-changed') return
  await writeFollowUp(look, record, connectionId, {
    kind: state === 'escalated' ? 'escalated' : 'abandoned',
    state: 'escalated',
    reason: {
      code: 'endpoint-changed',
      sentence:
        'Another endpoint, or another group of it, stands behind the connection than the one that was judged.',
    },
  })
  look.ports.log.error('The endpoint behind a connection changed while it was being answered.', {
    connection: connectionId.id,
  })
}

const longestPatienceSeconds = 1800

/** Says once that the answer takes longer, and in how many seconds to go on; or gives up and asks a person. */
export async function comeBack(
  look: Look,
  intent: ConnectionRecord,
  connectionId: ResourceId,
  askedSeconds: number,
  sentence: string,
): Promise<number | undefined> {
  const { lastEntry, request } = intent
  if (lastEntry.kind !== 'deferred') {
    const reason = { code: request.reason.code, sentence }
    await writeFollowUp(look, intent, connectionId, { kind: 'deferred', state: request.state, reason })
    return askedSeconds
  }
  const waitedSeconds = (look.ports.now().getTime() - Date.parse(lastEntry.at)) / 1000
  if (waitedSeconds > longestPatienceSeconds) return writeRefused(look, intent, connectionId, outOfPatience)
  return Math.max(askedSeconds, Math.ceil(waitedSeconds / 10))
}

export const notFinished = 'Azure took the answer and has not finished with it.'

/** What is said when patience is at its end. */
const outOfPatience = 'it was still busy after half an hour'

/** Writes that the requester's wish is no longer there to be answered. */
export function writeWithdrawn(
  look: Look,
  record: ConnectionRecord,
  connectionId: ResourceId,
): Promise<ConnectionRecord> {
  return writeFollowUp(
    look,
    record,
    connectionId,
    {
      kind: 'observed',
      state: 'withdrawn',
      reason: { code: 'final-state', sentence: 'The connection is gone; there is nothing left to answer.' },
    },
    azure,
  )
}

/**
 * The connection of an open request is no longer Pending. Either our own answer arrived while nobody was
 * there to write it down, or somebody else answered. Returns in how many seconds to look again when Azure is
 * still at work on it.
 */
export async function observeAnswered(
  look: Look,
  record: ConnectionRecord,
  live: Connection,
): Promise<number | undefined> {
  const { request } = record
  if (isOwnAnswer(record, live)) {
    // What stood there for a moment was not what was judged: that it looks right again settles nothing.
    if (request.reason.code === 'endpoint-changed') return undefined
    const progress = look.ports.connections.progressOf(live)
    if (request.state === 'escalated' && progress !== 'finished') return undefined
    if (progress === 'under-way') return comeBack(look, record, live.id, finishingSeconds, notFinished)
    if (progress === 'failed') return writeRefused(look, record, live.id, provisioningFailed)
    await writeFollowUp(look, record, live.id, {
      kind: 'result',
      state: live.status === 'Approved' ? 'approved' : 'rejected',
      reason:
        request.state === 'escalated'
          ? { code: 'final-state', sentence: 'Azure carried the answer out after all.' }
          : request.reason,
    })
    return undefined
  }
  if (isOwnAnswerElsewhere(record, live)) return writeEndpointChanged(look, record, live.id)
  const isDecided = live.status === 'Approved' || live.status === 'Rejected'
  await writeFollowUp(
    look,
    record,
    live.id,
    {
      kind: 'observed',
      state: isDecided ? 'settled-elsewhere' : 'withdrawn',
      reason: {
        code: 'final-state',
        sentence: isDecided
          ? `Somebody answered outside this app: the connection is ${live.status}.`
          : `The connection is ${live.status}; it no longer waits for an answer.`,
      },
    },
    azure,
  )
  return undefined
}

function isOwnAnswer(record: ConnectionRecord, live: Connection): boolean {
  return isSameEndpoint(record, live) && isRecordedGroups(record, live) && bearsOwnAnswer(record, live)
}

/** Our answer stands on an endpoint, or on groups, that were put there after the last look at them. */
function isOwnAnswerElsewhere(record: ConnectionRecord, live: Connection): boolean {
  return bearsOwnAnswer(record, live) && !isOwnAnswer(record, live)
}

function bearsOwnAnswer({ request, lastEntry }: ConnectionRecord, live: Connection): boolean {
  const { state, decisionId, reason } = request
  const wanted = { approve: 'Approved', reject: 'Rejected', escalate: undefined }[
    lastEntry.outcome ?? 'escalate'
  ]
  // Without a description nothing there can name the decision.
  const namesDecision =
    (live.answering === 'without-description' &&
      (state !== 'escalated' || reason.code === 'endpoint-changed')) ||
    live.description.includes(decisionId)
  return live.status === wanted && namesDecision
}
