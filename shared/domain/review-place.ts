import { isSameName, parseResourceId, type ResourceId } from './resource-id.ts'

/** Why nothing can be reviewed at a resource. Stable codes for counting. */
export type NowhereReason = 'no-target' | 'under-endpoint' | 'extension'

/**
 * Where a resource is reviewed.
 * - `target`: it may have connections.
 * - `endpoint`: an ordinary endpoint; its targets are reviewed.
 * - `child`: a connection or a proxy, or something under one; `target` is what it hangs under.
 */
export type ReviewPlace =
  | { readonly kind: 'target'; readonly target: ResourceId }
  | { readonly kind: 'endpoint'; readonly endpoint: ResourceId }
  | { readonly kind: 'child'; readonly target: ResourceId; readonly isConnection: boolean }
  | { readonly kind: 'nowhere'; readonly reason: NowhereReason }

const endpointType = 'Microsoft.Network/privateEndpoints'
const connectionType = 'privateEndpointConnections'
const childTypes = [
  connectionType,
  'privateEndpointConnectionProxies',
  'ingestionPrivateEndpointConnections',
] as const

/** Index of the first type in the parts of an id that is split at `/`; each second part from there is a type. */
const firstType = 7

/**
 * Where a resource is reviewed. Ids come from outside: a nested one is cut at its first child segment, so that a
 * connection is never taken for a target.
 */
export function reviewPlace(id: ResourceId): ReviewPlace {
  const parts = id.id.split('/')
  const types = parts.filter((_, index) => index >= firstType && index % 2 === 1)
  if (types.some((type) => isSameName(type, 'providers'))) return nowhere('extension')
  const first = types.findIndex((type) => childTypes.some((childType) => isSameName(type, childType)))
  const target = first < 0 ? id : parseResourceId(parts.slice(0, firstType + 2 * first).join('/'))
  if (!target) return nowhere('no-target')
  if (isSameName(id.type, endpointType)) return { kind: 'endpoint', endpoint: id }
  if (isSameName(id.type.split('/').slice(0, 2).join('/'), endpointType)) return nowhere('under-endpoint')
  if (first < 0) return { kind: 'target', target }
  return { kind: 'child', target, isConnection: isSameName(types[first] ?? '', connectionType) }
}

function nowhere(reason: NowhereReason): ReviewPlace {
  return { kind: 'nowhere', reason }
}
