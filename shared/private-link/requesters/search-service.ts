import { z } from 'zod'
import { parseResourceId } from '../../domain/resource-id.ts'
import type { ArmClient } from '../arm/client.ts'
import { listOfExisting } from './asking.ts'
import { statedText } from './health.ts'
import { oneGroup, readItems } from './item-reading.ts'
import type { RequesterApi } from './requester-api.ts'

const apiVersion = '2023-11-01'
const item = z.object({
  name: z.string(),
  properties: z.object({
    privateLinkResourceId: statedText,
    groupId: statedText,
    status: statedText,
    provisioningState: statedText,
  }),
})

/**
 * Shared private links of Azure AI Search, read through ARM (shape from Microsoft's documentation). The name of the
 * endpoint on the target is unknown: the documentation says that it is the link's name, users report nothing.
 */
export function searchService(arm: ArmClient): RequesterApi {
  return {
    kind: 'search-service',
    async managedEndpoints({ id }) {
      const items = await listOfExisting(arm, `${id}/sharedPrivateLinkResources`, apiVersion)
      return readItems(items, item, ({ name, properties }) => ({
        name,
        targetId: parseResourceId(properties.privateLinkResourceId),
        groupIds: oneGroup(properties.groupId),
        status: properties.status ?? '',
        provisioningState: properties.provisioningState,
        endpointName: undefined,
        endpointId: undefined,
      }))
    },
  }
}
