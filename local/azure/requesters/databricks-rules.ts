import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { AzureError, jsonBody, queryValue } from '../http/exchange.ts'
import type { Call, JsonObject } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { stableGuid } from '../ids.ts'
import type { ManagedEndpoint, Resource } from '../state.ts'
import type { World } from '../world.ts'
import { groupsOf } from './arm-requester.ts'
import { managedEndpointRoutes } from './endpoint-routes.ts'
import type { EndpointApi } from './endpoint-routes.ts'
import { managedEndpointsOf, removeManagedEndpoint, stateOf } from './managed-endpoints.ts'
import type { ManagedRequest } from './managed-endpoints.ts'
import { cut, smallPage } from './paging.ts'
import { inOpaqueGroup } from './places.ts'

const body = z.looseObject({
  resource_id: z.string().min(1),
  group_id: z.string().default(''),
  domain_names: z.array(z.string()).default([]),
})

/** Private endpoint rules of network connectivity configurations, whose list is at `list`. */
export function ruleRoutes(world: World, list: string, requester: EndpointApi['requester']): Route[] {
  return managedEndpointRoutes(world, {
    list,
    creation: 'POST',
    statuses: { created: 200, deleted: 200, missing: 'not found' },
    requester,
    network: () => '',
    request: requestOf,
    render: ({ managed }) => renderRule(world, managed),
    page,
    notFound: (id) => new AzureError(404, 'RESOURCE_DOES_NOT_EXIST', `There is no rule ${id}.`),
    remove: (managed) => removeRule(world, managed),
  })
}

/** All rules of one configuration. */
export function renderRules(world: World, config: Resource): JsonObject[] {
  return managedEndpointsOf(world, config.id, '').map((managed) => renderRule(world, managed))
}

/** The name of the endpoint behind it is generated and shown in responses (Databricks' client libraries). */
function requestOf(call: Call, config: Resource): ManagedRequest {
  const expected = jsonBody(call, body)
  const endpoint = `databricks-${stableGuid(config.id)}-pe-${randomUUID().slice(0, 8)}`
  return {
    kind: 'databricks',
    requesterId: config.id,
    network: '',
    name: randomUUID(),
    targetId: expected.resource_id,
    groupIds: groupsOf(expected.group_id),
    fqdns: expected.domain_names,
    requestMessage: '',
    place: inOpaqueGroup(config, endpoint),
    given: { creation_time: Date.now() },
  }
}

/** Members without a value are left out. */
function renderRule(world: World, managed: ManagedEndpoint): JsonObject {
  return {
    rule_id: managed.name,
    network_connectivity_config_id: managed.requesterId.split('/').at(-1),
    resource_id: managed.targetId,
    ...(managed.groupId === '' ? {} : { group_id: managed.groupId }),
    ...(managed.fqdns.length === 0 ? {} : { domain_names: managed.fqdns }),
    endpoint_name: managed.endpointId.split('/').at(-1),
    connection_state: stateWord(world, managed),
    updated_time: managed.given['creation_time'],
    ...managed.given,
  }
}

const words: Readonly<Record<string, string>> = {
  Pending: 'PENDING',
  Approved: 'ESTABLISHED',
  Rejected: 'REJECTED',
  Disconnected: 'DISCONNECTED',
}

/** A rule that nobody decided for 14 days is EXPIRED; that its connection stays Pending at the target is assumed. */
function stateWord(world: World, managed: ManagedEndpoint): string {
  const { provisioningState, status } = stateOf(world, managed)
  if (provisioningState === 'Provisioning') return 'CREATING'
  if (provisioningState !== 'Succeeded') return 'CREATE_FAILED'
  const age = Date.now() - Number(managed.given['creation_time'])
  if (status === 'Pending' && age >= world.timing.ruleExpiryMs) return 'EXPIRED'
  return words[status] ?? status
}

/** A pending or expired rule is removed at once; any other is deactivated and kept (client libraries). */
function removeRule(world: World, managed: ManagedEndpoint): void {
  if (['PENDING', 'EXPIRED', 'CREATE_FAILED'].includes(stateWord(world, managed))) {
    removeManagedEndpoint(world, managed)
    return
  }
  Object.assign(managed.given, { deactivated: true, deactivated_at: Date.now() })
  world.store.changed()
}

function page(call: Call, all: readonly JsonObject[]): JsonObject {
  const { items, next } = cut(all, smallPage, queryValue(call, 'page_token'))
  return { items, ...(next === undefined ? {} : { next_page_token: next }) }
}
