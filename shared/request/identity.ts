import { chosenOutcome } from '../domain/choice.ts'
import { groupIdsKey, type Connection } from '../domain/connection.ts'
import { maxGroupIdLength, maxGroupIdsRecorded, maxSaidLength } from '../domain/log-entry.ts'
import { type Attempt, endpointIdOf, type OpenCause, type Request } from '../domain/request.ts'
import { isSameName } from '../domain/resource-id.ts'
import { cutStored } from '../domain/stored-text.ts'
import type { Evaluated } from './step.ts'

/** True when the connection has the recorded endpoint now. A hidden one is not the same. */
export function isSameEndpoint(request: Request, { endpoint }: Connection): boolean {
  return isSameName(endpointIdOf(request.subject) ?? '', endpoint?.id ?? '')
}

/** True when the connection shows an endpoint other than the recorded one. A list may omit an endpoint once. */
export function isOtherEndpoint(request: Request, { endpoint }: Connection): boolean {
  const recorded = endpointIdOf(request.subject)
  return recorded !== undefined && endpoint !== undefined && !isSameName(recorded, endpoint.id)
}

/** True when the connection shows no endpoint, and the evaluated one did. A read may omit it once. */
export function isHidden(evaluated: Connection, now: Connection): boolean {
  return evaluated.endpoint !== undefined && now.endpoint === undefined
}

/** As `isHidden`, of group ids. */
export function hidesGroupIds(evaluated: Connection, now: Connection): boolean {
  return evaluated.groupIds !== undefined && now.groupIds === undefined
}

/** The group ids that were evaluated: those of the requester where the connection shows none; undefined: unknown. */
export function evaluatedGroupIds({ connection, proof }: Evaluated): Connection['groupIds'] {
  return connection.groupIds ?? proof.groupIds
}

/** True when both show group ids, and not the same ones. */
export function isOtherGroupIds(evaluated: Connection['groupIds'], now: Connection['groupIds']): boolean {
  return evaluated !== undefined && now !== undefined && groupIdsKey(evaluated) !== groupIdsKey(now)
}

/** As `isSameGroupIds`, by what was recorded; true where the connection shows none. */
export function isRecordedGroupIds(request: Request, groupIds: Connection['groupIds']): boolean {
  return groupIds === undefined || groupIdsKey(request.groupIds) === groupIdsKey(cutGroupIds(groupIds))
}

/** Group ids as stored in records and entries. */
export function cutGroupIds(groupIds: readonly string[] | undefined): readonly string[] | undefined {
  return groupIds?.slice(0, maxGroupIdsRecorded).map((groupId) => groupId.slice(0, maxGroupIdLength))
}

/** What a requester wrote, as stored in records. */
export function cutSaid(description: string): string {
  return cutStored(description, maxSaidLength)
}

/** What Azure keeps of a description at least; a decision of this app has no longer one. */
export const maxDescriptionLength = 140

/**
 * The attempt that Azure shows: its status, and a description that names its decision. Some types keep no description:
 * for them the status is enough while the outcome of the attempt is not known. So is a text that the requester had in
 * its own message.
 */
export function shownAttempt(request: Request, live: Connection): Attempt | undefined {
  const { state, attempts } = request
  const isAwaited = state.name === 'applying' || isEndpointChanged(request)
  return attempts.findLast((attempt, at) => {
    if (live.status !== statusOf[attempt.outcome]) return false
    const isOutcomeUnknown = (isAwaited && at === attempts.length - 1) || attempt.mayLandUntil !== undefined
    if (live.writeSupport === 'without-description') return isOutcomeUnknown
    return names(live, attempt.decisionId) && (isOutcomeUnknown || !isRequesters(request, live))
  })
}

/** True when this app may have sent that decision. */
export function hasAttempted({ attempts }: Request, outcome: Attempt['outcome']): boolean {
  return attempts.some((attempt) => attempt.outcome === outcome)
}

/**
 * The attempt with that outcome that the description names, whatever the status. In doubt none: a text that the
 * requester had in its own message names none.
 */
export function namedAttempt(
  request: Request,
  live: Connection,
  expected: Attempt['outcome'],
): Attempt | undefined {
  const named = request.attempts.findLast(
    ({ decisionId, outcome }) => outcome === expected && names(live, decisionId),
  )
  return named && !isRequesters(request, live) ? named : undefined
}

