import { z } from 'zod'
import { AzureError, jsonBody, param } from '../http/exchange.ts'
import type { Reply, Call, JsonObject } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { idKey } from '../ids.ts'
import type { ResourceGroup } from '../state.ts'
import type { World } from '../world.ts'
import { subscriptions, tenants } from '../well-known.ts'
import { deleteResource } from './resources.ts'

const groupBody = z.looseObject({
  location: z.string().min(1),
  tags: z.record(z.string(), z.string()).nullish(),
})

/** Tenants, subscriptions and resource groups. */
export function resourceGroupRoutes(world: World): Route[] {
  return [
    { method: 'GET', template: '/tenants', handle: listTenants },
    { method: 'GET', template: '/subscriptions', handle: (call) => listSubscriptions(world, call) },
    {
      method: 'GET',
      template: '/subscriptions/{subscription}',
      handle: (call) => ({ status: 200, body: renderSubscription(world, param(call, 'subscription')) }),
    },
    {
      method: 'GET',
      template: '/subscriptions/{subscription}/resourceGroups',
      handle: (call) => listGroups(world, call),
    },
    {
      method: 'PUT',
      template: '/subscriptions/{subscription}/resourceGroups/{group}',
      handle: (call) => putGroup(world, call),
    },
    {
      method: 'GET',
      template: '/subscriptions/{subscription}/resourceGroups/{group}',
      handle: (call) => ({ status: 200, body: renderGroup(requireGroup(world, call)) }),
    },
    {
      method: 'HEAD',
      template: '/subscriptions/{subscription}/resourceGroups/{group}',
      handle: (call) => ({ status: findGroup(world, call) === undefined ? 404 : 204 }),
    },
    {
      method: 'DELETE',
      template: '/subscriptions/{subscription}/resourceGroups/{group}',
      handle: (call) => deleteGroup(world, call),
    },
  ]
}

function listTenants(call: Call): Reply {
  const value = tenants
    .filter((tenant) => tenant.tenantId === call.caller?.tenantId)
    .map((tenant) => ({
      id: `/tenants/${tenant.tenantId}`,
      tenantId: tenant.tenantId,
      displayName: tenant.displayName,
      defaultDomain: tenant.domain,
      tenantCategory: 'Home',
    }))
  return { status: 200, body: { value } }
}

function listSubscriptions(world: World, call: Call): Reply {
  const value = subscriptions
    .filter((subscription) => subscription.tenantId === call.caller?.tenantId)
    .map((subscription) => renderSubscription(world, subscription.subscriptionId))
  return { status: 200, body: { value } }
}

function renderSubscription(world: World, subscriptionId: string): JsonObject {
  const tags = world.store.governance.subscriptionTags.get(subscriptionId.toLowerCase())
  const held = subscriptions.find((row) => row.subscriptionId === subscriptionId.toLowerCase())
  return {
    id: `/subscriptions/${subscriptionId}`,
    subscriptionId: held?.subscriptionId,
    tenantId: held?.tenantId,
    displayName: held?.displayName,
    state: 'Enabled',
    authorizationSource: 'RoleBased',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'Internal_2014-09-01',
      spendingLimit: 'Off',
    },
    managedByTenants: [],
    ...(tags === undefined ? {} : { tags }),
  }
}

function listGroups(world: World, call: Call): Reply {
  const subscription = param(call, 'subscription').toLowerCase()
  const value = [...world.store.resourceGroups.values()]
    .filter((group) => group.subscriptionId.toLowerCase() === subscription)
    .map(renderGroup)
  return { status: 200, body: { value } }
}

function putGroup(world: World, call: Call): Reply {
  const body = jsonBody(call, groupBody)
  const held = findGroup(world, call)
  const group: ResourceGroup = held ?? {
    id: `/subscriptions/${param(call, 'subscription')}/resourceGroups/${param(call, 'group')}`,
    name: param(call, 'group'),
    subscriptionId: param(call, 'subscription'),
    location: body.location,
    tags: {},
  }
  group.tags = body.tags ?? {}
  world.store.resourceGroups.set(idKey(group.id), group)
  world.store.changed()
  return { status: held === undefined ? 201 : 200, body: renderGroup(group) }
}

function deleteGroup(world: World, call: Call): Reply {
  const group = requireGroup(world, call)
  for (const resource of [...world.store.resources.values()]) {
    if (idKey(resource.id).startsWith(`${idKey(group.id)}/`)) deleteResource(world, resource)
  }
  world.store.resourceGroups.delete(idKey(group.id))
  world.store.changed()
  return { status: 200 }
}

function findGroup(world: World, call: Call): ResourceGroup | undefined {
  return world.store.resourceGroups.get(
    idKey(`/subscriptions/${param(call, 'subscription')}/resourceGroups/${param(call, 'group')}`),
  )
}

/** The resource group that the route's parameters name. Throws 404 ResourceGroupNotFound. */
export function requireGroup(world: World, call: Call): ResourceGroup {
  const group = findGroup(world, call)
  if (group !== undefined) return group
  throw new AzureError(
    404,
    'ResourceGroupNotFound',
    `Resource group '${param(call, 'group')}' could not be found.`,
  )
}

function renderGroup(group: ResourceGroup): JsonObject {
  return {
    id: group.id,
    name: group.name,
    type: 'Microsoft.Resources/resourceGroups',
    location: group.location,
    tags: group.tags,
    properties: { provisioningState: 'Succeeded' },
  }
}
