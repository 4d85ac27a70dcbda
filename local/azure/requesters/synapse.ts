import { apiVersion, armError, AzureError, jsonBody, param } from '../http/exchange.ts'
import type { Call, JsonObject } from '../http/exchange.ts'
import type { Resource } from '../state.ts'
import type { World } from '../world.ts'
import { groupsOf, managedEndpointBody } from './arm-requester.ts'
import { findByName, ownerByName } from './data-plane.ts'
import type { DataPlane } from './data-plane.ts'
import { managedEndpointRoutes } from './endpoint-routes.ts'
import type { Shown } from './endpoint-routes.ts'
import type { ManagedRequest } from './managed-endpoints.ts'
import { onePage } from './paging.ts'
import { inManagedNetwork } from './places.ts'

const type = 'Microsoft.Synapse/workspaces'
const network = 'default'

/** The data plane of Synapse workspaces: `/synapse/{workspace}` stands for `https://{workspace}.dev.azuresynapse.net`. */
export function synapsePlane(world: World): DataPlane {
  return {
    prefix: 'synapse',
    audience: 'https://dev.azuresynapse.net',
    owner: ownerByName(world, type),
    versioned: true,
    errorBody: armError,
    routes: managedEndpointRoutes(world, {
      list: `/synapse/{workspace}/managedVirtualNetworks/${network}/managedPrivateEndpoints`,
      creation: 'PUT',
      statuses: { created: 200, deleted: 202, missing: 'not found' },
      requester: (call) => requireWorkspace(world, call),
      network: () => network,
      request: requestOf,
      render,
      page: onePage,
      notFound,
    }),
  }
}

function requireWorkspace(world: World, call: Call): Resource {
  const workspace = findByName(world, type, param(call, 'workspace'))
  if (workspace !== undefined) return workspace
  throw new AzureError(404, 'WorkspaceNotFound', `There is no workspace '${param(call, 'workspace')}'.`)
}

function requestOf(call: Call, workspace: Resource): ManagedRequest {
  const { properties } = jsonBody(call, managedEndpointBody)
  const name = param(call, 'endpoint')
  return {
    kind: 'synapse',
    requesterId: workspace.id,
    network,
    name,
    targetId: properties.privateLinkResourceId,
    groupIds: groupsOf(properties.groupId),
    fqdns: properties.fqdns,
    requestMessage: properties.requestMessage,
    place: inManagedNetwork(workspace, name),
    given: {},
  }
}

/** While provisioning `connectionState` is `{}`. Only version 2020-12-01 shows the id of the endpoint behind it. */
function render({ managed, state, call }: Shown): JsonObject {
  const isWaiting = state.status === ''
  return {
    id: `${managed.requesterId}/managedVirtualNetworks/${network}/managedPrivateEndpoints/${managed.name}`,
    name: managed.name,
    type: `${type}/managedVirtualNetworks/managedPrivateEndpoints`,
    properties: {
      privateLinkResourceId: managed.targetId,
      ...(apiVersion(call) === '2020-12-01' ? { resourceId: managed.endpointId } : {}),
      groupId: managed.groupId,
      fqdns: managed.fqdns,
      provisioningState: state.provisioningState,
      connectionState: isWaiting
        ? {}
        : { status: state.status, description: state.description, actionsRequired: 'None' },
      isReserved: false,
      isCompliant: true,
    },
  }
}

/** A recording shows the outer code UnknownError, with 404 only inside the message; the HTTP status is assumed. */
function notFound(name: string): AzureError {
  const message = `{"status":404,"message":"ManagedPrivateEndpoint ${name} not found"}`
  return new AzureError(404, 'UnknownError', message)
}
