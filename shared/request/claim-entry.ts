import type { Claim, ClaimConnection, Fate, ListedState } from '../domain/claim.ts'
import { type Connection, takesNoPlace } from '../domain/connection.ts'
import { isSameName } from '../domain/resource-id.ts'
import { maxDescriptionLength } from './identity.ts'

const maxStatusLength = 50

/** A connection that is new or has changed, as a review pass found it. */
export interface Seen {
  /** As the list shows it, or as it was read. */
  readonly connection: Connection
  readonly fate: Fate
  /** True when it was read. */
  readonly isRead?: boolean
  /** Of one that was read, as the list of the same pass shows it; undefined: the list lacks it. */
  readonly listed?: Connection | undefined
  /** True when it was read as Approved, and the list or an attempt of this app shows the same. */
  readonly isApprovedInBoth?: boolean
}

type State = Pick<ClaimConnection, 'status' | 'description'>

/** The connection as it was seen last. */
export function seenBefore(
  claim: Pick<Claim, 'connections'> | undefined,
  { id }: Pick<Connection, 'id'>,
): ClaimConnection | undefined {
  return claim?.connections.find(({ connectionId }) => isSameName(connectionId, id.id))
}

/**
 * True for a connection that was listed before and has not changed since. An approval that hides the endpoint says nothing
 * of it yet.
 */
export function isKnown(claim: Claim | undefined, connection: Connection): boolean {
  const known = seenBefore(claim, connection)
  const isBlind = claim?.endpointId !== undefined && connection.endpoint === undefined
  if (known && isBlind && connection.status === 'Approved') return true
  return known !== undefined && isSameState(known.listed ?? known, stateOf(connection))
}

/**
 * What is remembered of a connection afterwards. A list alone neither ends a decision or an approved connection, nor
 * approves a second time: then it is only noted what the list shows.
 */
export function entryAfter(before: ClaimConnection | undefined, seen: Seen, at: string): ClaimConnection {
  const { connection, listed = connection, isRead = false } = seen
  const shown = stateOf(listed)
  const { connectionId, status, description, fate, since } = isRead
    ? entryRead(before, seen, at)
    : entryListed(before, seen, at)
  const entry = { connectionId, status, description, fate, since }
  const isOtherwise = !isSameState(entry, shown) && !(isRead && seen.listed === undefined)
  return isOtherwise ? { ...entry, listed: listedSince(before, shown, at) } : entry
}

function entryListed(
  before: ClaimConnection | undefined,
  { connection, fate }: Seen,
  at: string,
): ClaimConnection {
  const shown = stateOf(connection)
  if (before && (isSameState(before, shown) || isToRead(before, shown, fate))) return before
  return { connectionId: connection.id.id, ...shown, fate, since: at }
}

function entryRead(
  before: ClaimConnection | undefined,
  { connection, listed, fate }: Seen,
  at: string,
): ClaimConnection {
  const read = stateOf(connection)
  const isSameStatus = listed?.status === connection.status
  // A list may word a decision otherwise than a read: the next list is compared with this one.
  const shown = isSameStatus ? stateOf(listed) : read
  const entry = { connectionId: connection.id.id, ...shown, fate }
  if (before?.status === 'Approved' && read.status === 'Approved') {
    if (!isSameStatus || isSameState(before, read)) return before
    const isAgain = !isSameState(before, shown) && isSameState(shown, read)
    return { ...entry, since: isAgain ? listedSince(before, shown, at).since : before.since }
  }
  // A read alone ends no approval: it would count anew afterwards.
  if (before?.status === 'Approved' && listed?.status === 'Approved') return before
  if (before && isSameState(before, shown)) return { ...entry, since: before.since }
  return { ...entry, since: listedSince(before, shown, at).since }
}

/** True where only a read shows what became of a connection. */
function isToRead(before: ClaimConnection, shown: State, fate: Fate): boolean {
  if (fate === 'waiting' && before.fate !== 'waiting') return true
  if (!takesNoPlace(before)) return takesNoPlace(shown) || fate === 'approved-by-person'
  return false
}

function listedSince(before: ClaimConnection | undefined, shown: State, at: string): ListedState {
  const listed = before?.listed
  return listed && isSameState(listed, shown) ? listed : { ...shown, since: at }
}

function isSameState(one: State, other: State): boolean {
  return one.status === other.status && one.description === other.description
}

function stateOf({ status, description }: Connection): State {
  return {
    status: status.slice(0, maxStatusLength),
    description:
      status === 'Approved' || status === 'Rejected' ? description.slice(0, maxDescriptionLength) : '',
  }
}
