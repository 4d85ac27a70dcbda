import type { World } from '../world.ts'
import { endStateOf, requestConnection } from './arrival.ts'
import { endpointLink } from './endpoint-link.ts'
import { endpointType } from './endpoints.ts'
import { targetType } from './target-types/index.ts'
import { parseResourceId } from '../ids.ts'

/**
 * Resumes after a restart: endpoints whose request had not arrived request again; unfinished writes count as finished,
 * with the status that they had reached.
 */
export function resumeWork(world: World): void {
  for (const resource of world.store.resources.values()) {
    if (resource.type !== endpointType || resource.properties['provisioningState'] !== 'Updating') continue
    const isManual = endpointLink(resource).list === 'manualPrivateLinkServiceConnections'
    requestConnection(world, resource, isManual ? 'Pending' : 'Approved')
  }
  for (const connection of world.store.connections.values()) {
    const type = targetType(parseResourceId(connection.targetId)?.type ?? '')
    delete connection.statusMeanwhile
    if (type !== undefined) connection.provisioningState = endStateOf(type, connection.status)
  }
}
