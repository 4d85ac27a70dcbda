import { z } from 'zod'
import { parseResourceId } from '../../domain/resource-id.ts'
import { ArmError } from '../arm-error.ts'
import type { ManagedEndpoint } from './requester-kind.ts'

const text = z.string().nullish()

const managedEndpoint = z.object({
  name: z.string(),
  properties: z.object({
    privateLinkResourceId: text,
    groupId: text,
    provisioningState: text,
    // Synapse shows an empty object while it is still provisioning, Data Factory an empty status.
    connectionState: z.object({ status: text }).nullish(),
    resourceId: text,
  }),
})

/**
 * Reads the items of a list of managed endpoints, which looks alike for Data Factory, Synapse and Purview (seen in
 * recordings of the first two, in the specification of the third).
 * @throws ArmError when an item is not understood: whether it is the one that is looked for cannot be said then.
 */
export function readManagedEndpoints(items: readonly unknown[]): readonly ManagedEndpoint[] {
  return items.map((item) => {
    const read = managedEndpoint.safeParse(item)
    if (!read.success) {
      throw new ArmError(
        0,
        'UnreadableAnswer',
        'A managed endpoint in the list has no readable name or properties.',
      )
    }
    const { name, properties } = read.data
    return {
      name,
      targetId: parseResourceId(properties.privateLinkResourceId),
      groupId: properties.groupId ?? undefined,
      status: properties.connectionState?.status ?? '',
      provisioningState: properties.provisioningState ?? undefined,
      endpointId: properties.resourceId ?? undefined,
    }
  })
}
