import type { Connection } from '../domain/connection.ts'
import { isPending } from '../domain/connection.ts'
import type { Refusal } from '../domain/proof.ts'
import { isSameName, type ResourceId } from '../domain/resource-id.ts'
import { refusal } from './refusals.ts'

/**
 * Another connection of the same target under the same endpoint name: who of the two was meant cannot be said. One
 * of another endpoint counts in every status but Disconnected: once a person has answered the real request, the
 * stranger's of the same name is the only Pending one, and the requester's own list may lag and still say Pending.
 * The same endpoint may stand in both lists of a Purview account; Pending twice in one list it is its own rival.
 */
export function findRival(
  connection: Connection,
  endpoint: ResourceId,
  siblings: readonly Connection[],
): Refusal | undefined {
  const rival = siblings.find(
    (sibling) =>
      sibling.id.key !== connection.id.key &&
      sibling.endpoint !== undefined &&
      isSameName(sibling.endpoint.name, endpoint.name) &&
      (sibling.endpoint.key === endpoint.key
        ? sibling.list === connection.list && isPending(sibling)
        : sibling.status !== 'Disconnected'),
  )
  if (!rival) return undefined
  const sentence = `Another connection of this target, ${rival.id.name}, has an endpoint of the same name.`
  return refusal('rival-claims-the-same', sentence)
}
