import { z } from 'zod'
import { armError, AzureError, asObject, jsonBody, param } from '../http/exchange.ts'
import type { Reply, Call, JsonObject } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { stableGuid } from '../ids.ts'
import { ingestionStorageId } from '../private-link/arrival.ts'
import type { Resource } from '../state.ts'
import type { World } from '../world.ts'
import { groupsOf, managedEndpointBody } from './arm-requester.ts'
import { findByName, ownerByName } from './data-plane.ts'
import type { DataPlane } from './data-plane.ts'
import { managedEndpointRoutes } from './endpoint-routes.ts'
import type { Shown } from './endpoint-routes.ts'
import { findManagedEndpoint, putManagedEndpoint } from './managed-endpoints.ts'
import type { ManagedRequest } from './managed-endpoints.ts'
import { onePage } from './paging.ts'
import { inManagedNetwork } from './places.ts'

const type = 'Microsoft.Purview/accounts'
const network = 'defaultv2'
const networks = '/purview/{account}/scan/managedvirtualnetworks'

/**
 * The scanning data plane of Purview accounts: `/purview/{account}` stands for `https://{account}.purview.azure.com`.
 * The only network is `defaultv2`. Endpoint names `{alias}.{endpoint}` are inferred from Data Factory's.
 */
export function purviewPlane(world: World): DataPlane {
  return {
    prefix: 'purview',
    audience: 'https://purview.azure.net',
    owner: ownerByName(world, type),
    versioned: true,
    errorBody: armError,
    routes: [
      ...networkRoutes(world),
      ...managedEndpointRoutes(world, {
        list: `${networks}/${network}/managedprivateendpoints`,
        creation: 'PUT',
        statuses: { created: 200, deleted: 200, missing: 'not found' },
        requester: (call) => requireAccount(world, call),
        network: () => network,
        request: requestOf,
        render,
        page: onePage,
        notFound,
      }),
      {
        method: 'PUT',
        template: '/purview/{account}/scan/integrationruntimes/{runtime}',
        handle: (call) => putRuntime(world, call),
      },
    ],
  }
}

function networkRoutes(world: World): Route[] {
  const one = (call: Call): Reply => ({ status: 200, body: renderNetwork(requireAccount(world, call)) })
  const list = (call: Call): Reply => ({
    status: 200,
    body: { value: [renderNetwork(requireAccount(world, call))] },
  })
  return [
    { method: 'GET', template: networks, handle: list },
    { method: 'GET', template: `${networks}/${network}`, handle: one },
    { method: 'PUT', template: `${networks}/${network}`, handle: one },
  ]
}

function renderNetwork(account: Resource): JsonObject {
  return {
    id: `managedvirtualnetworks/${network}`,
    name: network,
    properties: { vNetId: stableGuid(account.id), alias: account.name.toLowerCase() },
  }
}

function requestOf(call: Call, account: Resource): ManagedRequest {
  const { privateLinkResourceId, groupId } = jsonBody(call, managedEndpointBody).properties
  return endpointOf(account, param(call, 'endpoint'), privateLinkResourceId, groupId)
}

const runtimeBody = z.looseObject({
  kind: z.enum(['Managed', 'SelfHosted']),
  properties: z.looseObject({}).nullish(),
})

/**
 * Deploying the first managed runtime requests endpoints to the account itself and to the blob and the queue of its
 * storage, all at once (Microsoft documentation). Their names are made up here.
 */
function putRuntime(world: World, call: Call): Reply {
  const account = requireAccount(world, call)
  const { kind, properties } = jsonBody(call, runtimeBody)
  if (kind === 'Managed') askForOwnEndpoints(world, account)
  const name = param(call, 'runtime')
  return {
    status: 200,
    body: { id: `integrationruntimes/${name}`, name, kind, properties: properties ?? {} },
  }
}

function askForOwnEndpoints(world: World, account: Resource): void {
  const storage = storageOf(account)
  const expected = [
    ['account', account.id],
    ['blob', storage],
    ['queue', storage],
  ] as const
  for (const [groupId, target] of expected) {
    const name = `${account.name}-${groupId}`
    if (findManagedEndpoint(world, account.id, name) !== undefined) continue
    putManagedEndpoint(world, endpointOf(account, name, target, groupId))
  }
}

function storageOf(account: Resource): string {
  const managed = asObject(account.properties['managedResources'])['storageAccount']
  return typeof managed === 'string' ? managed : ingestionStorageId(account)
}

function endpointOf(account: Resource, name: string, targetId: string, groupId: string): ManagedRequest {
  return {
    kind: 'purview',
    requesterId: account.id,
    network,
    name,
    targetId,
    groupIds: groupsOf(groupId),
    fqdns: [],
    requestMessage: '',
    place: inManagedNetwork(account, name),
    given: {},
  }
}

function render({ managed, state }: Shown): JsonObject {
  return {
    id: `managedvirtualnetworks/${network}/managedprivateendpoints/${managed.name}`,
    name: managed.name,
    properties: {
      privateLinkResourceId: managed.targetId,
      groupId: managed.groupId,
      fqdns: managed.fqdns,
      provisioningState: state.provisioningState,
      connectionState: { status: state.status, description: state.description, actionsRequired: '' },
    },
  }
}

function notFound(name: string): AzureError {
  const message = `The managed private endpoint '${name}' was not found.`
  return new AzureError(404, 'ManagedPrivateEndpoint_NotFound', message)
}

function requireAccount(world: World, call: Call): Resource {
  const account = findByName(world, type, param(call, 'account'))
  if (account !== undefined) return account
  throw new AzureError(404, 'AccountNotFound', `There is no Purview account '${param(call, 'account')}'.`)
}
