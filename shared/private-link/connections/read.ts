import { z } from 'zod'
import type { Connection } from '../../domain/connection.ts'
import { visible } from '../../domain/printable.ts'
import { asciiLowerCase, isSameName, parseResourceId, type ResourceId } from '../../domain/resource-id.ts'
import type { Log } from '../../ports/log.ts'
import { writeSupportOf, type ResourceType } from '../resource-types/resource-type.ts'
import { isOneOf } from '../resource-types/table.ts'

const text = z.string().optional().catch(undefined)
const headerValue = z.string().regex(/^[\x21-\x7e]+$/)

const connectionBody = z.object({
  etag: headerValue.optional().catch(undefined),
  properties: z
    .looseObject({
      privateEndpoint: z.object({ id: z.unknown() }).optional().catch(undefined),
      provisioningState: text,
      groupIds: z.array(z.string()).optional().catch(undefined),
      groupId: text,
    })
    .optional()
    .catch(undefined),
})

const stateBody = z.object({ status: text, description: text }).catch({})
const itemBody = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)])

type Properties = z.infer<typeof connectionBody>['properties']

/**
 * The id of an item of a target's list, which may be nothing but an id. The name is taken from there: `name` and `type`
 * of items are missing or misspelled for several types (seen in Microsoft's published examples).
 * @returns undefined when the item is not a connection of that target; it is never written.
 */
export function idOfItem(
  item: unknown,
  target: ResourceId,
  resourceType: ResourceType,
): ResourceId | undefined {
  const read = itemBody.safeParse(item)
  const id = read.success ? parseResourceId(read.data) : undefined
  return id && isOfType(target, id, resourceType) ? id : undefined
}

/** What an item calls itself that is not a connection of the target, for a sentence. */
export function nameOfOddItem(item: unknown): string {
  const read = itemBody.safeParse(item)
  return read.success ? JSON.stringify(visible(asciiLowerCase(read.data)).slice(0, 200)) : 'nothing'
}

/** The id of a private endpoint; any other id in its place is as good as none. */
function readEndpointId(text: unknown): ResourceId | undefined {
  const id = parseResourceId(text)
  return id && isSameName(id.type, 'Microsoft.Network/privateEndpoints') ? id : undefined
}

/** Reads a connection whose id is known. Missing or malformed members become undefined or ''. */
export function readConnection(
  body: unknown,
  id: ResourceId,
  target: ResourceId,
  resourceType: ResourceType,
  log: Log,
): Connection {
  const read = connectionBody.safeParse(body)
  const { etag, properties } = read.success ? read.data : {}
  const state = stateBody.parse(properties?.[resourceType.stateMember])
  const endpointId = properties?.privateEndpoint?.id
  const endpoint = readEndpointId(endpointId)
  const isUnreadable = !endpoint && endpointId !== undefined && endpointId !== null && endpointId !== ''
  if (isUnreadable) {
    log.warn('A connection names an endpoint whose id cannot be read', { connectionId: id.id })
  }
  if (state.status === undefined) log.warn('A connection has no status', { connectionId: id.id })
  return {
    id,
    target,
    list: resourceType.list,
    writeSupport: writeSupportOf(resourceType),
    status: readStatus(state.status ?? '', resourceType),
    description: state.description ?? '',
    endpoint,
    ...(isUnreadable && { isEndpointIdUnreadable: true }),
    groupIds: readGroupIds(properties, resourceType),
    provisioningState: properties?.provisioningState,
    etag: resourceType.ifMatch ? etag : undefined,
  }
}

/** A published example ends in a blank, and one type has its own status for Disconnected. */
function readStatus(shown: string, { endedStatuses }: ResourceType): string {
  const status = shown.trim()
  return isOneOf(endedStatuses, status) ? 'Disconnected' : status
}

function readGroupIds(properties: Properties, { groupIds }: ResourceType): readonly string[] | undefined {
  const one = properties?.groupId ? [properties.groupId] : undefined
  const places = {
    absent: undefined,
    'properties.groupId': one,
    'properties.groupIds': properties?.groupIds,
    unpublished: properties?.groupIds ?? one,
  }
  const seen = places[groupIds]
  return seen && seen.length > 0 ? seen : undefined
}

/** True when the id is one of a connection in this list of the target. */
export function isOfType(target: ResourceId, id: ResourceId, { childTypes }: ResourceType): boolean {
  return childTypes.some((childType) => isChildOf(target, id, childType))
}

function isChildOf(target: ResourceId, id: ResourceId, childType: string): boolean {
  const parent = `${target.key}/${asciiLowerCase(childType)}/`
  return id.key.startsWith(parent) && !id.key.slice(parent.length).includes('/')
}
