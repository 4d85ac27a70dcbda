import type { Claim } from '../domain/claim.ts'
import type { Connection } from '../domain/connection.ts'
import { isSameName } from '../domain/resource-id.ts'
import { isKnown, seenBefore } from './claim-entry.ts'
import { contradictionOf } from './contradiction.ts'

/** What stands beside a read of a connection. */
export interface ReadBeside {
  /** As the list of the same pass shows it; undefined: the list lacks it. */
  readonly listed: Connection | undefined
  /** True when it was read after a write of this app in the same pass. */
  readonly isAfterWrite?: true
}

/** True where the list shows the same approval of the same endpoint as a read. */
export function isApprovedInBoth({ listed }: ReadBeside, read: Connection): boolean {
  if (listed?.status !== 'Approved' || listed.endpoint === undefined) return false
  return contradictionOf(listed, read) === undefined
}

/** True where the list shows the endpoint that a read shows. */
export function isEndpointInBoth({ listed }: ReadBeside, { endpoint }: Connection): boolean {
  return endpoint !== undefined && listed?.endpoint?.strictKey === endpoint.strictKey
}

/**
 * True for what is not remembered so. A read shows more than a list of the same: what a list has only noted, and that a
 * person has approved the endpoint. It may word a decision otherwise.
 */
export function isNews(
  before: Claim | undefined,
  connection: Connection,
  read: ReadBeside | undefined,
): boolean {
  if (!read) return !isKnown(before, connection)
  const { listed } = read
  const isUnread = seenBefore(before, connection)?.listed ?? unreadApprovalSince(connection, before)
  return (
    isUnread !== undefined || !isKnown(before, listed?.status === connection.status ? listed : connection)
  )
}

/**
 * True where a claim has noted what a list shows of the connection, or hides its endpoint, which a list shows now. What this
 * app has decided is compared with its record.
 */
export function isUnsettled(connection: Connection, claim: Claim): boolean {
  const entry = seenBefore(claim, connection)
  const isOurs = entry?.fate === 'approved-by-app' || entry?.fate === 'rejected-by-app'
  return isShownNow(connection, claim) || (entry?.listed !== undefined && !isOurs)
}

/** True for a connection that shows the endpoint that its claim hides. */
export function isShownNow(connection: Connection, claim: Claim): boolean {
  const isHiding = claim.endpointId === undefined && connection.endpoint !== undefined
  return isHiding && seenBefore(claim, connection) !== undefined
}

/** Since when a connection is Approved by a person, in one source only; undefined: it is not, or list and read have shown it. */
export function unreadApprovalSince(connection: Connection, own: Claim | undefined): string | undefined {
  const entry = seenBefore(own, connection)
  const isOfEndpoint = isSameName(connection.endpoint?.id ?? '', own?.endpointId ?? '')
  if (!entry || !isOfEndpoint || connection.status !== 'Approved') return undefined
  const isByPerson = entry.status === 'Approved' && entry.fate === 'approved-by-person'
  const listed = entry.listed?.status === 'Approved' ? entry.listed.since : undefined
  const since = listed ?? (isByPerson ? entry.since : undefined)
  return since !== undefined && since > (own?.approvedAt ?? '') ? since : undefined
}
