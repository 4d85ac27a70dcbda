import { z } from 'zod'
import { parseResourceId } from '../../domain/resource-id.ts'
import type { ArmClient } from '../arm/client.ts'
import { listOfExisting } from './asking.ts'
import { statedText } from './health.ts'
import { oneGroup, readItems } from './item-reading.ts'
import type { RequesterApi } from './requester-api.ts'

const apiVersion = '2023-08-15'
const item = z.object({
  name: z.string(),
  properties: z.object({
    privateLinkResourceId: statedText,
    groupId: statedText,
    provisioningState: statedText,
  }),
})

/**
 * Azure Data Explorer clusters, read through ARM (shape from Microsoft's documentation). Names are shown as
 * `{cluster}/{managed endpoint}`. There is no status: whether an endpoint still waits is unknown. Its name on the
 * target is known to end in that of the managed endpoint (reported), but so may others.
 */
export function kustoCluster(arm: ArmClient): RequesterApi {
  return {
    kind: 'kusto-cluster',
    async managedEndpoints({ id }) {
      const items = await listOfExisting(arm, `${id}/managedPrivateEndpoints`, apiVersion)
      return readItems(items, item, ({ name, properties }) => ({
        name: name.slice(name.lastIndexOf('/') + 1),
        targetId: parseResourceId(properties.privateLinkResourceId),
        groupIds: oneGroup(properties.groupId),
        status: undefined,
        provisioningState: properties.provisioningState,
        endpointName: undefined,
        endpointId: undefined,
      }))
    },
  }
}
