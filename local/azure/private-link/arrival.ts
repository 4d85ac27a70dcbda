import { randomUUID } from 'node:crypto'
import { idKey, newEtag, stableGuid, subscriptionOf } from '../ids.ts'
import type { Connection, ConnectionStatus, Resource } from '../state.ts'
import { connectionKey } from '../store.ts'
import { between } from '../world.ts'
import type { World } from '../world.ts'
import { announce, announceState } from './notify.ts'
import { endpointLink, setLinkState } from './endpoint-link.ts'
import { targetType } from './target-types/index.ts'
import type { TargetType } from './target-types/index.ts'

/** Where a requested connection arrives: the target itself, or the Purview account that owns an ingestion storage. */
export interface Destination {
  readonly resource: Resource
  readonly type: TargetType
  readonly ingestion: boolean
}

/** Finds the target that an endpoint names, by id or by the alias of a private link service. */
export function findDestination(world: World, serviceId: string): Destination | undefined {
  const resource = world.store.resources.get(idKey(serviceId)) ?? byAlias(world, serviceId)
  const type = resource === undefined ? undefined : targetType(resource.type)
  if (resource !== undefined && type !== undefined) return { resource, type, ingestion: false }
  const account = [...world.store.resources.values()].find(
    (held) => idKey(ingestionStorageId(held)) === idKey(serviceId),
  )
  const accountType = account === undefined ? undefined : targetType(account.type)
  if (account === undefined || accountType === undefined) return undefined
  return { resource: account, type: accountType, ingestion: true }
}

/** The id of a newer Purview account's ingestion storage; for any other resource a text that is no id. */
export function ingestionStorageId(resource: Resource): string {
  const storage = resource.properties['ingestionStorage'] as { id?: string } | undefined
  return storage?.id ?? 'none'
}

/**
 * Delivers an endpoint's request to its target: first the hidden proxy calls of the network provider (which Event Grid
 * sees), a moment later the connection. Users report that the events come before the connection; their exact operation
 * names are inferred from the published operation lists. If the target is gone, the endpoint fails.
 */
export function requestConnection(world: World, endpoint: Resource, status: ConnectionStatus): void {
  const delay = between(world.timing.arrivalMs)
  const proxy = proxyOf(endpoint)
  const report = (verb: 'validate/action' | 'write'): void => {
    const destination = findDestination(world, endpointLink(endpoint).serviceId)
    if (destination === undefined) return
    announce(world, {
      target: destination.resource.id,
      child: proxy,
      verb,
      caller: undefined,
      existing: false,
    })
  }
  report('validate/action')
  world.timers.after(Math.round(delay * 0.6), () => report('write'))
  world.timers.after(delay, () => arrive(world, endpoint, status))
}

/** The hidden proxy of an endpoint below its target: `{endpoint}.{guid}`, not the name of the connection. */
export function proxyOf(endpoint: Resource): string {
  return `privateEndpointConnectionProxies/${endpoint.name}.${stableGuid(endpoint.id)}`
}

function arrive(world: World, endpoint: Resource, status: ConnectionStatus): void {
  if (world.store.resources.get(idKey(endpoint.id)) !== endpoint) return
  const link = endpointLink(endpoint)
  const destination = findDestination(world, link.serviceId)
  if (destination === undefined) {
    endpoint.properties['provisioningState'] = 'Failed'
    world.store.changed()
    return
  }
  const connection = world.store.connectionOfEndpoint(endpoint.id)
  if (connection === undefined) addConnection(world, endpoint, destination, status)
  else changeStatus(connection, status, link.requestMessage)
  endpoint.properties['provisioningState'] = 'Succeeded'
  const description = status === 'Approved' ? 'Auto-Approved' : link.requestMessage
  setLinkState(endpoint, status, description)
  announceState(world, destination.resource)
  announceState(world, endpoint)
  world.store.changed()
}

function addConnection(
  world: World,
  endpoint: Resource,
  { resource, type, ingestion }: Destination,
  status: ConnectionStatus,
): void {
  const link = endpointLink(endpoint)
  const wished = type.connectionName(resource.name, endpoint.name)
  const taken = world.store.connections.has(connectionKey({ targetId: resource.id, ingestion, name: wished }))
  world.store.addConnection({
    name: taken ? `${wished}-${randomUUID()}` : wished,
    targetId: resource.id,
    ingestion,
    endpointId: endpoint.id,
    endpointLocation: endpoint.location,
    groupIds: [...link.groupIds],
    status,
    description: status === 'Approved' ? 'Auto-Approved' : link.requestMessage,
    provisioningState: endStateOf(type, status),
    etag: newEtag(),
    formerStatus: null,
    statusSince: Date.now(),
  })
}

/** What `provisioningState` shows of a connection of that status on which no write is under way. */
export function endStateOf(type: TargetType, status: ConnectionStatus): string {
  return status === 'Approved' ? type.doneState : (type.unapprovedState ?? type.doneState)
}

/** Sets the status and description of a connection, and keeps the former status for Resource Graph's delay. */
export function changeStatus(connection: Connection, status: ConnectionStatus, description: string): void {
  connection.formerStatus = connection.status
  connection.status = status
  connection.description = description
  connection.statusSince = Date.now()
  connection.etag = newEtag()
}

/** True when a private link service approves requests of this subscription automatically. */
export function approvesBySelf(target: Resource, endpointId: string): boolean {
  const automatic = target.properties['autoApproval'] as { subscriptions?: string[] } | undefined
  const subscription = subscriptionOf(endpointId)?.toLowerCase()
  return (automatic?.subscriptions ?? []).some((id) => id === '*' || id.toLowerCase() === subscription)
}

function byAlias(world: World, alias: string): Resource | undefined {
  if (alias.includes('/')) return undefined
  return [...world.store.resources.values()].find(
    (resource) => resource.properties['alias'] === alias && alias !== '',
  )
}
