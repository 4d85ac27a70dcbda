import { type Connection, isDecided } from '../domain/connection.ts'
import type { Claim, ClaimConnection, Fate, PersonsNo } from '../domain/claim.ts'
import type { Proof } from '../domain/proof.ts'
import type { RefusalCode } from '../domain/refusal-codes.ts'
import type { KnownRules, Request } from '../domain/request.ts'
import { isSameName, type ResourceId } from '../domain/resource-id.ts'
import { hasAttempted, isNamedDecision, shownAttempt, statusOf } from './identity.ts'

const dayMs = 24 * 3600 * 1000
/** What was not seen for so long is forgotten. */
export const rememberedMs = 90 * dayMs
const maxConnections = 12
const maxStatusLength = 50
const maxDescriptionLength = 140
const maxDoubtLength = 400

/** A connection of an endpoint that is new or has changed, as a review pass found it. */
export interface Seen {
  readonly connection: Connection
  readonly fate: Fate
}

/** What became of a connection. `request`: its record, if it has one. */
export function fateOf(live: Connection, request: Request | undefined): Fate {
  if (!isDecided(live)) return 'waiting'
  const isByApp = request !== undefined && isOurDecision(request, live)
  if (live.status === 'Approved') return isByApp ? 'approved-by-app' : 'approved-by-person'
  const isTakenBack = request !== undefined && hasAttempted(request, 'approve')
  if (live.status === 'Rejected') {
    if (isByApp) return 'rejected-by-app'
    return isTakenBack ? 'taken-back' : 'rejected-by-person'
  }
  // What the endpoint's own side disconnects keeps the description of our approval.
  return isTakenBack && !isNamedDecision(request, live) ? 'taken-back' : 'disconnected'
}

/** What became of a decided connection whose record cannot be read: whatever releases nothing. */
export function fateUnknown({ status }: Connection): Fate {
  if (status === 'Approved') return 'approved-by-app'
  return status === 'Rejected' ? 'rejected-by-person' : 'taken-back'
}

/** As Azure shows it, or, for types that keep no description, as the ledger holds it. */
function isOurDecision(request: Request, live: Connection): boolean {
  const { state } = request
  const isRecorded = state.name === 'applied' && statusOf[state.outcome] === live.status
  return (
    shownAttempt(request, live) !== undefined || (live.writeSupport === 'without-description' && isRecorded)
  )
}

/** True for what is a person's “no”. */
export function isNo(fate: Fate): fate is PersonsNo['fate'] {
  return fate === 'rejected-by-person' || fate === 'taken-back'
}

/** True for a connection that was seen before and has not changed since. */
export function isKnown(claim: Claim | undefined, connection: Connection): boolean {
  const now = shownBy(connection)
  return (claim?.connections ?? []).some(
    (known) =>
      isSameName(known.connectionId, now.connectionId) &&
      known.status === now.status &&
      known.description === now.description,
  )
}

function shownBy(connection: Connection): Omit<ClaimConnection, 'fate'> {
  const { id, status, description } = connection
  return {
    connectionId: id.id,
    status: status.slice(0, maxStatusLength),
    description:
      status === 'Approved' || status === 'Rejected' ? description.slice(0, maxDescriptionLength) : '',
  }
}

/** True when the endpoint was not seen for so long that it no longer counts. */
export function isForgotten({ lastSeenAt }: Claim, at: Date): boolean {
  return Date.parse(lastSeenAt) <= at.getTime() - rememberedMs
}

/**
 * What is remembered of an endpoint that a review pass found listed. `before` itself when nothing has changed: then
 * nothing is written.
 * @param news its connections that are new or have changed.
 * @param knownRules the rules of today for the target, in case a person's “no” is among what is seen.
 */
export function claimAfter(
  before: Claim | undefined,
  endpoint: ResourceId,
  news: readonly Seen[],
  knownRules: KnownRules | undefined,
  now: Date,
): Claim {
  const at = now.toISOString()
  if (before && news.length === 0 && now.getTime() - Date.parse(before.lastSeenAt) < dayMs) return before
  const fates = news.map(({ fate }) => fate)
  const no = fates.find(isNo)
  return {
    endpointId: before?.endpointId ?? endpoint.id,
    firstSeenAt: before?.firstSeenAt ?? at,
    lastSeenAt: at,
    connections: connectionsAfter(before?.connections ?? [], news),
    approvedAt: fates.includes('approved-by-person') ? at : before?.approvedAt,
    refusal: no === undefined ? before?.refusal : { at, fate: no, knownRules },
    doubt: before?.doubt,
    held: before?.held,
  }
}

function connectionsAfter(
  before: readonly ClaimConnection[],
  news: readonly Seen[],
): readonly ClaimConnection[] {
  const isNews = (connectionId: string) =>
    news.some(({ connection: { id } }) => isSameName(id.id, connectionId))
  const added = news.map(({ connection, fate }) => ({ ...shownBy(connection), fate }))
  return [...before.filter(({ connectionId }) => !isNews(connectionId)), ...added].slice(-maxConnections)
}

/** Codes of a competing claim that may not be shown by a list of later. */
const doubts: readonly RefusalCode[] = [
  'competing-claim',
  'competing-claim-hidden',
  'competing-claim-unexplained',
]

/** The claim with the competing claim that the proof found; undefined when there is none, or it is remembered. */
export function doubtedBy(claim: Claim, { refusals }: Proof, now: Date): Claim | undefined {
  const found = refusals.find(({ code }) => doubts.includes(code))
  if (!found || (claim.doubt && now.getTime() - Date.parse(claim.doubt.at) < rememberedMs)) return undefined
  return { ...claim, doubt: { at: now.toISOString(), sentence: found.sentence.slice(0, maxDoubtLength) } }
}
