import { idKey, newEtag, resourceId } from '../ids.ts'
import type { JsonObject } from '../http/exchange.ts'
import type { Resource } from '../state.ts'
import type { World } from '../world.ts'
import { changeStatus, proxyOf, requestConnection } from './arrival.ts'
import { endpointLink, linkState, setLinkState } from './endpoint-link.ts'
import type { EndpointLink } from './endpoint-link.ts'
import { announce, announceState } from './notify.ts'
import { targetType } from './target-types/index.ts'

/** ARM type of private endpoints. */
export const endpointType = 'Microsoft.Network/privateEndpoints'

/** The properties of a new private endpoint. */
export interface NewEndpoint {
  readonly subscriptionId: string
  readonly resourceGroup: string
  readonly name: string
  readonly location: string
  readonly tags: Record<string, string>
  readonly subnetId: string
  readonly list: EndpointLink['list']
  readonly linkName: string
  readonly serviceId: string
  readonly groupIds: readonly string[]
  readonly requestMessage: string
}

/** Creates the endpoint resource. Its connection is requested with `requestConnection`. */
export function createEndpoint(world: World, made: NewEndpoint): Resource {
  const id = resourceId(made.subscriptionId, made.resourceGroup, endpointType, made.name)
  const other =
    made.list === 'manualPrivateLinkServiceConnections'
      ? 'privateLinkServiceConnections'
      : 'manualPrivateLinkServiceConnections'
  const item: JsonObject = {
    name: made.linkName,
    id: `${id}/${made.list}/${made.linkName}`,
    type: `${endpointType}/${made.list}`,
    properties: {
      provisioningState: 'Succeeded',
      privateLinkServiceId: made.serviceId,
      groupIds: [...made.groupIds],
      requestMessage: made.requestMessage,
    },
  }
  const endpoint: Resource = {
    id,
    type: endpointType,
    name: made.name,
    location: made.location,
    tags: made.tags,
    body: {},
    etag: newEtag(),
    properties: {
      provisioningState: 'Updating',
      subnet: { id: made.subnetId },
      networkInterfaces: [
        {
          id: resourceId(
            made.subscriptionId,
            made.resourceGroup,
            'Microsoft.Network/networkInterfaces',
            `${made.name}.nic`,
          ),
        },
      ],
      customDnsConfigs: [],
      [other]: [],
      [made.list]: [item],
    },
  }
  world.store.resources.set(idKey(id), endpoint)
  setLinkState(endpoint, 'Pending', made.requestMessage)
  world.store.changed()
  return endpoint
}

/**
 * The requester submits its request again. A rejected connection becomes Pending under its old id; one that the owner
 * deleted is requested again; a pending or approved one stays.
 */
export function resubmit(world: World, endpoint: Resource): void {
  const connection = world.store.connectionOfEndpoint(endpoint.id)
  if (connection?.status === 'Pending' || connection?.status === 'Approved') return
  endpoint.properties['provisioningState'] = 'Updating'
  setLinkState(endpoint, 'Pending', endpointLink(endpoint).requestMessage)
  requestConnection(world, endpoint, 'Pending')
}

/** Deletes an endpoint; its connection is removed or becomes Disconnected, depending on the target's type. */
export function deleteEndpoint(world: World, endpoint: Resource): void {
  const connection = world.store.connectionOfEndpoint(endpoint.id)
  world.store.resources.delete(idKey(endpoint.id))
  announceState(world, endpoint, true)
  world.store.changed()
  if (connection === undefined) return
  const target = world.store.resources.get(idKey(connection.targetId))
  const type = target === undefined ? undefined : targetType(target.type)
  if (type?.endpointDeleted === 'Disconnected') {
    changeStatus(connection, 'Disconnected', 'The private endpoint was deleted.')
    world.store.leaveEndpoint(connection)
  } else world.store.removeConnection(connection)
  announce(world, {
    target: connection.targetId,
    child: proxyOf(endpoint),
    verb: 'delete',
    caller: undefined,
    existing: true,
  })
  if (target !== undefined) announceState(world, target)
}

/**
 * The state that a managed endpoint shows: nothing while the network is being provisioned, then the target's status.
 */
export function managedState(endpoint: Resource | undefined): {
  provisioningState: string
  status: string
  description: string
} {
  if (endpoint === undefined) return { provisioningState: 'Failed', status: '', description: '' }
  const provisioning = String(endpoint.properties['provisioningState'])
  if (provisioning !== 'Succeeded') {
    const word = provisioning === 'Updating' ? 'Provisioning' : provisioning
    return { provisioningState: word, status: '', description: '' }
  }
  return { provisioningState: 'Succeeded', ...linkState(endpoint) }
}