/**
 * True when Azure shows a decision of this app: an attempt that is remembered, or a description with the prefix that
 * all decisions on this connection share.
 */
export function isShown(request: Request, live: Connection): boolean {
  const isByStatus = isApprovedOrRejected(live) && live.description.startsWith(live.status)
  const isByPrefix = isByStatus && namesOwnDecision(request, live) && !isRequesters(request, live)
  return shownAttempt(request, live) !== undefined || isByPrefix
}

/**
 * True when the status may be set by this app: in doubt it is. On types that keep no description: when such a decision
 * may have been sent in this episode.
 */
export function mayBeOurs(request: Request, live: Connection): boolean {
  const isBare = live.writeSupport === 'without-description'
  const isSent = request.attempts.some(
    ({ decisionId, outcome }) =>
      live.status === statusOf[outcome] &&
      (isBare ? isOfEpisode(request, decisionId) : names(live, decisionId)),
  )
  return isSent || isShown(request, live)
}

/**
 * True when Azure shows the decision in force, on the endpoint and the group ids that were evaluated. What people have
 * chosen otherwise since is not in force any more.
 */
export function isOurs(request: Request, live: Connection): boolean {
  const { state, decisionId } = request
  const shown = shownAttempt(request, live)
  const chosen = chosenOutcome(request.choices)
  const isInForce =
    state.name === 'applying'
      ? shown?.outcome === state.outcome
      : shown?.decisionId === decisionId && (chosen === undefined || chosen === shown.outcome)
  return isInForce && isOnRecorded(request, live)
}

/** True when the connection has the endpoint and the group ids that were evaluated last. */
export function isOnRecorded(request: Request, live: Connection): boolean {
  return isSameEndpoint(request, live) && isRecordedGroupIds(request, live.groupIds)
}

/** True when the request is open because another endpoint appeared while a decision was applied. */
export function isEndpointChanged(request: Request): boolean {
  return isOpenFor('endpoint-changed', request)
}

/** True when the request is open because Azure showed an earlier decision of this app. */
export function isShownLate(request: Request): boolean {
  return isOpenFor('shown-late', request)
}

/** True when Azure shows another status than the decision in force, and people were notified that somebody changed it. */
export function isStillChanged(request: Request, { status }: Connection): boolean {
  const inForce = request.attempts.find(({ decisionId }) => decisionId === request.decisionId)
  return (
    isOpenFor('changed-outside', request) && inForce !== undefined && status !== statusOf[inForce.outcome]
  )
}

function isOpenFor(kind: OpenCause['kind'], { state }: Request): boolean {
  return state.name === 'open' && state.cause.kind === kind
}

export const statusOf = { approve: 'Approved', reject: 'Rejected' } as const

/** True in the statuses that a decision sets. */
export function isApprovedOrRejected({ status }: Connection): boolean {
  return Object.values<string>(statusOf).includes(status)
}

/** True when the description is in the requester's message, however Azure cuts or writes it. */
function isRequesters({ requesterSaid = '' }: Request, { description }: Connection): boolean {
  return lettersOf(requesterSaid).includes(lettersOf(description))
}

/** Without blanks, signs and case. */
function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^0-9a-z]/g, '')
}

/** True for a decision of the newest episode: ids of it differ in the sequence only. */
export function isOfEpisode(request: Request, decisionId: string): boolean {
  return episodeIn(decisionId) === episodeIn(request.decisionId)
}

function episodeIn(decisionId: string): string {
  return decisionId.slice(0, decisionId.lastIndexOf('.'))
}

function names(live: Connection, decisionId: string): boolean {
  return tokensOf(live).includes(decisionId)
}

/** True when the description names a decision on this connection; their ids begin with the key of the connection. */
function namesOwnDecision({ decisionId }: Request, live: Connection): boolean {
  const prefix = `${decisionId.slice(0, decisionId.indexOf('.'))}.`
  return tokensOf(live).some((token) => token.startsWith(prefix))
}

/** Whole ids: `….1.1` is not named by `….1.12`. What is longer than any text of ours, or kept by no type, names none. */
function tokensOf({ description, writeSupport }: Connection): readonly string[] {
  if (writeSupport === 'without-description' || description.length > maxDescriptionLength) return []
  return description.split(/[^0-9A-Za-z.-]+/)
}
