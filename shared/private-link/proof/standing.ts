import { type Connection, isDecided } from '../../domain/connection.ts'
import { isSameName } from '../../domain/resource-id.ts'

/** How a connection stands on its target. A second witness has to say the same of its endpoint. */
export type Standing = 'waiting' | 'approved'

/** Whoever is not Approved is proven as one that waits. */
export function standingOf({ status }: Pick<Connection, 'status'>): Standing {
  return status === 'Approved' ? 'approved' : 'waiting'
}

/** True for another connection of the target that could be taken for one that stands so. */
export function isAlike(standing: Standing, other: Connection): boolean {
  return standing === 'approved' ? other.status === 'Approved' : !isDecided(other)
}

/** True when a witness says by its status that the endpoint stands so. */
export function saysSo(standing: Standing, status: string): boolean {
  return isSameName(status, standing === 'approved' ? 'Approved' : 'Pending')
}
