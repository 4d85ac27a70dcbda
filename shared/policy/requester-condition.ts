import { printableName } from '../domain/printable.ts'
import type { RequesterId } from '../domain/requester-id.ts'
import {
  claimedRequesterName,
  claimsToBeOf,
  isManagedKind,
  requesterKindOfType,
  requesterKinds,
  spokenRequester,
  type ManagedKind,
} from '../domain/requester-kind.ts'
import { isSameName, isSameResource, type ResourceId } from '../domain/resource-id.ts'
import { namedRequester } from '../domain/rule.ts'
import type { Effect, RequesterPattern } from '../domain/rule.ts'
import { isWithin, matchesName, parseScope, type Scope } from '../domain/scope.ts'
import type { Condition, Facts, Match } from '../domain/verdict.ts'

/** Who asks, against whom the rule speaks of. An `allow` without a requester matches nobody. */
export function requesterCondition(
  effect: Effect,
  pattern: RequesterPattern | undefined,
  facts: Facts,
): Condition | undefined {
  const seen = describeSeen(facts)
  if (pattern !== undefined)
    return {
      name: 'requester',
      match: matchRequester(effect, pattern, facts),
      wanted: describeWanted(effect, pattern),
      seen,
    }
  return effect === 'allow'
    ? { name: 'requester', match: 'no', wanted: 'nobody: the rule names no requester', seen }
    : undefined
}

function matchRequester(effect: Effect, pattern: RequesterPattern, facts: Facts): Match {
  switch (pattern.kind) {
    case 'resource':
      return matchResource(effect, pattern, facts)
    case 'scope':
      return matchScope(effect, pattern.pattern, facts)
    case 'management-group':
      return 'unknown'
    case 'tenant':
      return matchTenant(effect, pattern.tenantId, facts)
  }
}

function matchResource(effect: Effect, pattern: RequesterPattern, facts: Facts): Match {
  const named = namedRequester(pattern)
  if (named === undefined) return 'unknown'
  const { id, kind } = named
  if (isManagedKind(kind)) return matchManaged(id, kind, facts)
  return effect === 'allow'
    ? allowOrdinary(facts, (endpoint) => yesOrNo(isSameResource(endpoint, id)))
    : matchEndpoint(id, facts)
}

/** A managed requester is known only when confirmed. Until then it stays possible as far as names speak of requesters. */
function matchManaged(wanted: RequesterId, kind: ManagedKind, facts: Facts): Match {
  const confirmed = confirmedRequester(facts)
  if (confirmed !== undefined) return yesOrNo(isSameResource(confirmed, wanted))
  const { endpoint } = facts.connection
  if (endpoint === undefined) return 'unknown'
  if (mayBeNamedAnyhow(kind, endpoint)) return mayBeManaged(facts) ? 'unknown' : 'no'
  return claimsToBeOf(endpoint, wanted) ? 'unknown' : 'no'
}

/** True when the endpoint may belong to a requester of that kind, whatever that is called: a name may be shortened. */
function mayBeNamedAnyhow(kind: ManagedKind, endpoint: ResourceId): boolean {
  return (
    requesterKinds[kind].endpointName !== 'requester-dot-name' || claimedRequesterName(endpoint) === undefined
  )
}

function matchEndpoint(wanted: RequesterId, facts: Facts): Match {
  const { endpoint } = facts.connection
  if (endpoint === undefined) return 'unknown'
  return isSameResource(endpoint, wanted) ? 'yes' : 'no'
}

function matchScope(effect: Effect, pattern: string, facts: Facts): Match {
  const scope = parseScope(pattern)
  if (scope === undefined) return 'unknown'
  if (effect === 'allow') return allowOrdinary(facts, (endpoint) => yesOrNo(isWithin(endpoint, scope)))
  const { endpoint } = facts.connection
  if (endpoint === undefined) return 'unknown'
  const confirmed = confirmedRequester(facts)
  if (isWithin(endpoint, scope) || (confirmed !== undefined && isWithin(confirmed, scope))) return 'yes'
  return confirmed === undefined && mayBeManaged(facts) && mayHoldRequesterOf(scope, endpoint)
    ? 'unknown'
    : 'no'
}

