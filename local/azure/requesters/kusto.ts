import { jsonBody, param } from '../http/exchange.ts'
import type { Call, JsonObject } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { stableGuid } from '../ids.ts'
import type { Resource } from '../state.ts'
import type { World } from '../world.ts'
import { armRequesterRoutes, groupsOf, managedEndpointBody } from './arm-requester.ts'
import type { Shown } from './endpoint-routes.ts'
import type { ManagedRequest } from './managed-endpoints.ts'
import { onePage } from './paging.ts'
import { inOpaqueGroup } from './places.ts'

const type = 'Microsoft.Kusto/clusters'
const child = 'managedPrivateEndpoints'

/** Managed private endpoints of Azure Data Explorer clusters. */
export function kustoRoutes(world: World): Route[] {
  return armRequesterRoutes(world, {
    type,
    child,
    created: 201,
    deleted: 200,
    what: 'managed private endpoint',
    request: requestOf,
    render,
    page: onePage,
  })
}

/** The name of the endpoint behind it ends in that of the managed one (user reports); the beginning is unknown. */
function requestOf(call: Call, cluster: Resource): ManagedRequest {
  const { properties } = jsonBody(call, managedEndpointBody)
  const name = param(call, 'endpoint')
  return {
    kind: 'kusto',
    requesterId: cluster.id,
    network: '',
    name,
    targetId: properties.privateLinkResourceId,
    groupIds: groupsOf(properties.groupId),
    fqdns: [],
    requestMessage: properties.requestMessage,
    place: inOpaqueGroup(cluster, `${stableGuid(cluster.id)}-${name}`),
    given: {
      requestMessage: properties.requestMessage,
      ...(typeof properties['privateLinkResourceRegion'] === 'string'
        ? { privateLinkResourceRegion: properties['privateLinkResourceRegion'] }
        : {}),
    },
  }
}

/**
 * The documented shape: capitals in the id, the cluster in the name, and no status of the connection;
 * `provisioningState` is Succeeded long before the approval.
 */
function render({ managed, state, requester }: Shown): JsonObject {
  const isCreating = state.provisioningState === 'Provisioning'
  const cluster = managed.requesterId.replace(/\/clusters\/([^/]+)$/i, '/Clusters/$1')
  return {
    id: `${cluster}/ManagedPrivateEndpoints/${managed.name}`,
    name: `${requester.name}/${managed.name}`,
    type: 'Microsoft.Kusto/Clusters/ManagedPrivateEndpoints',
    location: 'DummyLocation',
    properties: {
      privateLinkResourceId: managed.targetId,
      groupId: managed.groupId,
      ...managed.given,
      provisioningState: isCreating ? 'Creating' : state.provisioningState,
    },
  }
}
