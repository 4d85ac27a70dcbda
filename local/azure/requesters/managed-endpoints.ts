import { AzureError } from '../http/exchange.ts'
import type { JsonObject } from '../http/exchange.ts'
import { idKey, newEtag, sameId, stableGuid } from '../ids.ts'
import { requestConnection } from '../private-link/arrival.ts'
import { createEndpoint, deleteEndpoint, managedState, resubmit } from '../private-link/endpoints.ts'
import type { ManagedEndpoint, RequesterKind, Resource } from '../state.ts'
import { managedEndpointKey } from '../store.ts'
import type { World } from '../world.ts'
import { endpointIdOf } from './places.ts'
import type { EndpointPlace } from './places.ts'

/** What a requester requests from its managed network. */
export interface ManagedRequest {
  readonly kind: RequesterKind
  readonly requesterId: string
  /** Empty where the requester has no networks to choose from. */
  readonly network: string
  /** Its name in its requester's own calls. */
  readonly name: string
  readonly targetId: string
  readonly groupIds: readonly string[]
  readonly fqdns: string[]
  readonly requestMessage: string
  readonly place: EndpointPlace
  /** What the kind repeats from the creation. */
  readonly given: JsonObject
}

/** What a managed endpoint shows: `Provisioning` without a status, then `Succeeded` or `Failed`. */
export type ManagedState = ReturnType<typeof managedState>

/**
 * Creates a managed endpoint with the private endpoint behind it, or submits the request of an existing one again.
 * Throws 400 when an existing one of the name has another target or group.
 */
export function putManagedEndpoint(world: World, request: ManagedRequest): ManagedEndpoint {
  const held = findManagedEndpoint(world, request.requesterId, request.name)
  if (held !== undefined) return askAgain(world, held, request)
  const endpointId = endpointIdOf(request.place)
  const made: ManagedEndpoint = {
    kind: request.kind,
    requesterId: request.requesterId,
    network: request.network,
    name: request.name,
    targetId: request.targetId,
    groupId: request.groupIds[0] ?? '',
    fqdns: request.fqdns,
    endpointId,
    etag: newEtag(),
    given: request.given,
  }
  world.store.addManagedEndpoint(made)
  const shared = world.store.resources.get(idKey(endpointId))
  if (shared === undefined) requestConnection(world, endpointFor(world, request), 'Pending')
  else resubmit(world, shared)
  return made
}

function askAgain(world: World, held: ManagedEndpoint, request: ManagedRequest): ManagedEndpoint {
  if (!sameId(held.targetId, request.targetId) || held.groupId !== (request.groupIds[0] ?? '')) {
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

function endpointFor(world: World, request: ManagedRequest): Resource {
  const { place, requesterId } = request
  const group = `/subscriptions/${place.subscriptionId}/resourceGroups/${place.resourceGroup}`
  const network = `${group}/providers/Microsoft.Network/virtualNetworks/${stableGuid(requesterId)}`
  return createEndpoint(world, {
    ...place,
    tags: {},
    subnetId: `${network}/subnets/default`,
    list: 'manualPrivateLinkServiceConnections',
    linkName: request.name,
    serviceId: request.targetId,
    groupIds: request.groupIds,
    requestMessage: request.requestMessage,
  })
}

/** The managed endpoints of one requester and network, oldest first. */
export function managedEndpointsOf(world: World, requesterId: string, network: string): ManagedEndpoint[] {
  return allOf(world, requesterId).filter((held) => held.network.toLowerCase() === network.toLowerCase())
}

/** One managed endpoint; undefined if it does not exist. */
export function findManagedEndpoint(
  world: World,
  requesterId: string,
  name: string,
): ManagedEndpoint | undefined {
  return world.store.managedEndpoints.get(managedEndpointKey({ requesterId, name }))
}

/** The state that the managed endpoint shows now: it follows the endpoint behind it. */
export function stateOf(world: World, managed: ManagedEndpoint): ManagedState {
  return managedState(world.store.resources.get(idKey(managed.endpointId)))
}

/** Deletes a managed endpoint, and the endpoint behind it if no other shares that one. */
export function removeManagedEndpoint(world: World, managed: ManagedEndpoint): void {
  world.store.removeManagedEndpoint(managed)
  const endpoint = world.store.resources.get(idKey(managed.endpointId))
  if (endpoint === undefined || world.store.isManaged(endpoint.id)) return
  deleteEndpoint(world, endpoint)
}

/** Deletes all managed endpoints of a deleted requester. */
export function removeManagedEndpointsOf(world: World, requesterId: string): void {
  for (const held of allOf(world, requesterId)) removeManagedEndpoint(world, held)
}

function allOf(world: World, requesterId: string): ManagedEndpoint[] {
  const below = managedEndpointKey({ requesterId, name: '' })
  return [...world.store.managedEndpoints]
    .filter(([key]) => key.startsWith(below))
    .map(([, managed]) => managed)
}
