import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { AzureError, jsonBody, param, queryValue } from '../http/exchange.ts'
import type { Call, JsonObject } from '../http/exchange.ts'
import { idKey } from '../ids.ts'
import type { Resource } from '../state.ts'
import type { World } from '../world.ts'
import { groupsOf } from './arm-requester.ts'
import type { DataPlane } from './data-plane.ts'
import { managedEndpointRoutes } from './endpoint-routes.ts'
import type { Shown } from './endpoint-routes.ts'
import { managedEndpointsOf } from './managed-endpoints.ts'
import type { ManagedRequest } from './managed-endpoints.ts'
import { cut, smallPage } from './paging.ts'
import { inOpaqueGroup } from './places.ts'

/** The collection of workspaces, to which the control calls add new ones. */
export const fabricWorkspaces = '/fabric/v1/workspaces'

/** Documented limits of the two texts. */
const body = z.looseObject({
  name: z.string().min(1).max(64),
  targetPrivateLinkResourceId: z.string().min(1),
  targetSubresourceType: z.string().default(''),
  requestMessage: z.string().max(140).default(''),
})

/** Managed private endpoints of Fabric workspaces: `/fabric` stands for `https://api.fabric.microsoft.com`. */
export function fabricPlane(world: World): DataPlane {
  return {
    prefix: 'fabric',
    audience: 'https://api.fabric.microsoft.com',
    owner: () => undefined,
    versioned: false,
    errorBody: ({ code, message }) => ({ requestId: randomUUID(), errorCode: code, message }),
    routes: managedEndpointRoutes(world, {
      list: `${fabricWorkspaces}/{workspace}/managedPrivateEndpoints`,
      creation: 'POST',
      statuses: { created: 201, deleted: 200, missing: 'not found' },
      requester: (call) => requireWorkspace(world, call),
      network: () => '',
      request: (call, workspace) => requestOf(world, call, workspace),
      render,
      page,
      notFound: (id) =>
        new AzureError(404, 'EntityNotFound', `The managed private endpoint ${id} was not found.`),
    }),
  }
}

/** That another tenant's workspace looks like a missing one is assumed. */
function requireWorkspace(world: World, call: Call): Resource {
  const workspace = world.store.resources.get(idKey(`${fabricWorkspaces}/${param(call, 'workspace')}`))
  if (workspace?.properties['tenantId'] === call.caller?.tenantId && workspace !== undefined) return workspace
  throw new AzureError(404, 'WorkspaceNotFound', `The workspace ${param(call, 'workspace')} was not found.`)
}

/** The endpoint behind it is named `{workspace id}.{name}`, which Microsoft's own command line searches for. */
function requestOf(world: World, call: Call, workspace: Resource): ManagedRequest {
  const expected = jsonBody(call, body)
  const isTaken = managedEndpointsOf(world, workspace.id, '').some(
    ({ given }) => given['name'] === expected.name,
  )
  if (isTaken) {
    throw new AzureError(409, 'EntityConflict', `The workspace has an endpoint named ${expected.name}.`)
  }
  return {
    kind: 'fabric',
    requesterId: workspace.id,
    network: '',
    name: randomUUID(),
    targetId: expected.targetPrivateLinkResourceId,
    groupIds: groupsOf(expected.targetSubresourceType),
    fqdns: [],
    requestMessage: expected.requestMessage,
    place: inOpaqueGroup(workspace, `${workspace.name.toLowerCase()}.${expected.name}`),
    given: { name: expected.name },
  }
}

/** The documented shape, all at the top level. That `connectionState` is missing at first is inferred. */
function render({ managed, state }: Shown): JsonObject {
  return {
    id: managed.name,
    name: managed.given['name'],
    targetPrivateLinkResourceId: managed.targetId,
    provisioningState: state.provisioningState,
    ...(state.status === ''
      ? {}
      : { connectionState: { status: state.status, description: state.description } }),
    ...(managed.groupId === '' ? {} : { targetSubresourceType: managed.groupId }),
  }
}

function page(call: Call, all: readonly JsonObject[]): JsonObject {
  const { items, next } = cut(all, smallPage, queryValue(call, 'continuationToken'))
  if (next === undefined) return { value: items }
  const continuationUri = `${call.origin}${encodeURI(call.path)}?continuationToken=${next}`
  return { value: items, continuationToken: next, continuationUri }
}
