import { z } from 'zod'
import { apiVersion, AzureError, jsonBody, param, queryValue } from '../http/exchange.ts'
import type { Reply, Call } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { idKey } from '../ids.ts'
import { renderConnection, renderListed } from '../private-link/render.ts'
import { deleteConnection } from '../private-link/settle.ts'
import { targetType } from '../private-link/target-types/index.ts'
import type { TargetType } from '../private-link/target-types/index.ts'
import { busyError, writeConnection } from '../private-link/write.ts'
import type { Connection, Resource } from '../state.ts'
import { connectionKey } from '../store.ts'
import type { World } from '../world.ts'
import { ingestionRoutes } from './ingestion.ts'
import { idOf, resourceRoutesOf, typeOf } from './paths.ts'
import { requireResource } from './resources.ts'
import { checkVersion } from './versions.ts'

/** Private endpoint connections of any target, and the ingestion connections of Purview accounts. */
export function connectionRoutes(world: World): Route[] {
  const list = '/privateEndpointConnections'
  const one = `${list}/{connection}`
  return [
    ...resourceRoutesOf('GET', list, (call) => listConnections(world, call)),
    ...resourceRoutesOf('GET', one, (call) => getConnection(world, call)),
    ...resourceRoutesOf('PUT', one, (call) => putConnection(world, call)),
    ...resourceRoutesOf('PATCH', one, (call) => patchConnection(world, call)),
    ...resourceRoutesOf('DELETE', one, (call) => dropConnection(world, call)),
    ...resourceRoutesOf('GET', '/privateLinkResources', (call) => listGroups(world, call)),
    ...ingestionRoutes(world),
  ]
}

function listConnections(world: World, call: Call): Reply {
  const { target, type } = requireTarget(world, call)
  if (type.list === 'not played') throw unknownPath(call)
  if (type.list === 'none') throw notAllowed(call)
  const all = world.store.connectionsOf(target.id)
  const start = Number.parseInt(queryValue(call, '$skiptoken') || '0', 10)
  const page = all.slice(start, start + type.pageSize)
  const value = page.map((connection) => renderListed(type, idOf(call), connection, apiVersion(call)))
  if (type.list === 'bare array') return { status: 200, body: value }
  const next = start + type.pageSize
  const nextLink = `${call.origin}${encodeURI(call.path)}?api-version=${apiVersion(call)}&$skiptoken=${next}`
  return { status: 200, body: next < all.length ? { value, nextLink } : { value } }
}

function listGroups(world: World, call: Call): Reply {
  const target = requireResource(world, call)
  const type = requireType(call)
  const groupIds = type.groupIds.map((id) => id.replace('{name}', target.id.split('/').at(-1) ?? ''))
  const value = groupIds.map((groupId) => ({
    id: `${idOf(call)}/privateLinkResources/${groupId}`,
    name: groupId,
    type: `${type.type}/privateLinkResources`,
    properties: { groupId, requiredMembers: [groupId], requiredZoneNames: [] },
  }))
  return { status: 200, body: { value } }
}

function getConnection(world: World, call: Call): Reply {
  const { target, type } = requireTarget(world, call)
  const connection = findConnection(world, call, target)
  if (connection === undefined && type.missing.get === 204) return { status: 204 }
  const found = connection ?? requireConnection(world, call, target)
  return { status: 200, body: renderConnection(type, idOf(call), found, apiVersion(call)) }
}

async function putConnection(world: World, call: Call): Promise<Reply> {
  const { target, type } = requireTarget(world, call)
  if (type.verb !== 'PUT') throw notAllowed(call)
  const isMissing = findConnection(world, call, target) === undefined
  if (type.type === 'Microsoft.Network/privateLinkServices' && isMissing) {
    throw new AzureError(
      400,
      'PrivateEndpointConnectionCannotBeCreatedByServiceProvider',
      `Private endpoint connection ${param(call, 'connection')} cannot be created by the service provider.`,
    )
  }
  return writeConnection(world, call, type, requireConnection(world, call, target), idOf(call))
}

const tagsBody = z.looseObject({ tags: z.record(z.string(), z.string()).optional() })

async function patchConnection(world: World, call: Call): Promise<Reply> {
  const { target, type } = requireTarget(world, call)
  if (type.verb !== 'PATCH' && !type.patchesTags) throw notAllowed(call)
  const connection = requireConnection(world, call, target)
  if (!type.patchesTags) return writeConnection(world, call, type, connection, idOf(call))
  const { tags } = jsonBody(call, tagsBody)
  return { status: 200, body: { ...renderConnection(type, idOf(call), connection, apiVersion(call)), tags } }
}

function dropConnection(world: World, call: Call): Reply {
  const { target, type } = requireTarget(world, call)
  const connection = findConnection(world, call, target)
  if (connection === undefined && type.missing.delete === 204) return { status: 204 }
  const found = connection ?? requireConnection(world, call, target)
  if (world.busyTargets.has(idKey(target.id))) throw busyError(type, idOf(call))
  deleteConnection(world, found, call.caller)
  return { status: 200 }
}

/** The target of the route and its type. Throws when type, api-version or target is unknown, in this order. */
function requireTarget(world: World, call: Call): { target: Resource; type: TargetType } {
  const type = requireType(call)
  const held = world.store.resources.get(idKey(idOf(call)))
  checkVersion(call, `${type.type}/privateEndpointConnections`, held?.location ?? 'westeurope')
  return { target: requireResource(world, call), type }
}

function requireType(call: Call): TargetType {
  const type = targetType(typeOf(call))
  if (type !== undefined) return type
  throw new AzureError(404, 'InvalidResourceType', `${typeOf(call)} has no privateEndpointConnections.`)
}

function findConnection(world: World, call: Call, target: Resource): Connection | undefined {
  return world.store.connections.get(
    connectionKey({ targetId: target.id, ingestion: false, name: param(call, 'connection') }),
  )
}

function requireConnection(world: World, call: Call, target: Resource): Connection {
  const connection = findConnection(world, call, target)
  if (connection !== undefined) return connection
  throw new AzureError(
    404,
    'PrivateEndpointConnectionNotFound',
    `Private endpoint connection ${param(call, 'connection')} was not found on ${idOf(call)}.`,
  )
}

function notAllowed(call: Call): AzureError {
  return new AzureError(405, 'MethodNotAllowed', `${call.method} is not supported on ${call.path}.`)
}

function unknownPath(call: Call): AzureError {
  return new AzureError(404, 'NotFound', `The simulated Azure does not play ${call.method} ${call.path}.`)
}