/** Whether the unconfirmed managed requester behind this endpoint could lie in the scope. */
function mayHoldRequesterOf(scope: Scope, endpoint: ResourceId): boolean {
  if (scope.type === undefined) return true
  const kind = requesterKindOfType(scope.type)
  if (kind !== undefined && !isManagedKind(kind)) return false
  if (kind !== undefined && mayBeNamedAnyhow(kind, endpoint)) return true
  const claimed = claimedRequesterName(endpoint)
  return claimed === undefined || matchesName(claimed, scope.name)
}

function matchTenant(effect: Effect, tenantId: string, facts: Facts): Match {
  const { endpointTenantId } = facts.proof
  const match = endpointTenantId === undefined ? 'unknown' : yesOrNo(isSameName(endpointTenantId, tenantId))
  return effect === 'allow' ? allowOrdinary(facts, () => match) : match
}

/**
 * An ordinary endpoint that fits; when somebody is confirmed, it must be that endpoint itself. Endpoints of managed
 * tenants are never ordinary: anybody's may lie there.
 */
function allowOrdinary(facts: Facts, fits: (endpoint: ResourceId) => Match): Match {
  const { endpoint } = facts.connection
  const { level, requester, isManagedTenant } = facts.proof
  if (endpoint === undefined) return 'unknown'
  const isItself = requester?.kind === 'private-endpoint' && isSameResource(requester.id, endpoint)
  if (isManagedTenant === true || (level === 'confirmed' && !isItself)) return 'no'
  const match = fits(endpoint)
  return match === 'yes' && isManagedTenant === undefined ? 'unknown' : match
}

function confirmedRequester(facts: Facts): RequesterId | undefined {
  return facts.proof.level === 'confirmed' ? facts.proof.requester?.id : undefined
}

function yesOrNo(matches: boolean): Match {
  return matches ? 'yes' : 'no'
}

function mayBeManaged(facts: Facts): boolean {
  return facts.proof.isManagedTenant !== false
}

function describeWanted(effect: Effect, pattern: RequesterPattern): string {
  const who = effect === 'allow' ? 'an ordinary endpoint' : 'anybody'
  switch (pattern.kind) {
    case 'resource':
      return describeResource(pattern)
    case 'scope':
      return `${who} in ${pattern.pattern}`
    case 'management-group':
      return `${who} in the subscriptions under management group ${pattern.name}`
    case 'tenant':
      return `${who} of tenant ${pattern.tenantId}`
  }
}

function describeResource(pattern: RequesterPattern & { readonly kind: 'resource' }): string {
  const named = namedRequester(pattern)
  return named === undefined ? pattern.id : `${spokenRequester(named.kind, named.id.name)} (${pattern.id})`
}

function describeSeen(facts: Facts): string {
  const { endpoint } = facts.connection
  const { requester } = facts.proof
  if (facts.proof.level === 'confirmed' && requester !== undefined)
    return `${spokenRequester(requester.kind, printableName(requester.id.name))} (${requester.id.key}), confirmed`
  if (endpoint === undefined) return 'unknown, because the connection does not show its endpoint'
  return (
    `somebody not confirmed, behind an endpoint named ${printableName(endpoint.name)} in subscription ${endpoint.subscriptionId}` +
    ` of ${describeTenant(facts)}`
  )
}

function describeTenant(facts: Facts): string {
  const { endpointTenantId, isManagedTenant } = facts.proof
  if (endpointTenantId === undefined) return 'a tenant nobody could name'
  return isManagedTenant === true
    ? `tenant ${endpointTenantId}, where managed networks live`
    : `tenant ${endpointTenantId}`
}
