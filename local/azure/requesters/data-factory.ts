import { z } from 'zod'
import { AzureError, jsonBody, param } from '../http/exchange.ts'
import type { Reply, Call, JsonObject } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { bareEtag, idKey, newEtag, stableGuid } from '../ids.ts'
import type { Resource } from '../state.ts'
import type { World } from '../world.ts'
import {
  groupsOf,
  managedEndpointBody,
  notFound,
  requesterTemplate,
  requireRequester,
} from './arm-requester.ts'
import { managedEndpointRoutes } from './endpoint-routes.ts'
import type { Shown } from './endpoint-routes.ts'
import type { ManagedRequest } from './managed-endpoints.ts'
import { onePage } from './paging.ts'
import { inManagedNetwork } from './places.ts'

const type = 'Microsoft.DataFactory/factories'
const networkType = `${type}/managedVirtualNetworks`
const networks = `${requesterTemplate(type)}/managedVirtualNetworks`

/** Managed networks and managed private endpoints of data factories (api-version 2018-06-01). */
export function dataFactoryRoutes(world: World): Route[] {
  return [
    { method: 'GET', template: networks, handle: (call) => listNetworks(world, call) },
    { method: 'PUT', template: `${networks}/{network}`, handle: (call) => putNetwork(world, call) },
    { method: 'GET', template: `${networks}/{network}`, handle: (call) => getNetwork(world, call) },
    ...managedEndpointRoutes(world, {
      list: `${networks}/{network}/managedPrivateEndpoints`,
      creation: 'PUT',
      statuses: { created: 200, deleted: 200, missing: 204 },
      requester: (call) => requireFactory(world, call),
      network: (call) => param(call, 'network'),
      request: (call, factory) => requestOf(world, call, factory),
      render,
      page: onePage,
      notFound: notFound('managed private endpoint'),
      announced: ({ network, name }) => `managedVirtualNetworks/${network}/managedPrivateEndpoints/${name}`,
    }),
  ]
}

function requireFactory(world: World, call: Call): Resource {
  return requireRequester(world, call, type, 'managedVirtualNetworks/managedPrivateEndpoints')
}

function listNetworks(world: World, call: Call): Reply {
  const below = `${idKey(requireFactory(world, call).id)}/managedvirtualnetworks/`
  const value = [...world.store.resources.values()]
    .filter((held) => held.type === networkType && idKey(held.id).startsWith(below))
    .map(renderNetwork)
  return { status: 200, body: { value } }
}

function putNetwork(world: World, call: Call): Reply {
  jsonBody(call, z.looseObject({}))
  return { status: 200, body: renderNetwork(ensureNetwork(world, call)) }
}

function getNetwork(world: World, call: Call): Reply {
  const factory = requireFactory(world, call)
  const held = world.store.resources.get(
    idKey(`${factory.id}/managedVirtualNetworks/${param(call, 'network')}`),
  )
  if (held === undefined) throw notFound('managed virtual network')(param(call, 'network'))
  return { status: 200, body: renderNetwork(held) }
}

/** The network is created when the first endpoint needs it: the portal creates it together with the factory. */
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

function requestOf(world: World, call: Call, factory: Resource): ManagedRequest {
  const { properties } = jsonBody(call, managedEndpointBody)
  const name = param(call, 'endpoint')
  if (!/^[\w.-]{1,80}$/.test(name)) {
    throw new AzureError(
      400,
      'InvalidManagedPrivateEndpointName',
      `'${name}' is no name for a managed private endpoint.`,
    )
  }
  return {
    kind: 'dataFactory',
    requesterId: factory.id,
    network: ensureNetwork(world, call).name,
    name,
    targetId: properties.privateLinkResourceId,
    groupIds: groupsOf(properties.groupId),
    fqdns: properties.fqdns,
    requestMessage: `Requested by DataFactory:${factory.name}, Name:${name}`,
    place: inManagedNetwork(factory, name),
    given: {},
  }
}

/**
 * The recorded shape: ids partly in lower case, the status empty while provisioning, no id of the endpoint behind it.
 */
function render({ managed, state }: Shown): JsonObject {
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
