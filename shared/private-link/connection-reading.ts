import { z } from 'zod'
import type { Connection } from '../domain/connection.ts'
import { asciiLowerCase, parseResourceId } from '../domain/resource-id.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { Log } from '../review/ports.ts'
import type { ResourceType } from './resource-types/resource-type.ts'

const text = z.string().optional().catch(undefined)

const item = z.object({
  id: text,
  properties: z
    .object({
      privateEndpoint: z.object({ id: z.unknown() }).optional().catch(undefined),
      privateLinkServiceConnectionState: z
        .object({ status: text, description: text })
        .optional()
        .catch(undefined),
      provisioningState: text,
      groupIds: z.array(z.string()).optional().catch(undefined),
      groupId: text,
    })
    .optional()
    .catch(undefined),
})

/**
 * Reads one item of a target's list. Its name is taken from its id: `name` and `type` of items are missing or
 * misspelled for several types (seen in Microsoft's published examples).
 * @throws Error when the item is not a connection of that target: such a list cannot be relied on.
 */
export function readListed(
  body: unknown,
  target: ResourceId,
  resourceType: ResourceType,
  log: Log,
): Connection {
  const read = item.safeParse(body)
  const id = read.success ? parseResourceId(read.data.id) : undefined
  if (!id || !isConnectionOf(target, id, resourceType)) {
    const seen = read.success ? (read.data.id ?? 'nothing') : 'no object'
    throw new Error(
      `The list of connections of ${target.id} has an item whose id is "${seen.slice(0, 300)}"; ` +
        `wanted one under ${target.id}/${resourceType.childType}.`,
    )
  }
  return readConnection(body, id, target, resourceType, log)
}

/** Reads a connection whose id is known. What is missing or malformed becomes undefined or ''. */
export function readConnection(
  body: unknown,
  id: ResourceId,
  target: ResourceId,
  resourceType: ResourceType,
  log: Log,
): Connection {
  const read = item.safeParse(body)
  const properties = read.success ? read.data.properties : undefined
  const state = properties?.privateLinkServiceConnectionState
  const endpointId = properties?.privateEndpoint?.id
  const endpoint = parseResourceId(endpointId)
  if (endpointId !== undefined && !endpoint) {
    log.warn('A connection names an endpoint whose id cannot be read', { connectionId: id.id })
  }
  if (state?.status === undefined) log.warn('A connection has no status', { connectionId: id.id })
  return {
    id,
    target,
    list: resourceType.list,
    answering: resourceType.answer === 'post-ingestion-status' ? 'without-description' : 'with-description',
    status: state?.status ?? '',
    description: state?.description ?? '',
    endpoint,
    groupIds: readGroupIds(properties, resourceType),
    provisioningState: properties?.provisioningState,
    etag: undefined,
  }
}

function readGroupIds(
  properties: z.infer<typeof item>['properties'],
  resourceType: ResourceType,
): readonly string[] | undefined {
  if (resourceType.groupIds === 'absent') return undefined
  const groupId = properties?.groupId
  const seen =
    resourceType.groupIds === 'properties.groupIds' ? properties?.groupIds : groupId ? [groupId] : []
  return seen && seen.length > 0 ? seen : undefined
}

function isConnectionOf(target: ResourceId, id: ResourceId, resourceType: ResourceType): boolean {
  const parent = `${target.key}/${asciiLowerCase(resourceType.childType)}/`
  return id.key.startsWith(parent) && !id.key.slice(parent.length).includes('/')
}
