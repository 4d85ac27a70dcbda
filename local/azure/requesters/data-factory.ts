import { z } from 'zod'
import { AzureError, jsonBody, param } from '../http/exchange.ts'
import type { Answer, Call, JsonObject } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { bareEtag, idKey, newEtag, resourceId, stableGuid } from '../ids.ts'
import { announce } from '../private-link/notify.ts'
import type { ManagedEndpoint, Resource } from '../state.ts'
import type { World } from '../world.ts'
import {
  findManagedEndpoint,
  managedEndpointBody,
  managedEndpointsOf,
  putManagedEndpoint,
  removeManagedEndpoint,
  stateOf,
} from './managed-endpoints.ts'

const networks =
  '/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.DataFactory/factories/{factory}/managedVirtualNetworks'
const endpoints = `${networks}/{network}/managedPrivateEndpoints`

/** Managed networks and managed private endpoints of data factories (api-version 2018-06-01). */
export function dataFactoryRoutes(world: World): Route[] {
  return [
    { method: 'GET', template: networks, handle: (call) => listNetworks(world, call) },
    { method: 'PUT', template: `${networks}/{network}`, handle: (call) => putNetwork(world, call) },
    { method: 'GET', template: `${networks}/{network}`, handle: (call) => getNetwork(world, call) },
    { method: 'GET', template: endpoints, handle: (call) => listEndpoints(world, call) },
    { method: 'PUT', template: `${endpoints}/{endpoint}`, handle: (call) => putEndpoint(world, call) },
    { method: 'GET', template: `${endpoints}/{endpoint}`, handle: (call) => getEndpoint(world, call) },
    { method: 'DELETE', template: `${endpoints}/{endpoint}`, handle: (call) => deleteEndpoint(world, call) },
  ]
}

const networkType = 'Microsoft.DataFactory/factories/managedVirtualNetworks'

function listNetworks(world: World, call: Call): Answer {
  const below = `${idKey(requireFactory(world, call).id)}/managedvirtualnetworks/`
  const value = [...world.store.resources.values()]
    .filter((held) => held.type === networkType && idKey(held.id).startsWith(below))
    .map(renderNetwork)
  return { status: 200, body: { value } }
}

function putNetwork(world: World, call: Call): Answer {
  jsonBody(call, z.looseObject({}))
  return { status: 200, body: renderNetwork(ensureNetwork(world, call)) }
}

function getNetwork(world: World, call: Call): Answer {
  const factory = requireFactory(world, call)
  const held = world.store.resources.get(
    idKey(`${factory.id}/managedVirtualNetworks/${param(call, 'network')}`),
  )
  if (held === undefined) throw notFound('managed virtual network', param(call, 'network'))
  return { status: 200, body: renderNetwork(held) }
}

/** The network is made when the first endpoint needs it: the portal does the same in one go with the factory. */
function ensureNetwork(world: World, call: Call): Resource {
  const factory = requireFactory(world, call)
  const id = `${factory.id}/managedVirtualNetworks/${param(call, 'network')}`
  const held = world.store.resources.get(idKey(id))
  if (held !== undefined) return held
  const network: Resource = {
    id,
    type: networkType,
    name: param(call, 'network'),
    location: factory.location,
    tags: {},
    body: {},
    etag: newEtag(),
    properties: { vNetId: stableGuid(id), alias: factory.name.toLowerCase(), preventDataExfiltration: false },
  }
  world.store.resources.set(idKey(id), network)
  world.store.changed()
  return network
}

function renderNetwork(network: Resource): JsonObject {
  return {
    id: network.id.replace('/managedVirtualNetworks/', '/managedvirtualnetworks/'),
    name: network.name,
    type: 'Microsoft.DataFactory/factories/managedvirtualnetworks',
    etag: bareEtag(network.etag),
    properties: network.properties,
  }
}

