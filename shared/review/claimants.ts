import type { Connection } from '../domain/connection.ts'
import { endpointIdOf, type Request } from '../domain/request.ts'
import { distinct, parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import { StoredUnreadable } from '../ports/ledger.ts'
import { isKnown } from '../request/claim-entry.ts'
import type { HeldClaims } from './held-claims.ts'
import type { ReviewPorts } from './ports.ts'

/** Records of connections that hide their endpoint, which are read in parallel. */
const readAtOnce = 10

/** Who claims: an endpoint by its id; while a connection hides it and nobody knows it, the connection by its own. */
export interface Asking {
  readonly claimant: ResourceId
  readonly isHidden: boolean
  readonly connections: readonly Connection[]
}

/** Those who claim by these connections, each with all of them. */
export async function askingBy(
  ports: ReviewPorts,
  held: HeldClaims,
  connections: readonly Connection[],
): Promise<readonly Asking[]> {
  const found: { readonly claimant: ResourceId; readonly connection: Connection }[] = []
  for (let from = 0; from < connections.length; from += readAtOnce) {
    const some = connections.slice(from, from + readAtOnce)
    const behind = await Promise.all(some.map((connection) => endpointsBehind(ports, held, connection)))
    for (const [at, connection] of some.entries()) {
      const endpoints = behind[at] ?? []
      const claimants = endpoints.length > 0 ? endpoints : [connection.id]
      found.push(...claimants.map((claimant) => ({ claimant, connection })))
    }
  }
  return [...Map.groupBy(found, ({ claimant }) => claimant.key).values()].flatMap(([first, ...others]) => {
    if (!first) return []
    const { claimant, connection } = first
    const all = [connection, ...others.map((other) => other.connection)]
    return [{ claimant, isHidden: claimant === connection.id, connections: all }]
  })
}

/**
 * The endpoint that a connection shows. Of one that hides it: those that were seen there, and the one that its record
 * names, where that may be another one or none was seen.
 */
async function endpointsBehind(
  ports: ReviewPorts,
  held: HeldClaims,
  connection: Connection,
): Promise<readonly ResourceId[]> {
  if (connection.endpoint) return [connection.endpoint]
  if (isKnown(held.by(connection.id), connection)) return []
  const seen = held.holding(connection).flatMap(({ endpointId }) => parseResourceId(endpointId) ?? [])
  if (seen.length > 0 && !mayBeNo(connection)) return seen
  const request = await recordedRequest(ports, connection)
  const isReadable = request !== undefined && request !== 'unreadable'
  const recorded = parseResourceId(isReadable ? endpointIdOf(request.subject) : undefined)
  return distinct([...seen, ...(recorded ? [recorded] : [])])
}

/** What is recorded of a connection. */
export async function recordedRequest(
  { ledger }: ReviewPorts,
  { id }: Pick<Connection, 'id'>,
): Promise<Request | undefined | 'unreadable'> {
  try {
    return (await ledger.read({ kind: 'connection', id }))?.request
  } catch (error) {
    if (!(error instanceof StoredUnreadable)) throw error
    return 'unreadable'
  }
}

/** True in a status in which it may be that a person has decided against it. */
export function mayBeNo({ status }: Connection): boolean {
  return status === 'Rejected' || status === 'Disconnected'
}
