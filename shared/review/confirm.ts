import type { Connection } from '../domain/connection.ts'
import { isBeingApplied, type Request } from '../domain/request.ts'
import { isUnlikeDecision } from '../request/conditions.ts'
import type { RememberedClaims } from './claims.ts'
import type { Reads } from './reads.ts'

/** What is compared with the list of a pass. */
export interface BesideList {
  readonly reads: Reads
  readonly claims: RememberedClaims
}

/**
 * Reads what only a list shows of a known connection. What the read shows is remembered.
 * @returns undefined when the two differ, or it cannot be read, and people were notified that Azure shows something else.
 * @throws AzureFailed when they were not.
 */
export async function confirmed(
  { reads, claims }: BesideList,
  listed: Connection,
  request: Request | undefined,
): Promise<Connection | undefined> {
  const { read, failure } = await reads.compare(listed)
  if (read) await claims.addRead(read, listed)
  if (!failure) return read
  if (request && isUnlikeDecision(request) && !isBeingApplied(request)) return undefined
  throw failure
}
