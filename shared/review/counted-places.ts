import { takesNoPlace, type Connection } from '../domain/connection.ts'
import { connectionIdOf, endpointIdOf, type Request } from '../domain/request.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import type { ApprovedConnection } from '../domain/verdict.ts'
import type { RequestRecord } from '../ports/ledger.ts'
import { mayLand } from '../request/attempts.ts'
import { hasAttempted } from '../request/identity.ts'

/** Connections of a target that take places of `maxConnections`. */
export interface Counted {
  /** Those that count whatever a read shows. */
  readonly taken: readonly ApprovedConnection[]
  /** Those that count until a read shows that they are not Approved. */
  readonly unread: readonly ApprovedConnection[]
}

/** What is known of approved connections beside the list of a pass. */
export interface Known {
  /** Records that are unfinished, and those approved so lately that the list may not show it. */
  readonly records: readonly RequestRecord[]
  /** What is recorded of listed connections, by their keys; `unreadable`: it cannot be read. */
  readonly recorded: ReadonlyMap<string, Request | 'unreadable'>
  /** Connections that were Approved when they were seen last. */
  readonly remembered: readonly ApprovedConnection[]
}

/** Only the list is known. */
export const nothingElse: Known = { records: [], recorded: new Map(), remembered: [] }

/**
 * Counts the connections of a target. Taken are those whose listed status is neither Pending nor Rejected nor
 * Disconnected; those for which this app has just sent, or may have sent, an approval, while they are listed as Pending
 * or not at all, as the list may be older; and those whose approval Azure may still carry out, however they are listed. A
 * list alone frees no place of one that this app has approved, or that was Approved when it was seen last.
 */
export function countPlaces(listed: readonly Connection[], known: Known, at: Date): Counted {
  const { records, recorded, remembered } = known
  const byKey = new Map(listed.map((connection) => [connection.id.key, connection]))
  const asListed = (one: ApprovedConnection) => byKey.get(one.id.key) ?? one
  const sent = records
    .filter(({ request }) => isSent(request))
    .flatMap(({ request }) => {
      const one = recordedConnection(request)
      return one ? [{ request, one }] : []
    })
  const isTaken = ({ request, one }: (typeof sent)[number]) => {
    const shown = byKey.get(one.id.key)
    const isEnded = shown !== undefined && shown.status !== 'Pending' && takesNoPlace(shown)
    return !isEnded || mayBecomeApproved(request, at)
  }
  const taken = distinctOf([
    ...sent.filter(isTaken).map(({ one }) => asListed(one)),
    ...listed.filter((one) => !takesNoPlace(one)),
  ])
  const ofListed = listed.filter(({ id }) => {
    const request = recorded.get(id.key)
    return request === 'unreadable' || (request !== undefined && isInForce(request))
  })
  const inForce = sent.filter(({ request }) => isInForce(request)).map(({ one }) => asListed(one))
  const unread = distinctOf([...inForce, ...ofListed, ...remembered.map(asListed)])
  const isIn = (some: readonly ApprovedConnection[], { id }: ApprovedConnection) =>
    some.some((other) => other.id.strictKey === id.strictKey)
  return { taken, unread: unread.filter((one) => !isIn(taken, one)) }
}

/** True where this app has approved it, or has sent an approval: one that was given up may be carried out afterwards. */
function isSent(request: Request): boolean {
  return isInForce(request) || hasAttempted(request, 'approve')
}

/** True where the record says so now. */
function isInForce({ state }: Request): boolean {
  return (state.name === 'applying' || state.name === 'applied') && state.outcome === 'approve'
}

function mayBecomeApproved({ attempts }: Request, at: Date): boolean {
  return attempts.some((attempt) => attempt.outcome === 'approve' && mayLand(attempt, at))
}

function recordedConnection({ subject }: Request): ApprovedConnection | undefined {
  const id = parseResourceId(connectionIdOf(subject))
  return id && { id, endpoint: parseResourceId(endpointIdOf(subject)) }
}

function distinctOf(connections: readonly ApprovedConnection[]): readonly ApprovedConnection[] {
  return [...new Map(connections.map((one) => [one.id.strictKey, one])).values()]
}
