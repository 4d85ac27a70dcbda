import type { JsonObject } from '../http/exchange.ts'
import type { Connection, Resource } from '../state.ts'
import { stableGuid } from '../ids.ts'
import { embedsIn } from './target-types/index.ts'
import type { TargetType } from './target-types/index.ts'

/**
 * A connection as its resource type shows it. `targetId` is the target's id as the caller wrote it: the connection's id
 * begins with it.
 */
export function renderConnection(
  type: TargetType,
  targetId: string,
  connection: Connection,
  apiVersion: string,
): JsonObject {
  return {
    id: `${targetId}/privateEndpointConnections/${connection.name}`,
    name: type.shownName === 'group' ? groupName(connection) : connection.name,
    type: type.connectionType ?? `${type.type}/privateEndpointConnections`,
    ...(type.etag === 'no' ? {} : { [type.etag]: connection.etag }),
    properties: {
      ...provisioningState(type, connection),
      privateEndpoint: { id: connection.endpointId },
      privateLinkServiceConnectionState: stateOf(type, connection),
      ...groupIds(type, connection, apiVersion),
      ...linkDetails(type, connection),
    },
  }
}

/** An item of the list: in some types with fewer members, or with another name. */
export function renderListed(
  type: TargetType,
  targetId: string,
  connection: Connection,
  apiVersion: string,
): JsonObject {
  const whole = renderConnection(type, targetId, connection, apiVersion)
  const name = type.shownName === 'endpoint in lists' ? endpointName(connection) : whole['name']
  return pick({ ...whole, name }, type.listed)
}

/** What a target shows of its connections in its `properties`; nothing if it does not in that version. */
export function renderEmbedded(
  type: TargetType | undefined,
  targetId: string,
  connections: readonly Connection[],
  apiVersion: string,
): JsonObject {
  if (type === undefined || type.embedded === 'no' || !embedsIn(type, apiVersion)) return {}
  const { property, members, stateName } = type.embedded
  const items = connections.map((connection) => {
    const whole = renderConnection(type, targetId, connection, apiVersion)
    if (members === 'plain ids') return whole['id']
    const { privateLinkServiceConnectionState: state, ...properties } = whole['properties'] as JsonObject
    const location = connection.endpointLocation
    return pick({ ...whole, location, properties: { ...properties, [stateName]: state } }, members)
  })
  return { [property]: items }
}

/**
 * An item of a Purview account's `ingestionPrivateEndpointConnections`: its type is a storage connection, and it has no
 * name of its own, as in the published example.
 */
export function renderIngestion(accountId: string, connection: Connection): JsonObject {
  return {
    id: `${accountId}/ingestionPrivateEndpointConnections/${connection.name}`,
    type: 'Microsoft.Storage/storageAccounts/privateEndpointConnections',
    properties: {
      provisioningState: connection.provisioningState,
      privateEndpoint: { id: connection.endpointId },
      privateLinkServiceConnectionState: {
        status: connection.status,
        description: connection.description,
        actionsRequired: 'None',
      },
    },
  }
}

/** A resource as GET returns it, without what depends on its type. */
export function renderResource(resource: Resource, id: string): JsonObject {
  return {
    ...resource.body,
    id,
    name: resource.name,
    type: resource.type,
    location: resource.location,
    tags: resource.tags,
    etag: resource.etag,
    properties: resource.properties,
  }
}

function stateOf(type: TargetType, connection: Connection): JsonObject {
  return {
    status: connection.statusMeanwhile ?? type.statusWords[connection.status] ?? connection.status,
    description: connection.description,
    ...(type.stateExtra === 'none' ? {} : { [type.stateExtra]: 'None' }),
  }
}

function provisioningState(type: TargetType, connection: Connection): JsonObject {
  return type.provisioningShown ? { provisioningState: connection.provisioningState } : {}
}

function groupIds(type: TargetType, connection: Connection, apiVersion: string): JsonObject {
  if (type.groupIdMissingIn.includes(apiVersion)) return {}
  if (type.groupIdShown === 'groupIds') return { groupIds: connection.groupIds }
  if (type.groupIdShown === 'groupId') return { groupId: connection.groupIds[0] ?? '' }
  return {}
}

function linkDetails(type: TargetType, connection: Connection): JsonObject {
  const identifier = Number.parseInt(stableGuid(connection.endpointId).slice(0, 7), 16)
  const details = {
    linkIdentifier: String(identifier),
    privateEndpointLocation: connection.endpointLocation,
  }
  return pick(details, type.linkDetails)
}

function groupName(connection: Connection): string {
  return connection.groupIds[0]?.toLowerCase() ?? connection.name
}

function endpointName(connection: Connection): string {
  return connection.endpointId.split('/').at(-1) ?? ''
}

function pick(whole: JsonObject, members: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => members.includes(name)))
}
