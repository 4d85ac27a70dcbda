import { z } from 'zod'
import { jsonBody, param } from '../http/exchange.ts'
import type { Call, JsonObject } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import type { Resource } from '../state.ts'
import type { World } from '../world.ts'
import { armRequesterRoutes } from './arm-requester.ts'
import type { Shown } from './endpoint-routes.ts'
import type { ManagedRequest } from './managed-endpoints.ts'
import { armPage, smallPage } from './paging.ts'
import { inOpaqueGroup } from './places.ts'

const type = 'Microsoft.Dashboard/grafana'
const child = 'managedPrivateEndpoints'

const body = z.looseObject({
  properties: z.looseObject({
    privateLinkResourceId: z.string().min(1),
    groupIds: z.array(z.string()).default([]),
    requestMessage: z.string().default(''),
    privateLinkResourceRegion: z.string().default(''),
  }),
})

/** Managed private endpoints of Azure Managed Grafana workspaces. */
export function grafanaRoutes(world: World): Route[] {
  return armRequesterRoutes(world, {
    type,
    child,
    created: 201,
    deleted: 202,
    what: 'managed private endpoint',
    request: requestOf,
    render,
    page: armPage(smallPage),
  })
}

/** The endpoint behind it is named `grafana-{workspace}-{endpoint}` (user reports); its group is unknown. */
function requestOf(call: Call, workspace: Resource): ManagedRequest {
  const { properties } = jsonBody(call, body)
  const { groupIds, requestMessage, privateLinkResourceRegion } = properties
  const name = param(call, 'endpoint')
  return {
    kind: 'grafana',
    requesterId: workspace.id,
    network: '',
    name,
    targetId: properties.privateLinkResourceId,
    groupIds,
    fqdns: [],
    requestMessage,
    place: inOpaqueGroup(workspace, `grafana-${workspace.name}-${name}`),
    given: { groupIds, requestMessage, privateLinkResourceRegion },
  }
}

/**
 * The published shape, its type in the singular. The live service shows a copy of the state that may lag; this one does
 * not.
 */
function render({ managed, state, requester }: Shown): JsonObject {
  const isCreating = state.provisioningState === 'Provisioning'
  const status = state.status === '' ? 'Pending' : state.status
  return {
    id: `${managed.requesterId}/${child}/${managed.name}`,
    name: managed.name,
    type: 'Microsoft.Dashboard/grafana/managedPrivateEndpoint',
    location: requester.location,
    properties: {
      privateLinkResourceId: managed.targetId,
      ...managed.given,
      provisioningState: isCreating ? 'Creating' : state.provisioningState,
      connectionState: { status, description: state.description },
    },
  }
}
