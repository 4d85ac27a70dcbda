import type { Connection } from '../domain/connection.ts'
import type { PreparedRule, RequesterPart } from '../domain/prepared-rule.ts'
import { claimedRequesterName, claimsToBeOf, requesterKinds } from '../domain/requester-kind.ts'
import { isCertainlySameResource, isSameResource, type ResourceId } from '../domain/resource-id.ts'
import { isWithin } from '../domain/scope.ts'
import type { Condition, Facts } from '../domain/verdict.ts'

/**
 * How many Approved connections of the target belong to the requester, or may: one whose endpoint is hidden, or does
 * not show its requester, counts. The evaluated connection does not count.
 */
export function maxConnectionsCondition(
  { rule: { maxConnections }, requester }: PreparedRule,
  { connection, context: { approved } }: Facts,
): Condition | undefined {
  if (maxConnections === undefined) return undefined
  const expected = `at most ${maxConnections} ${maxConnections === 1 ? 'connection' : 'connections'} of this requester on the target, this one included`
  if (approved === undefined)
    return {
      name: 'maxConnections',
      match: 'unknown',
      expected,
      actual: 'an unknown number of approved ones',
    }
  const others = approved.filter(
    ({ id, endpoint }) => !isCertainlySameResource(id, connection.id) && mayBeOf(requester, endpoint),
  )
  return {
    name: 'maxConnections',
    match: others.length < maxConnections ? 'yes' : 'no',
    expected,
    actual: `${others.length} that are approved or may be`,
  }
}

function mayBeOf(requester: RequesterPart | undefined, endpoint: Connection['endpoint']): boolean {
  if (requester === undefined || endpoint === undefined) return true
  switch (requester.kind) {
    case 'managed':
      return mayBeOfManaged(requester, endpoint)
    case 'endpoint':
      return isSameResource(endpoint, requester.id)
    case 'scope':
      return isWithin(endpoint, requester.scope)
    default:
      return true
  }
}

/**
 * Where endpoints are named after their requesters, only those count; otherwise every one that is not named after a
 * requester.
 */
function mayBeOfManaged(
  { id, requesterKind }: RequesterPart & { readonly kind: 'managed' },
  endpoint: ResourceId,
): boolean {
  return requesterKinds[requesterKind].endpointName === 'requester-dot-name'
    ? claimsToBeOf(endpoint, id)
    : claimedRequesterName(endpoint) === undefined
}