function listEndpoints(world: World, call: Call): Answer {
  const factory = requireFactory(world, call)
  const value = managedEndpointsOf(world, factory.id, param(call, 'network')).map((held) =>
    render(world, held),
  )
  return { status: 200, body: { value } }
}

function putEndpoint(world: World, call: Call): Answer {
  const { properties } = jsonBody(call, managedEndpointBody)
  const network = ensureNetwork(world, call)
  const factory = requireFactory(world, call)
  const name = param(call, 'endpoint')
  if (!/^[\w.-]{1,80}$/.test(name)) {
    throw new AzureError(
      400,
      'InvalidManagedPrivateEndpointName',
      `'${name}' is no name for a managed private endpoint.`,
    )
  }
  const existing = findManagedEndpoint(world, factory.id, name) !== undefined
  const managed = putManagedEndpoint(world, {
    kind: 'dataFactory',
    requester: factory,
    network: network.name,
    name,
    targetId: properties.privateLinkResourceId,
    groupId: properties.groupId,
    fqdns: properties.fqdns,
    requestMessage: `Requested by DataFactory:${factory.name}, Name:${name}`,
  })
  announce(world, {
    target: factory.id,
    child: `managedVirtualNetworks/${network.name}/managedPrivateEndpoints/${name}`,
    verb: 'write',
    caller: call.caller,
    existing,
  })
  return { status: 200, body: render(world, managed) }
}

function getEndpoint(world: World, call: Call): Answer {
  return { status: 200, body: render(world, requireEndpoint(world, call)) }
}

function deleteEndpoint(world: World, call: Call): Answer {
  const factory = requireFactory(world, call)
  const managed = findManagedEndpoint(world, factory.id, param(call, 'endpoint'))
  if (managed === undefined) return { status: 204 }
  removeManagedEndpoint(world, managed)
  announce(world, {
    target: factory.id,
    child: `managedVirtualNetworks/${managed.network}/managedPrivateEndpoints/${managed.name}`,
    verb: 'delete',
    caller: call.caller,
    existing: true,
  })
  return { status: 200 }
}

/** The recorded shape: ids partly in lower case, the status empty while provisioning, no id of the endpoint behind. */
function render(world: World, managed: ManagedEndpoint): JsonObject {
  const state = stateOf(world, managed)
  return {
    id: `${managed.requesterId}/managedvirtualnetworks/${managed.network}/managedprivateendpoints/${managed.name}`,
    name: managed.name,
    type: 'Microsoft.DataFactory/factories/managedvirtualnetworks/managedprivateendpoints',
    etag: bareEtag(managed.etag),
    properties: {
      provisioningState: state.provisioningState,
      privateLinkResourceId: managed.targetId,
      groupId: managed.groupId,
      fqdns: managed.fqdns,
      connectionState: { status: state.status, description: state.description, actionsRequired: '' },
    },
  }
}

function requireEndpoint(world: World, call: Call): ManagedEndpoint {
  const factory = requireFactory(world, call)
  const managed = findManagedEndpoint(world, factory.id, param(call, 'endpoint'))
  if (managed?.network.toLowerCase() === param(call, 'network').toLowerCase()) return managed
  throw notFound('managed private endpoint', param(call, 'endpoint'))
}

function requireFactory(world: World, call: Call): Resource {
  const id = resourceId(
    param(call, 'subscription'),
    param(call, 'group'),
    'Microsoft.DataFactory/factories',
    param(call, 'factory'),
  )
  const factory = world.store.resources.get(idKey(id))
  if (factory !== undefined) return factory
  throw new AzureError(
    404,
    'ResourceNotFound',
    `The Resource 'Microsoft.DataFactory/factories/${param(call, 'factory')}' under resource group '${param(call, 'group')}' was not found.`,
  )
}

function notFound(kind: string, name: string): AzureError {
  return new AzureError(404, 'NotFound', `The ${kind} '${name}' was not found.`)
}
