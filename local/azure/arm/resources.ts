import { z } from 'zod'
import { apiVersion, AzureError, jsonBody, param, without } from '../http/exchange.ts'
import type { Reply, Call } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { idKey, newEtag, resourceId } from '../ids.ts'
import { deleteEndpoint, endpointType } from '../private-link/endpoints.ts'
import { announce, announceState, renderWhole } from '../private-link/notify.ts'
import { deleteTarget } from '../private-link/settle.ts'
import { targetType, targetTypes } from '../private-link/target-types/index.ts'
import { completeResource } from '../requesters/new-resources.ts'
import { removeManagedEndpointsOf } from '../requesters/managed-endpoints.ts'
import type { Resource } from '../state.ts'
import type { World } from '../world.ts'
import { idOf, parentIdOf, resourceRoutesOf, typeOf } from './paths.ts'
import { resourceListRoutes } from './resource-lists.ts'

const resourceBody = z.looseObject({
  location: z.string().nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.looseObject({}).nullish(),
})

/** Types that are stored as plain resources because targets and endpoints refer to them. */
const plainTypes = [
  'Microsoft.Network/virtualNetworks',
  'Microsoft.Network/loadBalancers',
  'Microsoft.Network/networkInterfaces',
  'Microsoft.Network/privateDnsZones',
  'Microsoft.EventGrid/systemTopics',
  'Microsoft.Cdn/profiles',
]

/** Written by the platform only: a caller's value is ignored. */
const platformProperties = [
  'privateEndpointConnections',
  'registryPrivateEndpointConnections',
  'managedResources',
  'ingestionStorage',
  'alias',
]

/** Any resource: create, read, list, delete. A PUT also creates a missing resource group. */
export function resourceRoutes(world: World): Route[] {
  return [
    ...resourceRoutesOf('PUT', '', (call) => putResource(world, call)),
    ...resourceRoutesOf('PATCH', '', (call) => patchResource(world, call)),
    ...resourceRoutesOf('GET', '', (call) => getResource(world, call)),
    ...resourceRoutesOf('DELETE', '', (call) => removeResource(world, call)),
    ...resourceListRoutes(world),
  ]
}

/** The resource that the route's parameters name. Throws 404 ResourceNotFound. */
export function requireResource(world: World, call: Call): Resource {
  const resource = world.store.resources.get(idKey(idOf(call)))
  if (resource !== undefined) return resource
  throw new AzureError(
    404,
    'ResourceNotFound',
    `The Resource '${typeOf(call)}/${param(call, 'name')}' under resource group '${param(call, 'group')}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  )
}

/** Deletes a resource with everything that depends on it. */
export function deleteResource(world: World, resource: Resource): void {
  if (resource.type === endpointType) deleteEndpoint(world, resource)
  else {
    removeManagedEndpointsOf(world, resource.id)
    deleteTarget(world, resource)
  }
  const below = `${idKey(resource.id)}/`
  for (const held of [...world.store.resources.values()]) {
    if (idKey(held.id).startsWith(below)) deleteTarget(world, held)
  }
}

/** Stores a new resource of a known type; creates a missing resource group. */
export function addResource(world: World, resource: Resource): void {
  const groupId = resource.id.split('/').slice(0, 5).join('/')
  if (!world.store.resourceGroups.has(idKey(groupId))) {
    const [, , subscriptionId = '', , name = ''] = groupId.split('/')
    const group = { id: groupId, name, subscriptionId, location: resource.location, tags: {} }
    world.store.resourceGroups.set(idKey(groupId), group)
  }
  world.store.resources.set(idKey(resource.id), resource)
  world.store.changed()
}

/** Storage returns 200 or 202 for a new account; its clients accept nothing else (seen with az 2.45). */
const createdWith200 = ['Microsoft.Storage/storageAccounts']

function putResource(world: World, call: Call): Reply {
  const { location, tags, properties, ...rest } = jsonBody(call, resourceBody)
  const id = idOf(call)
  const held = world.store.resources.get(idKey(id))
  const type = canonicalType(typeOf(call))
  checkParent(world, id)
  if (held === undefined) checkName(world, type, param(call, 'name'))
  const resource: Resource = held ?? {
    id: resourceId(param(call, 'subscription'), param(call, 'group'), type, param(call, 'name')),
    type,
    name: param(call, 'name'),
    location: location ?? 'westeurope',
    tags: {},
    body: {},
    properties: {},
    etag: newEtag(),
  }
  const body = without(rest, ['id', 'name', 'type', 'etag'])
  const given = without(properties ?? {}, platformProperties)
  Object.assign(resource, { body: { ...resource.body, ...body }, tags: tags ?? {}, etag: newEtag() })
  resource.properties = { ...resource.properties, ...given, provisioningState: 'Succeeded' }
  addResource(world, resource)
  if (held === undefined)
    completeResource(world, resource, apiVersion(call), (made) => addResource(world, made))
  announce(world, {
    target: resource.id,
    child: '',
    verb: 'write',
    caller: call.caller,
    existing: held !== undefined,
  })
  announceState(world, resource)
  const isCreated = held === undefined && !createdWith200.includes(type)
  return { status: isCreated ? 201 : 200, body: renderWhole(world, resource, id, apiVersion(call)) }
}

function patchResource(world: World, call: Call): Reply {
  const resource = requireResource(world, call)
  const { tags, properties } = jsonBody(call, resourceBody)
  if (tags !== undefined && tags !== null) resource.tags = tags
  const given = without(properties ?? {}, platformProperties)
  resource.properties = { ...resource.properties, ...given }
  resource.etag = newEtag()
  world.store.changed()
  announce(world, { target: resource.id, child: '', verb: 'write', caller: call.caller, existing: true })
  announceState(world, resource)
  return { status: 200, body: renderWhole(world, resource, idOf(call), apiVersion(call)) }
}

function getResource(world: World, call: Call): Reply {
  const resource = requireResource(world, call)
  return { status: 200, body: renderWhole(world, resource, idOf(call), apiVersion(call)) }
}

function removeResource(world: World, call: Call): Reply {
  const resource = world.store.resources.get(idKey(idOf(call)))
  if (resource === undefined) return { status: 204 }
  deleteResource(world, resource)
  announce(world, { target: resource.id, child: '', verb: 'delete', caller: call.caller, existing: true })
  return { status: 200 }
}

function canonicalType(type: string): string {
  const known =
    targetType(type)?.type ?? plainTypes.find((plain) => plain.toLowerCase() === type.toLowerCase())
  if (known !== undefined) return known
  throw new AzureError(
    404,
    'InvalidResourceType',
    `The simulated Azure does not play the resource type '${type}'. It knows private link targets of ${targetTypes.length} types and ${plainTypes.join(', ')}.`,
  )
}

function checkParent(world: World, id: string): void {
  const parent = parentIdOf(id)
  if (parent === undefined || world.store.resources.has(idKey(parent))) return
  throw new AzureError(404, 'ParentResourceNotFound', `The parent resource ${parent} was not found.`)
}

function checkName(world: World, type: string, name: string): void {
  if (targetType(type)?.globalName !== true) return
  const taken = [...world.store.resources.values()].some(
    (resource) => resource.type === type && resource.name.toLowerCase() === name.toLowerCase(),
  )
  if (!taken) return
  throw new AzureError(
    409,
    'NameAlreadyExists',
    `The ${type} name '${name}' is already taken somewhere in Azure.`,
  )
}
