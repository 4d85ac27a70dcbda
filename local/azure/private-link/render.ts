import type { JsonObject } from '../http/exchange.ts'
import type { Connection, Resource } from '../state.ts'
import { stableGuid } from '../ids.ts'
import type { TargetType } from './target-types.ts'

/**
 * A connection as its resource type shows it. `targetId` is the target's id as the caller wrote it: the id of the
 * connection continues it.
 */
export function renderConnection(
  type: TargetType,
  targetId: string,
  connection: Connection,
  apiVersion: string,
): JsonObject {
  const extra = type.stateExtra === 'none' ? {} : { [type.stateExtra]: 'None' }
  return {
    id: `${targetId}/privateEndpointConnections/${connection.name}`,
    name: connection.name,
    type: type.connectionType ?? `${type.type}/privateEndpointConnections`,
    ...(type.itemEtag ? { etag: connection.etag } : {}),
    properties: {
      provisioningState: connection.provisioningState,
      privateEndpoint: { id: connection.endpointId },
      privateLinkServiceConnectionState: {
        status: connection.status,
        description: connection.description,
        ...extra,
      },
      ...groupIds(type, connection, apiVersion),
      ...linkDetails(type, connection),
    },
  }
}

/** The item of `properties.privateEndpointConnections` inside the target: fewer members than the connection itself. */
export function renderEmbedded(
  type: TargetType,
  targetId: string,
  connection: Connection,
  apiVersion: string,
): JsonObject {
  const whole = renderConnection(type, targetId, connection, apiVersion)
  const members: readonly string[] = type.embedded === 'not embedded' ? [] : type.embedded
  return Object.fromEntries(Object.entries(whole).filter(([name]) => members.includes(name)))
}

/**
 * An item of a Purview account's `ingestionPrivateEndpointConnections`: it calls itself a storage connection and has
 * no name of its own, as in the published example.
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

/** A resource as GET answers it, without what depends on its type. */
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

function groupIds(type: TargetType, connection: Connection, apiVersion: string): JsonObject {
  if (type.groupIdMissingIn.includes(apiVersion)) return {}
  if (type.groupIdShown === 'groupIds') return { groupIds: connection.groupIds }
  if (type.groupIdShown === 'groupId') return { groupId: connection.groupIds[0] ?? '' }
  return {}
}

function linkDetails(type: TargetType, connection: Connection): JsonObject {
  if (type.type !== 'Microsoft.Network/privateLinkServices') return {}
  const identifier = Number.parseInt(stableGuid(connection.endpointId).slice(0, 7), 16)
  return {
    linkIdentifier: String(identifier),
    privateEndpointLocation: connection.endpointLocation,
  }
}
