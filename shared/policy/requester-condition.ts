import type { PreparedRule, RequesterPart } from '../domain/prepared-rule.ts'
import { printableName } from '../domain/printable.ts'
import type { RequesterId } from '../domain/requester-id.ts'
import {
  claimedRequesterName,
  claimsToBeOf,
  type ManagedKind,
  requesterKindOfType,
  requesterKinds,
  spokenRequester,
} from '../domain/requester-kind.ts'
import {
  isCertainlySameResource,
  isSameName,
  isSameResource,
  type ResourceId,
} from '../domain/resource-id.ts'
import type { Effect } from '../domain/rule.ts'
import { isWithin, matchesName, type Scope } from '../domain/scope.ts'
import type { Condition, Facts, Match } from '../domain/verdict.ts'
import { liesUnder } from './rule-index.ts'

/** The requester, compared with that of the rule. An `allow` without a requester never matches. */
export function requesterCondition({ rule, requester }: PreparedRule, facts: Facts): Condition | undefined {
  if (requester !== undefined)
    return {
      name: 'requester',
      match: matchRequester(rule.effect, requester, facts),
      expected: describeExpected(rule.effect, requester),
      actual: describeActual(facts),
    }
  return rule.effect === 'allow'
    ? {
        name: 'requester',
        match: 'no',
        expected: 'nobody: the rule names no requester',
        actual: describeActual(facts),
      }
    : undefined
}

function matchRequester(effect: Effect, requester: RequesterPart, facts: Facts): Match {
  switch (requester.kind) {
    case 'managed':
      return matchManaged(requester.id, requester.requesterKind, facts)
    case 'endpoint':
      return effect === 'allow'
        ? allowOrdinary(facts, (endpoint) => yesOrNo(isSameResource(endpoint, requester.id)))
        : matchEndpoint(requester.id, facts)
    case 'scope':
      return matchScope(effect, requester.scope, facts)
    case 'management-group':
      return matchManagementGroup(effect, requester.name, facts)
    case 'tenant':
      return matchTenant(effect, requester.tenantId, facts)
    case 'unreadable':
      return 'unknown'
  }
}

/**
 * A managed requester is known only when confirmed. Until then it is possible, unless the endpoint's name excludes it.
 */
function matchManaged(expected: RequesterId, kind: ManagedKind, facts: Facts): Match {
  const confirmed = confirmedRequester(facts)
  if (confirmed !== undefined) return yesOrNo(isSameResource(confirmed, expected))
  const { endpoint } = facts.connection
  if (endpoint === undefined) return 'unknown'
  if (mayBeNamedAnyhow(kind, endpoint)) return mayBeManaged(facts) ? 'unknown' : 'no'
  return claimsToBeOf(endpoint, expected) ? 'unknown' : 'no'
}

/** True when the endpoint may belong to a requester of that kind under any name: names may be shortened. */
function mayBeNamedAnyhow(kind: ManagedKind, endpoint: ResourceId): boolean {
  return (
    requesterKinds[kind].endpointName !== 'requester-dot-name' || claimedRequesterName(endpoint) === undefined
  )
}

function matchEndpoint(expected: RequesterId, facts: Facts): Match {
  const { endpoint } = facts.connection
  if (endpoint === undefined) return 'unknown'
  return isSameResource(endpoint, expected) ? 'yes' : 'no'
}

function matchScope(effect: Effect, scope: Scope, facts: Facts): Match {
  if (effect === 'allow') return allowOrdinary(facts, (endpoint) => yesOrNo(isWithin(endpoint, scope)))
  const { endpoint } = facts.connection
  if (endpoint === undefined) return 'unknown'
  const confirmed = confirmedRequester(facts)
  if (isWithin(endpoint, scope) || (confirmed !== undefined && isWithin(confirmed, scope))) return 'yes'
  return confirmed === undefined && mayBeManaged(facts) && mayHoldRequesterOf(scope, endpoint)
    ? 'unknown'
    : 'no'
}

/** Whether the unconfirmed managed requester behind this endpoint could be in the scope. */
function mayHoldRequesterOf(scope: Scope, endpoint: ResourceId): boolean {
  if (scope.type === undefined) return true
  const kind = requesterKindOfType(scope.type)
  if (kind === 'private-endpoint') return false
  if (kind !== undefined && mayBeNamedAnyhow(kind, endpoint)) return true
  const claimed = claimedRequesterName(endpoint)
  return claimed === undefined || matchesName(claimed, scope.name)
}

/** Endpoints in managed networks are in no group of ours; their requesters may be. */
function matchManagementGroup(effect: Effect, name: string, facts: Facts): Match {
  const { connection, proof, context } = facts
  const ofEndpoint = liesUnder(context.endpointGroups, name)
  if (effect === 'allow') return allowOrdinary(facts, () => ofEndpoint)
  if (connection.endpoint === undefined) return 'unknown'
  const confirmed = confirmedRequester(facts)
  if (proof.isManagedTenant !== true) return ofEndpoint
  if (confirmed === undefined) return 'unknown'
  return liesInSubscription(confirmed) ? liesUnder(context.requesterGroups, name) : 'no'
}

function liesInSubscription({ key }: RequesterId): boolean {
  return key.startsWith('/subscriptions/')
}

function matchTenant(effect: Effect, tenantId: string, facts: Facts): Match {
  const { endpointTenantId } = facts.proof
  const match = endpointTenantId === undefined ? 'unknown' : yesOrNo(isSameName(endpointTenantId, tenantId))
  return effect === 'allow' ? allowOrdinary(facts, () => match) : match
}

/**
 * A matching ordinary endpoint; if a requester is confirmed, it must be that endpoint itself. Endpoints in managed
 * tenants are never ordinary: any customer's may be there.
 */
function allowOrdinary(facts: Facts, fits: (endpoint: ResourceId) => Match): Match {
  const { endpoint } = facts.connection
  const { level, requester, isManagedTenant } = facts.proof
  if (endpoint === undefined) return 'unknown'
  const isItself = requester?.kind === 'private-endpoint' && isCertainlySameResource(requester.id, endpoint)
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

function describeExpected(effect: Effect, requester: RequesterPart): string {
  const who = effect === 'allow' ? 'an ordinary endpoint' : 'anybody'
  switch (requester.kind) {
    case 'managed':
      return `${spokenRequester(requester.requesterKind, requester.id.name)} (${requester.id.id})`
    case 'endpoint':
      return `${spokenRequester('private-endpoint', requester.id.name)} (${requester.id.id})`
    case 'scope':
      return `${who} in ${requester.text}`
    case 'management-group':
      return `${who} in the subscriptions under management group ${requester.name}`
    case 'tenant':
      return `${who} of tenant ${requester.tenantId}`
    case 'unreadable':
      return requester.text
  }
}

function describeActual(facts: Facts): string {
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
