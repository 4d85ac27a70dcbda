import type { Connection } from '../domain/connection.ts'
import { connectionIdOf, endpointIdOf, type Request } from '../domain/request.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import type { ApprovedConnection } from '../domain/verdict.ts'
import type { RequestRecord } from '../ports/ledger.ts'
import { mayLand } from '../request/attempts.ts'

const endedStatuses: readonly string[] = ['Rejected', 'Disconnected']
const certainlyOpenStatuses: readonly string[] = ['Pending', ...endedStatuses]

/**
 * Connections of a target that count as Approved. Of those that are listed: each whose status is neither Pending nor
 * Rejected nor Disconnected. Of those for which this app has sent, or may have sent, an approval: each that is not
 * listed as Rejected or Disconnected, also when it is listed as Pending or not at all: the list may be older. While Azure
 * may still carry the approval out, each, however it is listed.
 * @param records unfinished ones, and those approved so lately that the list may not show it.
 */
export function countedAsApproved(
  live: readonly Connection[],
  records: readonly RequestRecord[],
  at: Date,
): readonly ApprovedConnection[] {
  const byKey = new Map(live.map((connection) => [connection.id.key, connection]))
  const sent = records
    .filter(({ request }) => mayBeApproved(request))
    .flatMap(({ request }) => {
      const one = recordedConnection(request)
      const isEnded = endedStatuses.includes(byKey.get(one?.id.key ?? '')?.status ?? '')
      return one && (!isEnded || mayBecomeApproved(request, at)) ? [one] : []
    })
  const listed = live.filter(({ status }) => !certainlyOpenStatuses.includes(status))
  const counted = [...sent.map((one) => byKey.get(one.id.key) ?? one), ...listed]
  return [...new Map(counted.map((one) => [one.id.strictKey, one])).values()]
}

/** An approval that was given up may be carried out long afterwards. */
function mayBeApproved({ state, attempts }: Request): boolean {
  const isSent = (state.name === 'applying' || state.name === 'applied') && state.outcome === 'approve'
  return isSent || attempts.some(({ outcome }) => outcome === 'approve')
}

function mayBecomeApproved({ attempts }: Request, at: Date): boolean {
  return attempts.some((attempt) => attempt.outcome === 'approve' && mayLand(attempt, at))
}

function recordedConnection({ subject }: Request): ApprovedConnection | undefined {
  const id = parseResourceId(connectionIdOf(subject))
  return id && { id, endpoint: parseResourceId(endpointIdOf(subject)) }
}
