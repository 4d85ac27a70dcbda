import { type Connection, isDecided } from '../domain/connection.ts'
import type { Claim, ClaimConnection, Fate, PersonsNo } from '../domain/claim.ts'
import type { Proof } from '../domain/proof.ts'
import type { RefusalCode } from '../domain/refusal-codes.ts'
import type { KnownRules, Request } from '../domain/request.ts'
import { isSameName, type ResourceId } from '../domain/resource-id.ts'
import type { VersionOfRule } from '../domain/verdict.ts'
import { isNewSince } from './hold.ts'
import {
  hasAttempted,
  isOfEpisode,
  isOtherEndpoint,
  maxDescriptionLength,
  mayBeOurs,
  namedAttempt,
} from './identity.ts'

const dayMs = 24 * 3600 * 1000
/** What was not seen for so long is forgotten. */
export const rememberedMs = 90 * dayMs
const maxConnections = 12
const maxStatusLength = 50
const maxDoubtLength = 400

/** A connection of an endpoint that is new or has changed, as a review pass found it. */
export interface Seen {
  readonly connection: Connection
  readonly fate: Fate
}

/**
 * What became of a connection. An approval that may be this app's is no person's, and a rejection that may be a
 * person's is theirs: ids of decisions are public, and requesters write them into their messages.
 * @param request its record, if it has one.
 * @param before the connection as it was seen last.
 */
export function fateOf(
  live: Connection,
  request: Request | undefined,
  before: ClaimConnection | undefined,
): Fate {
  if (!isDecided(live)) return 'waiting'
  if (live.status === 'Approved')
    return request && mayBeOurs(request, live) ? 'approved-by-app' : 'approved-by-person'
  const isTakenBack = request !== undefined && hasAttempted(request, 'approve')
  if (live.status === 'Rejected') {
    if (request && isRejectedByUs(request, live, before)) return 'rejected-by-app'
    return isTakenBack ? 'taken-back' : 'rejected-by-person'
  }
  // What the endpoint's own side disconnects keeps the description of our approval.
  return isTakenBack && !namedAttempt(request, live, 'approve') ? 'taken-back' : 'disconnected'
}

/**
 * True when no person can have rejected it: as Azure shows a decision of this episode, or, for types that keep no
 * description, as the ledger holds it; and it has not waited since.
 */
function isRejectedByUs(request: Request, live: Connection, before: ClaimConnection | undefined): boolean {
  const { state } = request
  if (isOtherEndpoint(request, live)) return false
  const named = namedAttempt(request, live, 'reject')
  const isNamed = named !== undefined && isOfEpisode(request, named.decisionId)
  if (state.name === 'applying') return state.outcome === 'reject' && isNamed
  if (state.name !== 'applied' || state.outcome !== 'reject') return false
  const hasWaitedSince = before?.fate === 'waiting' && before.since > state.at
  return (isNamed || live.writeSupport === 'without-description') && !hasWaitedSince
}

/** What became of a decided connection whose record cannot be read: whatever releases nothing. */
export function fateUnknown({ status }: Connection): Fate {
  if (status === 'Approved') return 'approved-by-app'
  return status === 'Rejected' ? 'rejected-by-person' : 'taken-back'
}

/** True for what is a person's “no”. */
export function isNo(fate: Fate): fate is PersonsNo['fate'] {
  return fate === 'rejected-by-person' || fate === 'taken-back'
}

/** The connection as it was seen last. */
export function seenBefore(claim: Claim | undefined, { id }: Connection): ClaimConnection | undefined {
  return claim?.connections.find(({ connectionId }) => isSameName(connectionId, id.id))
}

/** True for a connection that was seen before and has not changed since. */
export function isKnown(claim: Claim | undefined, connection: Connection): boolean {
  const known = seenBefore(claim, connection)
  const now = shownBy(connection)
  return known?.status === now.status && known.description === now.description
}

function shownBy(connection: Connection): Omit<ClaimConnection, 'fate' | 'since'> {
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
    connections: connectionsAfter(before?.connections ?? [], news, at),
    approvedAt: fates.includes('approved-by-person') ? at : before?.approvedAt,
    refusal: no === undefined ? before?.refusal : { at, fate: no, knownRules },
    doubt: before?.doubt,
    held: before?.held,
  }
}

function connectionsAfter(
  before: readonly ClaimConnection[],
  news: readonly Seen[],
  since: string,
): readonly ClaimConnection[] {
  const isNews = (connectionId: string) =>
    news.some(({ connection: { id } }) => isSameName(id.id, connectionId))
  const added = news.map(({ connection, fate }) => ({ ...shownBy(connection), fate, since }))
  return [...before.filter(({ connectionId }) => !isNews(connectionId)), ...added].slice(-maxConnections)
}

/** Codes of a competing claim that may not be shown by a list of later. */
const doubts: readonly RefusalCode[] = [
  'competing-claim',
  'competing-claim-hidden',
  'competing-claim-unexplained',
]

/**
 * The claim with the competing claim that the proof found; undefined when there is none, or it is remembered. After a
 * release it may be another one, and is noted again: once, as what it then holds has to be released first.
 * @param rules those over the target.
 */
export function doubtedBy(
  claim: Claim,
  { refusals }: Proof,
  rules: readonly VersionOfRule[],
  now: Date,
): Claim | undefined {
  const found = refusals.find(({ code }) => doubts.includes(code))
  if (!found || isStillDoubted(claim, rules, now)) return undefined
  return { ...claim, doubt: { at: now.toISOString(), sentence: found.sentence.slice(0, maxDoubtLength) } }
}

/** True while what was found before keeps every rule of today from approving. */
function isStillDoubted(
  { doubt, approvedAt = '', held }: Claim,
  rules: readonly VersionOfRule[],
  now: Date,
): boolean {
  if (!doubt || now.getTime() - Date.parse(doubt.at) >= rememberedMs || approvedAt > doubt.at) return false
  const isHeld = held !== undefined && held.at >= doubt.at
  return !isHeld || !rules.some((rule) => isNewSince(held.knownRules, rule))
}
