import { type Connection, isDecided } from '../../domain/connection.ts'
import { isSameName } from '../../domain/resource-id.ts'

/** Standing of a connection on its target. A second witness must agree for its endpoint. */
export type Standing = 'waiting' | 'approved'

/** Any status but Approved is proven as waiting. */
export function standingOf({ status }: Pick<Connection, 'status'>): Standing {
  return status === 'Approved' ? 'approved' : 'waiting'
}

/** True for another connection of the target that could be taken for one with this standing. */
export function isAlike(standing: Standing, other: Connection): boolean {
  return standing === 'approved' ? other.status === 'Approved' : !isDecided(other)
}

/** True when a witness shows this standing by its status. */
export function saysSo(standing: Standing, status: string): boolean {
  return isSameName(status, standing === 'approved' ? 'Approved' : 'Pending')
}
