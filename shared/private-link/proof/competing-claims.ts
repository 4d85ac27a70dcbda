import type { Connection } from '../../domain/connection.ts'
import { printableName } from '../../domain/printable.ts'
import type { Refusal } from '../../domain/proof.ts'
import { requesterKinds } from '../../domain/requester-kind.ts'
import { isCertainlySameName, isSameName, type ResourceId } from '../../domain/resource-id.ts'
import type { FoundRequester } from './managed.ts'
import { refusal, spoken } from './refusals.ts'
import { isAlike, type Standing, standingOf } from './standing.ts'

const stands: Readonly<Record<Standing, string>> = { waiting: 'waits', approved: 'is Approved' }

/**
 * Whether another connection of the target may be the requester's.
 * @param siblings every connection of the target; one may occur several times, as read at several times.
 * @param mayBeManaged false only for an endpoint that is certainly outside the managed tenants.
 */
export async function findCompetingClaim(
  connection: Connection,
  endpoint: ResourceId,
  found: FoundRequester,
  siblings: readonly Connection[],
  mayBeManaged: (endpoint: ResourceId) => Promise<boolean>,
): Promise<Refusal | undefined> {
  const others = siblings.filter(({ id }) => id.strictKey !== connection.id.strictKey)
  const sameName = await findSameName(connection, endpoint, others, mayBeManaged)
  if (sameName || found.isEndpointIdStated) return sameName
  const standing = standingOf(connection)
  const alike = others.filter((other) => isAlike(standing, other))
  return findHidden(standing, alike) ?? (await findUnexplained(standing, found, alike, mayBeManaged))
}

/**
 * Another connection of the same target with the same endpoint name: it cannot be decided which of the two is the
 * requester's. One with another endpoint counts in every status but Disconnected: once the real request is decided, an
 * unknown requester's of the same name is the only Pending one, and the requester's own list may lag and still show
 * Pending. An ordinary endpoint counts never, or anybody could veto a requester by its name. The same endpoint may be in
 * both lists of a Purview account; twice in one list it is a competing claim.
 */
async function findSameName(
  connection: Connection,
  endpoint: ResourceId,
  others: readonly Connection[],
  mayBeManaged: (endpoint: ResourceId) => Promise<boolean>,
): Promise<Refusal | undefined> {
  for (const { id, list, status, endpoint: other } of others) {
    if (!other || !isSameName(other.name, endpoint.name)) continue
    const isCompeting =
      other.strictKey === endpoint.strictKey
        ? list === connection.list && status === connection.status
        : status !== 'Disconnected' && (await mayBeManaged(other))
    if (!isCompeting) continue
    const sentence = `Another connection of this target, ${printableName(id.name)}, has an endpoint of the same name.`
    return refusal('competing-claim', sentence)
  }
  return undefined
}

/** One that does not show its endpoint may have any name. */
function findHidden(standing: Standing, alike: readonly Connection[]): Refusal | undefined {
  const hidden = alike.find(({ endpoint }) => endpoint === undefined)
  if (!hidden) return undefined
  const sentence = `Another connection of this target, ${printableName(hidden.id.name)}, ${stands[standing]} and does not show its endpoint: it may be the one that was asked for.`
  return refusal('competing-claim-hidden', sentence)
}

/** Where the naming rule is only inferred, the true connection may have another name. */
async function findUnexplained(
  standing: Standing,
  { requester: { kind, id }, namesHere }: FoundRequester,
  alike: readonly Connection[],
  mayBeManaged: (endpoint: ResourceId) => Promise<boolean>,
): Promise<Refusal | undefined> {
  if (requesterKinds[kind].namingEvidence === 'seen') return undefined
  for (const { id: other, endpoint } of alike) {
    if (!endpoint || namesHere.some((name) => isCertainlySameName(name, endpoint.name))) continue
    if (!(await mayBeManaged(endpoint))) continue
    const sentence = `Another connection of this target, ${printableName(other.name)}, ${stands[standing]} and is called like no endpoint of ${spoken(kind, id.name)}; how its endpoints are called is only inferred, so that may be the one that was asked for.`
    return refusal('competing-claim-unexplained', sentence)
  }
  return undefined
}
