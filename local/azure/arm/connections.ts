import { z } from 'zod'
import { apiVersion, AzureError, jsonBody, param, queryValue } from '../http/exchange.ts'
import type { Answer, Call } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { idKey, sameId } from '../ids.ts'
import { renderConnection, renderIngestion } from '../private-link/render.ts'
import { deleteConnection, settle } from '../private-link/settle.ts'
import { targetType } from '../private-link/target-types.ts'
import type { TargetType } from '../private-link/target-types.ts'
import { busyError, writeConnection } from '../private-link/write.ts'
import type { Connection, Resource } from '../state.ts'
import { connectionKey } from '../store.ts'
import type { World } from '../world.ts'
import { idOf, requireResource } from './resources.ts'

const resourceTemplate =
  '/subscriptions/{subscription}/resourceGroups/{group}/providers/{namespace}/{type}/{name}'
const accountTemplate =
  '/subscriptions/{subscription}/resourceGroups/{group}/providers/{namespace}/accounts/{name}'

/** Private endpoint connections of any target, and the ingestion connections of Purview accounts. */
export function connectionRoutes(world: World): Route[] {
  const list = `${resourceTemplate}/privateEndpointConnections`
  const one = `${list}/{connection}`
  return [
    { method: 'GET', template: list, handle: (call) => listConnections(world, call) },
    { method: 'GET', template: one, handle: (call) => getConnection(world, call) },
    { method: 'PUT', template: one, handle: (call) => putConnection(world, call) },
    { method: 'DELETE', template: one, handle: (call) => dropConnection(world, call) },
    {
      method: 'GET',
      template: `${resourceTemplate}/privateLinkResources`,
      handle: (call) => listGroups(world, call),
    },
    {
      method: 'GET',
      template: `${accountTemplate}/ingestionPrivateEndpointConnections`,
      handle: (call) => listIngestion(world, withType(call)),
    },
    {
      method: 'POST',
      template: `${accountTemplate}/ingestionPrivateEndpointConnectionStatus`,
      handle: (call) => postIngestionStatus(world, withType(call)),
    },
  ]
}

function listConnections(world: World, call: Call): Answer {
  const { target, type } = requireTarget(world, call)
  const all = world.store.connectionsOf(target.id)
  const start = Number.parseInt(queryValue(call, '$skiptoken') || '0', 10)
  const page = all.slice(start, start + type.pageSize)
  const value = page.map((connection) => renderConnection(type, idOf(call), connection, apiVersion(call)))
  const next = start + type.pageSize
  const nextLink = `${call.origin}${encodeURI(call.path)}?api-version=${apiVersion(call)}&$skiptoken=${next}`
  return { status: 200, body: next < all.length ? { value, nextLink } : { value } }
}

function listGroups(world: World, call: Call): Answer {
  const { type } = requireTarget(world, call)
  const value = type.groupIds.map((groupId) => ({
    id: `${idOf(call)}/privateLinkResources/${groupId}`,
    name: groupId,
    type: `${type.type}/privateLinkResources`,
    properties: { groupId, requiredMembers: [groupId], requiredZoneNames: [] },
  }))
  return { status: 200, body: { value } }
}

function getConnection(world: World, call: Call): Answer {
  const { target, type } = requireTarget(world, call)
  const connection = requireConnection(world, call, target)
  return { status: 200, body: renderConnection(type, idOf(call), connection, apiVersion(call)) }
}

async function putConnection(world: World, call: Call): Promise<Answer> {
  const { target, type } = requireTarget(world, call)
  const name = param(call, 'connection')
  if (
    type.type === 'Microsoft.Network/privateLinkServices' &&
    findConnection(world, call, target) === undefined
  ) {
    throw new AzureError(
      400,
      'PrivateEndpointConnectionCannotBeCreatedByServiceProvider',
      `Private endpoint connection ${name} cannot be created by the service provider.`,
    )
  }
  return writeConnection(world, call, type, requireConnection(world, call, target), idOf(call))
}

function dropConnection(world: World, call: Call): Answer {
  const { target, type } = requireTarget(world, call)
  const connection = findConnection(world, call, target)
  if (connection === undefined) return { status: 204 }
  if (world.busyTargets.has(idKey(target.id))) throw busyError(type, idOf(call))
  deleteConnection(world, connection, call.caller)
  return { status: 200 }
}

function requireTarget(world: World, call: Call): { target: Resource; type: TargetType } {
  const target = requireResource(world, call)
  const type = targetType(target.type)
  if (type !== undefined) return { target, type }
  throw new AzureError(404, 'InvalidResourceType', `${target.type} has no privateEndpointConnections.`)
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

function listIngestion(world: World, call: Call): Answer {
  const account = requireIngestionAccount(world, call)
  const value = world.store
    .connectionsOf(account.id, true)
    .map((connection) => renderIngestion(idOf(call), connection))
  return { status: 200, body: { value } }
}

const ingestionStatus = z.looseObject({
  privateEndpointId: z.string().min(1),
  status: z.enum(['Approved', 'Rejected']),
})

/** The specification's model wants the endpoint's id, its example passes the connection's: both are taken. */
function postIngestionStatus(world: World, call: Call): Answer {
  const account = requireIngestionAccount(world, call)
  const { privateEndpointId, status } = jsonBody(call, ingestionStatus)
  const name = privateEndpointId.split('/').at(-1) ?? ''
  const connection = world.store
    .connectionsOf(account.id, true)
    .find(
      (held) => sameId(held.endpointId, privateEndpointId) || held.name.toLowerCase() === name.toLowerCase(),
    )
  if (connection === undefined) {
    throw new AzureError(404, 'NotFound', `No ingestion connection belongs to ${privateEndpointId}.`)
  }
  settle(world, connection, status, connection.description)
  return { status: 200, body: { privateEndpointId, status } }
}

function requireIngestionAccount(world: World, call: Call): Resource {
  const account = requireResource(world, call)
  if (apiVersion(call) < '2023-05-01') {
    throw new AzureError(
      400,
      'NoRegisteredProviderFound',
      `No registered resource provider found for ingestionPrivateEndpointConnections and API version '${apiVersion(call)}'.`,
    )
  }
  if (account.properties['ingestionStorage'] !== undefined) return account
  throw new AzureError(
    404,
    'NotFound',
    `${account.name} has managed resources instead of ingestion connections.`,
  )
}

function withType(call: Call): Call {
  return { ...call, params: new Map([...call.params, ['type', 'accounts']]) }
}
