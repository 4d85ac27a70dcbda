import { jsonBody, param } from '../http/exchange.ts'
import type { Call, JsonObject } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { stableGuid } from '../ids.ts'
import type { Resource } from '../state.ts'
import type { World } from '../world.ts'
import { armRequesterRoutes, groupsOf, managedEndpointBody } from './arm-requester.ts'
import type { Shown } from './endpoint-routes.ts'
import type { ManagedRequest } from './managed-endpoints.ts'
import { armPage, smallPage } from './paging.ts'
import { inOpaqueGroup } from './places.ts'

const type = 'Microsoft.Search/searchServices'
const child = 'sharedPrivateLinkResources'

/** Shared private links of AI Search services. */
export function searchServiceRoutes(world: World): Route[] {
  return armRequesterRoutes(world, {
    type,
    child,
    created: 202,
    deleted: 202,
    what: 'shared private link resource',
    request: requestOf,
    render,
    page: armPage(smallPage),
  })
}

/**
 * Documentation and user reports disagree on whether the endpoint behind it carries the link's name. Here it does not,
 * which is harder to recognise.
 */
function requestOf(call: Call, service: Resource): ManagedRequest {
  const { properties } = jsonBody(call, managedEndpointBody)
  const name = param(call, 'endpoint')
  const region = properties['resourceRegion']
  return {
    kind: 'search',
    requesterId: service.id,
    network: '',
    name,
    targetId: properties.privateLinkResourceId,
    groupIds: groupsOf(properties.groupId),
    fqdns: [],
    requestMessage: properties.requestMessage,
    place: inOpaqueGroup(service, stableGuid(`${service.id}/${name}`)),
    given: {
      requestMessage: properties.requestMessage,
      resourceRegion: typeof region === 'string' ? region : null,
    },
  }
}

/** The documented shape: the status is a plain word beside the rest. */
function render({ managed, state }: Shown): JsonObject {
  const isUpdating = state.provisioningState === 'Provisioning'
  return {
    id: `${managed.requesterId}/${child}/${managed.name}`,
    name: managed.name,
    type: `${type}/${child}`,
    properties: {
      privateLinkResourceId: managed.targetId,
      groupId: managed.groupId,
      ...managed.given,
      status: state.status === '' ? 'Pending' : state.status,
      provisioningState: isUpdating ? 'Updating' : state.provisioningState,
    },
  }
}
