import { idKey } from '../ids.ts'
import type { Caller } from '../http/exchange.ts'
import type { Connection, ConnectionStatus, Resource } from '../state.ts'
import type { World } from '../world.ts'
import { changeStatus } from './arrival.ts'
import { setLinkState } from './endpoint-link.ts'
import { announce, announceState } from './notify.ts'

/** Settles a connection and updates the requester's side. */
export function settle(
  world: World,
  connection: Connection,
  status: ConnectionStatus,
  description: string,
): void {
  changeStatus(connection, status, description)
  notifyEndpoint(world, connection, status, description)
  const target = world.store.resources.get(idKey(connection.targetId))
  if (target !== undefined) announceState(world, target)
  world.store.changed()
}

/** The owner of the target deletes a connection: the requester's side shows Disconnected. */
export function deleteConnection(world: World, connection: Connection, caller: Caller | undefined): void {
  world.store.removeConnection(connection)
  notifyEndpoint(world, connection, 'Disconnected', 'The connection was removed by the resource owner.')
  announce(world, {
    target: connection.targetId,
    child: `privateEndpointConnections/${connection.name}`,
    verb: 'delete',
    caller,
    existing: true,
  })
  const target = world.store.resources.get(idKey(connection.targetId))
  if (target !== undefined) announceState(world, target)
}

/** Removes a resource and everything that depends on it; its connections become Disconnected at their requesters. */
export function deleteTarget(world: World, target: Resource): void {
  const connections = [...world.store.connectionsOf(target.id), ...world.store.connectionsOf(target.id, true)]
  for (const connection of connections) {
    world.store.removeConnection(connection)
    notifyEndpoint(world, connection, 'Disconnected', 'The resource was deleted.')
  }
  world.store.resources.delete(idKey(target.id))
  announceState(world, target, true)
  world.store.changed()
}

function notifyEndpoint(
  world: World,
  connection: Connection,
  status: ConnectionStatus,
  description: string,
): void {
  const endpoint = world.store.resources.get(idKey(connection.endpointId))
  if (endpoint === undefined) return
  setLinkState(endpoint, status, description)
  announceState(world, endpoint)
}
