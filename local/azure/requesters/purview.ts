import { z } from 'zod'
import { AzureError, asObject, jsonBody, param } from '../http/exchange.ts'
import type { Answer, Call, JsonObject } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { stableGuid } from '../ids.ts'
import { ingestionStorageId } from '../private-link/arrival.ts'
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
import { findByName } from './synapse.ts'

/** Audience of tokens for the data plane of Purview accounts. */
export const purviewAudience = 'https://purview.azure.net'

const network = 'defaultv2'
const networks = '/purview/{account}/scan/managedvirtualnetworks'
const endpoints = `${networks}/defaultv2/managedprivateendpoints`
const runtimes = '/purview/{account}/scan/integrationruntimes'

/**
 * The scanning data plane of Purview accounts: `/purview/{account}` stands for `https://{account}.purview.azure.com`.
 * The only network is `defaultv2`. Endpoint names `{alias}.{endpoint}` are inferred from Data Factory's.
 */
export function purviewRoutes(world: World): Route[] {
  return [
    { method: 'GET', template: networks, handle: (call) => listNetworks(world, call) },
    {
      method: 'GET',
      template: `${networks}/defaultv2`,
      handle: (call) => ({ status: 200, body: renderNetwork(requireAccount(world, call)) }),
    },
    {
      method: 'PUT',
      template: `${networks}/defaultv2`,
      handle: (call) => ({ status: 200, body: renderNetwork(requireAccount(world, call)) }),
    },
    { method: 'GET', template: endpoints, handle: (call) => listEndpoints(world, call) },
    { method: 'PUT', template: `${endpoints}/{endpoint}`, handle: (call) => putEndpoint(world, call) },
    { method: 'GET', template: `${endpoints}/{endpoint}`, handle: (call) => getEndpoint(world, call) },
    { method: 'DELETE', template: `${endpoints}/{endpoint}`, handle: (call) => deleteEndpoint(world, call) },
    { method: 'PUT', template: `${runtimes}/{runtime}`, handle: (call) => putRuntime(world, call) },
  ]
}

function listNetworks(world: World, call: Call): Answer {
  return { status: 200, body: { value: [renderNetwork(requireAccount(world, call))] } }
}

function renderNetwork(account: Resource): JsonObject {
  return {
    id: `managedvirtualnetworks/${network}`,
    name: network,
    properties: { vNetId: stableGuid(account.id), alias: account.name.toLowerCase() },
  }
}

function listEndpoints(world: World, call: Call): Answer {
  const held = managedEndpointsOf(world, requireAccount(world, call).id, network)
  return { status: 200, body: { value: held.map((managed) => render(world, managed)) } }
}

function putEndpoint(world: World, call: Call): Answer {
  const { properties } = jsonBody(call, managedEndpointBody)
  const account = requireAccount(world, call)
  const managed = request(
    world,
    account,
    param(call, 'endpoint'),
    properties.privateLinkResourceId,
    properties.groupId,
  )
  return { status: 200, body: render(world, managed) }
}

function getEndpoint(world: World, call: Call): Answer {
  return { status: 200, body: render(world, requireEndpoint(world, call)) }
}

function deleteEndpoint(world: World, call: Call): Answer {
  removeManagedEndpoint(world, requireEndpoint(world, call))
  return { status: 200 }
}

const runtimeBody = z.looseObject({
  kind: z.enum(['Managed', 'SelfHosted']),
  properties: z.looseObject({}).nullish(),
})

/**
 * Deploying the first managed runtime asks for endpoints to the account itself and to the blob and the queue of its
 * storage, all at once (Microsoft documentation). Their names are made up here.
 */
function putRuntime(world: World, call: Call): Answer {
  const account = requireAccount(world, call)
  const { kind, properties } = jsonBody(call, runtimeBody)
  if (kind === 'Managed') {
    const storage = storageOf(account)
    const wanted = [
      ['account', account.id],
      ['blob', storage],
      ['queue', storage],
    ] as const
    for (const [groupId, target] of wanted) {
      const name = `${account.name}-${groupId}`
      if (findManagedEndpoint(world, account.id, name) === undefined) {
        request(world, account, name, target, groupId)
      }
    }
  }
  const name = param(call, 'runtime')
  return {
    status: 200,
    body: { id: `integrationruntimes/${name}`, name, kind, properties: properties ?? {} },
  }
}

function storageOf(account: Resource): string {
  const managed = asObject(account.properties['managedResources'])['storageAccount']
  return typeof managed === 'string' ? managed : ingestionStorageId(account)
}

function request(
  world: World,
  account: Resource,
  name: string,
  targetId: string,
  groupId: string,
): ManagedEndpoint {
  return putManagedEndpoint(world, {
    kind: 'purview',
    requester: account,
    network,
    name,
    targetId,
    groupId,
    fqdns: [],
    requestMessage: '',
  })
}

function render(world: World, managed: ManagedEndpoint): JsonObject {
  const state = stateOf(world, managed)
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

function requireEndpoint(world: World, call: Call): ManagedEndpoint {
  const managed = findManagedEndpoint(world, requireAccount(world, call).id, param(call, 'endpoint'))
  if (managed !== undefined) return managed
  throw new AzureError(
    404,
    'ManagedPrivateEndpoint_NotFound',
    `The managed private endpoint '${param(call, 'endpoint')}' was not found.`,
  )
}

function requireAccount(world: World, call: Call): Resource {
  const account = findByName(world, 'Microsoft.Purview/accounts', param(call, 'account'))
  if (account !== undefined) return account
  throw new AzureError(404, 'AccountNotFound', `There is no Purview account '${param(call, 'account')}'.`)
}
