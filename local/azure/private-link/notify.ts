import type { Caller } from '../http/exchange.ts'
import { parseResourceId } from '../ids.ts'
import type { Resource } from '../state.ts'
import type { World } from '../world.ts'
import { renderEmbedded, renderResource } from './render.ts'
import { targetType } from './target-types/index.ts'

/** Notifies Event Grid that something below a resource was written, deleted or acted on. */
export function announce(
  world: World,
  what: {
    readonly target: string
    /** The path after the target's id, e.g. `privateEndpointConnections/x`; empty for the resource itself. */
    readonly child: string
    readonly verb: 'write' | 'delete' | 'validate/action'
    readonly caller: Caller | undefined
    readonly existing: boolean
  },
): void {
  const type = parseResourceId(what.target)?.type ?? ''
  const childType = what.child
    .split('/')
    .filter((_, index) => index % 2 === 0)
    .join('/')
  const uri = what.child === '' ? what.target : `${what.target}/${what.child}`
  const kinds = {
    write: { kind: 'ResourceWriteSuccess', method: 'PUT' },
    delete: { kind: 'ResourceDeleteSuccess', method: 'DELETE' },
    'validate/action': { kind: 'ResourceActionSuccess', method: 'POST' },
  } as const
  world.events.happened({
    ...kinds[what.verb],
    resourceUri: uri,
    operationName: [type, childType, what.verb].filter((part) => part !== '').join('/'),
    caller: what.caller,
    existing: what.existing,
  })
}

/** Sends the whole target, with its connections, to subscribers of Azure Resource Notifications. */
export function announceState(world: World, resource: Resource, deleted = false): void {
  world.events.resourceChanged({
    deleted,
    resource: { ...renderWhole(world, resource, resource.id, ''), id: resource.id, type: resource.type },
  })
}

/** A resource with its embedded connections, if its type has them. An empty version means the newest. */
export function renderWhole(world: World, resource: Resource, id: string, apiVersion: string) {
  const connections = world.store.connectionsOf(resource.id)
  const embedded = renderEmbedded(targetType(resource.type), id, connections, apiVersion)
  return { ...renderResource(resource, id), properties: { ...resource.properties, ...embedded } }
}
