import type { Connection } from '../../../shared/domain/connection.ts'
import type { Proof } from '../../../shared/domain/proof.ts'
import { parseRequesterId, type RequesterId } from '../../../shared/domain/requester-id.ts'
import type { RequesterKind } from '../../../shared/domain/requester-kind.ts'
import { parseResourceId, type ResourceId } from '../../../shared/domain/resource-id.ts'
import type { Rule } from '../../../shared/domain/rule.ts'
import { nothingKnown, type Facts, type Context, type Verdict } from '../../../shared/domain/verdict.ts'
import { evaluate, prepareRules } from '../../../shared/policy/index.ts'
import { plainRule } from '../../support/sample-rule.ts'

export const subscription = '11111111-1111-1111-1111-111111111111'
export const otherSubscription = '22222222-2222-2222-2222-222222222222'
export const managedSubscription = '33333333-3333-3333-3333-333333333333'
export const foreignSubscription = '44444444-4444-4444-4444-444444444444'
export const ownTenant = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa'
export const managedTenant = 'bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb'
export const foreignTenant = 'cccccccc-cccc-cccc-cccc-cccccccccccc'

export const storageId = `/subscriptions/${subscription}/resourceGroups/rg-data/providers/Microsoft.Storage/storageAccounts/stdata`
export const factoryId = `/subscriptions/${subscription}/resourceGroups/rg-adf/providers/Microsoft.DataFactory/factories/adf-prod`
export const managedEndpointId = endpointIdIn(
  managedSubscription,
  'vnet-33333333-westeurope-1-rg',
  'adf-prod.mpe-blob',
)
export const ownEndpointId = endpointIdIn(subscription, 'rg-app', 'pe-app')
export const foreignEndpointId = endpointIdIn(foreignSubscription, 'rg-x', 'pe-x')

export const now = new Date('2026-11-21T12:00:00Z')

export function id(text: string): ResourceId {
  const parsed = parseResourceId(text)
  if (parsed === undefined) throw new Error(`not a resource id: ${text}`)
  return parsed
}

function requesterId(text: string): RequesterId {
  const parsed = parseRequesterId(text)
  if (parsed === undefined) throw new Error(`not a requester id: ${text}`)
  return parsed
}

export function endpointIdIn(inSubscription: string, group: string, name: string): string {
  return `/subscriptions/${inSubscription}/resourceGroups/${group}/providers/Microsoft.Network/privateEndpoints/${name}`
}

/** An enforced `allow` of the factory on the storage account, unless told otherwise. */
export function rule(change: Partial<Rule> = {}): Rule {
  return {
    ...plainRule,
    id: 'the-rule',
    effect: 'allow',
    target: storageId,
    requester: { kind: 'resource', id: factoryId },
    ...change,
  }
}

/** A pending connection of the factory's managed endpoint on the storage account. */
export function connection(
  change: { endpoint?: string | undefined; target?: string; groupIds?: readonly string[] } = {},
): Connection {
  const target = id(change.target ?? storageId)
  const endpoint = 'endpoint' in change ? change.endpoint : managedEndpointId
  return {
    id: id(`${target.id}/privateEndpointConnections/stdata.5f0c`),
    target,
    list: 'connections',
    writeSupport: 'with-description',
    etag: undefined,
    status: 'Pending',
    description: 'Requested by DataFactory:adf-prod, Name:mpe-blob',
    endpoint: endpoint === undefined ? undefined : id(endpoint),
    groupIds: change.groupIds,
    provisioningState: 'Succeeded',
  }
}

export function confirmed(
  requester: string,
  kind: RequesterKind = 'data-factory',
  groupIds: readonly string[] = ['blob'],
): Proof {
  const isOrdinary = kind === 'private-endpoint'
  return {
    level: 'confirmed',
    requester: { kind, id: requesterId(requester) },
    endpointTenantId: isOrdinary ? ownTenant : managedTenant,
    isManagedTenant: !isOrdinary,
    groupIds,
    refusals: [],
  }
}

/** What is known of an endpoint nobody vouched for. */
export function platform(tenant: 'own' | 'managed' | 'foreign'): Proof {
  return {
    level: 'platform',
    requester: undefined,
    endpointTenantId: { own: ownTenant, managed: managedTenant, foreign: foreignTenant }[tenant],
    isManagedTenant: tenant === 'managed',
    groupIds: undefined,
    refusals: [
      tenant === 'managed'
        ? { code: 'could-not-ask', sentence: 'The factory adf-prod could not be asked: 403.' }
        : {
            code: 'endpoint-not-readable',
            sentence: 'The endpoint lies where this app cannot read it: 401.',
          },
    ],
  }
}

export const noProof: Proof = {
  level: 'none',
  requester: undefined,
  endpointTenantId: undefined,
  isManagedTenant: undefined,
  groupIds: undefined,
  refusals: [
    { code: 'tenant-unknown', sentence: 'Nobody could say whose subscription the endpoint lies in.' },
  ],
}

export function facts(
  proof: Proof,
  change: Parameters<typeof connection>[0] = {},
  context: Partial<Context> = {},
): Facts {
  return { connection: connection(change), proof, context: { ...nothingKnown, ...context } }
}

/** The factory's own request, confirmed. */
export const provenFactory: Facts = facts(confirmed(factoryId))

export function verdictOf(rules: readonly Rule[], about: Facts, at: Date = now): Verdict {
  return evaluate(about, prepareRules({ complete: true, rules, hash: 'hash-of-the-set' }), at)
}

/** The match of one condition of the only rule. */
export function conditionOf(only: Rule, about: Facts, name: string, at: Date = now): string | undefined {
  return verdictOf([only], about, at).explanation[0]?.conditions.find((condition) => condition.name === name)
    ?.match
}
