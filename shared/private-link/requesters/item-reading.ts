import { z } from 'zod'
import { parseResourceId } from '../../domain/resource-id.ts'
import { ArmError } from '../arm/error.ts'
import { statedText } from './health.ts'
import type { ManagedEndpoint } from './requester-api.ts'

/**
 * Reads the items of a list; `toEndpoint` returns undefined for an item that is no managed endpoint.
 * @throws ArmError when an item is invalid: it may be the one in question.
 */
export function readItems<T>(
  items: readonly unknown[],
  schema: z.ZodType<T>,
  toEndpoint: (item: T) => ManagedEndpoint | undefined,
): readonly ManagedEndpoint[] {
  return items.flatMap((item) => {
    const read = schema.safeParse(item)
    if (read.success) return toEndpoint(read.data) ?? []
    throw new ArmError(0, 'UnreadableResponse', 'An item of the list has a member that is missing or odd.')
  })
}

/** A group as its list states it; none when that is missing or empty. */
export function oneGroup(groupId: string | undefined): readonly string[] | undefined {
  return groupId ? [groupId] : undefined
}

const networkEndpoint = z.object({
  name: z.string(),
  properties: z.object({
    privateLinkResourceId: statedText,
    groupId: statedText,
    provisioningState: statedText,
    // Synapse shows an empty object while it is still provisioning, Data Factory an empty status.
    connectionState: z.object({ status: statedText }).nullish(),
    resourceId: statedText,
  }),
})

/**
 * Reads a list of the managed network of a Data Factory, Synapse workspace or Purview account, which looks alike for
 * the three (seen in recordings of the first two, in the specification of the third). Their endpoints are called
 * `{requester}.{managed endpoint}` (seen in exports for the first two, inferred for the third).
 */
export function readNetworkEndpoints(
  requester: string,
  items: readonly unknown[],
): readonly ManagedEndpoint[] {
  return readItems(items, networkEndpoint, ({ name, properties }) => ({
    name,
    targetId: parseResourceId(properties.privateLinkResourceId),
    groupIds: oneGroup(properties.groupId),
    status: properties.connectionState?.status ?? '',
    provisioningState: properties.provisioningState,
    endpointName: `${requester}.${name}`,
    endpointId: properties.resourceId,
  }))
}
