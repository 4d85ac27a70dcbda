import { apiVersion, AzureError, jsonBody, param } from '../http/exchange.ts'
import type { Answer, Call, JsonObject } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
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

/** Audience of tokens for the data plane of Synapse workspaces. */
export const synapseAudience = 'https://dev.azuresynapse.net'

const list = '/synapse/{workspace}/managedVirtualNetworks/default/managedPrivateEndpoints'

/** The data plane of Synapse workspaces: `/synapse/{workspace}` stands for `https://{workspace}.dev.azuresynapse.net`. */
export function synapseRoutes(world: World): Route[] {
  return [
    { method: 'GET', template: list, handle: (call) => listEndpoints(world, call) },
    { method: 'PUT', template: `${list}/{endpoint}`, handle: (call) => putEndpoint(world, call) },
    { method: 'GET', template: `${list}/{endpoint}`, handle: (call) => getEndpoint(world, call) },
    { method: 'DELETE', template: `${list}/{endpoint}`, handle: (call) => deleteEndpoint(world, call) },
  ]
}

/** The workspace with this name; there is at most one in all of Azure. */
export function findByName(world: World, type: string, name: string): Resource | undefined {
  return [...world.store.resources.values()].find(
    (held) => held.type === type && held.name.toLowerCase() === name.toLowerCase(),
  )
}

function listEndpoints(world: World, call: Call): Answer {
  const value = managedEndpointsOf(world, requireWorkspace(world, call).id, 'default').map((held) =>
    render(world, held, apiVersion(call)),
  )
  return { status: 200, body: { value } }
}

function putEndpoint(world: World, call: Call): Answer {
  const { properties } = jsonBody(call, managedEndpointBody)
  const managed = putManagedEndpoint(world, {
    kind: 'synapse',
    requester: requireWorkspace(world, call),
    network: 'default',
    name: param(call, 'endpoint'),
    targetId: properties.privateLinkResourceId,
    groupId: properties.groupId,
    fqdns: properties.fqdns,
    requestMessage: properties.requestMessage ?? '',
  })
  return { status: 200, body: render(world, managed, apiVersion(call)) }
}

function getEndpoint(world: World, call: Call): Answer {
  return { status: 200, body: render(world, requireEndpoint(world, call), apiVersion(call)) }
}

function deleteEndpoint(world: World, call: Call): Answer {
  removeManagedEndpoint(world, requireEndpoint(world, call))
  return { status: 202 }
}

/** While provisioning `connectionState` is `{}`. Version 2020-12-01 alone shows the id of the endpoint behind. */
function render(world: World, managed: ManagedEndpoint, version: string): JsonObject {
  const state = stateOf(world, managed)
  const isWaiting = state.status === ''
  return {
    id: `${managed.requesterId}/managedVirtualNetworks/default/managedPrivateEndpoints/${managed.name}`,
    name: managed.name,
    type: 'Microsoft.Synapse/workspaces/managedVirtualNetworks/managedPrivateEndpoints',
    properties: {
      privateLinkResourceId: managed.targetId,
      ...(version === '2020-12-01' ? { resourceId: managed.endpointId } : {}),
      groupId: managed.groupId,
      fqdns: managed.fqdns,
      provisioningState: state.provisioningState,
      connectionState: isWaiting
        ? {}
        : { status: state.status, description: state.description, actionsRequired: 'None' },
      isReserved: managed.reserved,
      isCompliant: true,
    },
  }
}

/** A recording shows the outer code UnknownError, with 404 only inside the message; the HTTP status is assumed. */
function requireEndpoint(world: World, call: Call): ManagedEndpoint {
  const managed = findManagedEndpoint(world, requireWorkspace(world, call).id, param(call, 'endpoint'))
  if (managed !== undefined) return managed
  throw new AzureError(
    404,
    'UnknownError',
    `{"status":404,"message":"ManagedPrivateEndpoint ${param(call, 'endpoint')} not found"}`,
  )
}

function requireWorkspace(world: World, call: Call): Resource {
  const workspace = findByName(world, 'Microsoft.Synapse/workspaces', param(call, 'workspace'))
  if (workspace !== undefined) return workspace
  throw new AzureError(404, 'WorkspaceNotFound', `There is no workspace '${param(call, 'workspace')}'.`)
}
