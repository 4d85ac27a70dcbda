import { type Claim, claimantOf } from '../domain/claim.ts'
import type { Connection } from '../domain/connection.ts'
import { isSameName, type ResourceId } from '../domain/resource-id.ts'

/** Who claims: an endpoint by its id; while a connection hides it and nobody knows it, the connection by its own. */
export interface Asking {
  readonly claimant: ResourceId
  readonly isHidden: boolean
  readonly connections: readonly Connection[]
}

/** A connection with one endpoint that claims by it, or with its own id. */
export interface Behind {
  readonly claimant: ResourceId
  readonly connection: Connection
}

/** Those who claim, each with all of its connections. */
export function askingBy(found: readonly Behind[]): readonly Asking[] {
  return [...Map.groupBy(found, ({ claimant }) => claimant.key).values()].flatMap(([first, ...others]) => {
    if (!first) return []
    const { claimant, connection } = first
    const connections = [connection, ...others.map((other) => other.connection)]
    return [{ claimant, isHidden: claimant === connection.id, connections }]
  })
}

/** True when something else is remembered or listed that has the name of the endpoint, or hides its own. */
export function isBesideOthers(
  { claimant }: Asking,
  asking: readonly Asking[],
  claims: readonly Claim[],
): boolean {
  const isNamed = ({ name }: ResourceId) => isSameName(name, claimant.name)
  return (
    asking.some((other) => other.claimant !== claimant && (other.isHidden || isNamed(other.claimant))) ||
    claims.some((claim) => claim.endpointId === undefined || isNamed(claimantOf(claim)))
  )
}
