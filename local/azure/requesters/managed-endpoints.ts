import { z } from 'zod'
import { AzureError } from '../http/exchange.ts'
import { idKey, newEtag, sameId, stableGuid } from '../ids.ts'
import { requestConnection } from '../private-link/arrival.ts'
import { createEndpoint, deleteEndpoint, managedState, resubmit } from '../private-link/endpoints.ts'
import type { ManagedEndpoint, RequesterKind, Resource } from '../state.ts'
import { managedEndpointKey } from '../store.ts'
import { managedSubscriptions } from '../well-known.ts'
import type { World } from '../world.ts'

/** The body of a PUT of a managed private endpoint, the same at all three requesters. */
export const managedEndpointBody = z.looseObject({
  properties: z.looseObject({
    privateLinkResourceId: z.string().min(1),
    groupId: z.string().default(''),
    fqdns: z.array(z.string()).default([]),
    requestMessage: z.string().optional(),
  }),
})

/** What a requester asks its managed network for. */
export interface ManagedRequest {
  readonly kind: RequesterKind
  readonly requester: Resource
  readonly network: string
  readonly name: string
  readonly targetId: string
  readonly groupId: string
  readonly fqdns: string[]
  readonly requestMessage: string
}

/**
 * Creates a managed endpoint, or asks again when it is there. The private endpoint behind it lives in a subscription
 * of the managed tenant, in a group `vnet-{first 8 of that subscription}-{region}-{n}-rg` (seen in exports for
 * Synapse, inferred for Data Factory and Purview), under the name `{requester in lower case}.{endpoint}`.
 */
export function putManagedEndpoint(world: World, request: ManagedRequest): ManagedEndpoint {
  const requesterId = request.requester.id
  const held = world.store.managedEndpoints.get(managedEndpointKey({ requesterId, name: request.name }))
  if (held !== undefined) {
    if (!sameId(held.targetId, request.targetId) || held.groupId !== request.groupId) {
      throw new AzureError(
        400,
        'InvalidManagedPrivateEndpoint',
        `${held.name} exists and points at ${held.targetId}.`,
      )
    }
    const endpoint = world.store.resources.get(idKey(held.endpointId))
    if (endpoint !== undefined) resubmit(world, endpoint)
    return held
  }
  const place = placeOf(request.requester)
  const endpoint = createEndpoint(world, {
    ...place,
    name: `${request.requester.name.toLowerCase()}.${request.name}`,
    tags: {},
    subnetId: `/subscriptions/${place.subscriptionId}/resourceGroups/${place.resourceGroup}/providers/Microsoft.Network/virtualNetworks/${stableGuid(requesterId)}/subnets/default`,
    list: 'manualPrivateLinkServiceConnections',
    linkName: request.name,
    serviceId: request.targetId,
    groupIds: request.groupId === '' ? [] : [request.groupId],
    requestMessage: request.requestMessage,
  })
  const made: ManagedEndpoint = {
    kind: request.kind,
    requesterId,
    network: request.network,
    name: request.name,
    targetId: request.targetId,
    groupId: request.groupId,
    fqdns: request.fqdns,
    endpointId: endpoint.id,
    reserved: false,
    etag: newEtag(),
  }
  world.store.addManagedEndpoint(made)
  requestConnection(world, endpoint, 'Pending')
  return made
}

/** The managed endpoints of one requester and network. */
export function managedEndpointsOf(world: World, requesterId: string, network: string): ManagedEndpoint[] {
  return [...world.store.managedEndpoints.values()].filter(
    (held) => sameId(held.requesterId, requesterId) && held.network.toLowerCase() === network.toLowerCase(),
  )
}

/** One managed endpoint, if it is there. */
export function findManagedEndpoint(
  world: World,
  requesterId: string,
  name: string,
): ManagedEndpoint | undefined {
  return world.store.managedEndpoints.get(managedEndpointKey({ requesterId, name }))
}

/** What the managed endpoint shows now: it follows the endpoint behind it. */
export function stateOf(world: World, managed: ManagedEndpoint): ReturnType<typeof managedState> {
  return managedState(world.store.resources.get(idKey(managed.endpointId)))
}

/** Deletes a managed endpoint and the endpoint behind it. */
export function removeManagedEndpoint(world: World, managed: ManagedEndpoint): void {
  world.store.removeManagedEndpoint(managed)
  const endpoint = world.store.resources.get(idKey(managed.endpointId))
  if (endpoint !== undefined) deleteEndpoint(world, endpoint)
}

/** Deletes all managed endpoints of a requester that goes away. */
export function removeManagedEndpointsOf(world: World, requesterId: string): void {
  for (const held of [...world.store.managedEndpoints.values()]) {
    if (sameId(held.requesterId, requesterId)) removeManagedEndpoint(world, held)
  }
}

function placeOf(requester: Resource): { subscriptionId: string; resourceGroup: string; location: string } {
  const location = requester.location.toLowerCase().replaceAll(' ', '')
  const home = managedSubscriptions.find((held) => held.region === location) ?? managedSubscriptions[0]
  const number = (Number.parseInt(stableGuid(requester.id).slice(0, 6), 16) % 99) + 1
  return {
    subscriptionId: home.subscriptionId,
    resourceGroup: `vnet-${home.subscriptionId.slice(0, 8)}-${home.region}-${number}-rg`,
    location: home.region,
  }
}
