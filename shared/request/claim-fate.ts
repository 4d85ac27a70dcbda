import type { ClaimConnection, Fate, PersonsNo } from '../domain/claim.ts'
import { type Connection, isDecided } from '../domain/connection.ts'
import type { Request, WrittenOutcome } from '../domain/request.ts'
import { hasAttempted, isOfEpisode, isOtherEndpoint, mayBeOurs, namedAttempt } from './identity.ts'

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
  const isTakenBack = request !== undefined && hasAttempted(request, 'approve')
  if (live.status === 'Approved')
    return isApprovedByUs(request, live, before) && !isByPerson(request, live, 'approve')
      ? 'approved-by-app'
      : 'approved-by-person'
  if (live.status === 'Rejected') {
    if (request && isRejectedByUs(request, live, before))
      return isByPerson(request, live, 'reject') ? 'rejected-by-person' : 'rejected-by-app'
    return isTakenBack ? 'taken-back' : 'rejected-by-person'
  }
  // What the endpoint's own side disconnects keeps the description of our approval.
  return isTakenBack && !namedAttempt(request, live, 'approve') ? 'taken-back' : 'disconnected'
}

/** True when a person decided it through this app, on this very endpoint. */
export function isByPerson(request: Request | undefined, live: Connection, outcome: WrittenOutcome): boolean {
  if (!request || isOtherEndpoint(request, live)) return false
  const sent =
    live.writeSupport === 'without-description'
      ? request.attempts.findLast((attempt) => attempt.outcome === outcome)
      : namedAttempt(request, live, outcome)
  return sent?.isByPerson === true && isOfEpisode(request, sent.decisionId)
}

/** True, too, while only the text beside our approval changes: that is nobody's decision. */
function isApprovedByUs(
  request: Request | undefined,
  live: Connection,
  before: ClaimConnection | undefined,
): boolean {
  return before?.fate === 'approved-by-app' || (request !== undefined && mayBeOurs(request, live))
}

/**
 * True when no person can have rejected it: as Azure shows a decision of this episode that is in force or may have been
 * carried out, or, for types that keep no description, as the ledger holds it; and it has not waited since.
 */
function isRejectedByUs(request: Request, live: Connection, before: ClaimConnection | undefined): boolean {
  const { state } = request
  if (isOtherEndpoint(request, live)) return false
  const hasWaitedSince = (at: string) => before?.fate === 'waiting' && before.since > at
  const named = namedAttempt(request, live, 'reject')
  const isNamed = named !== undefined && isOfEpisode(request, named.decisionId)
  if (state.name === 'applying' && state.outcome === 'reject') return isNamed
  if (state.name === 'applied' && state.outcome === 'reject')
    return (isNamed || live.writeSupport === 'without-description') && !hasWaitedSince(state.at)
  return isNamed && named.mayLandUntil !== undefined && !hasWaitedSince(named.mayLandUntil)
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
