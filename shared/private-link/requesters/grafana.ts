import { z } from 'zod'
import { parseResourceId } from '../../domain/resource-id.ts'
import type { ArmClient } from '../arm/client.ts'
import { listOfExisting } from './asking.ts'
import { statedText } from './health.ts'
import { readItems } from './item-reading.ts'
import type { RequesterApi } from './requester-api.ts'

const apiVersion = '2023-09-01'
const item = z.object({
  name: z.string(),
  properties: z.object({
    privateLinkResourceId: statedText,
    groupIds: z.array(z.string()).nullish(),
    provisioningState: statedText,
    connectionState: z.object({ status: statedText }).nullish(),
  }),
})

/**
 * Azure Managed Grafana, read through ARM (shape from Microsoft's specification); the state it shows is a copy that may
 * lag. Its endpoints are reported to be called `grafana-{workspace}-{managed endpoint}`. That does not identify the
 * workspace: hyphens are legal in both parts, and another customer may have a workspace of the same name.
 */
export function grafana(arm: ArmClient): RequesterApi {
  return {
    kind: 'grafana',
    async managedEndpoints({ id }) {
      const items = await listOfExisting(arm, `${id}/managedPrivateEndpoints`, apiVersion)
      return readItems(items, item, ({ name, properties }) => ({
        name,
        targetId: parseResourceId(properties.privateLinkResourceId),
        groupIds: properties.groupIds?.length ? properties.groupIds : undefined,
        status: properties.connectionState?.status ?? '',
        provisioningState: properties.provisioningState,
        endpointName: undefined,
        endpointId: undefined,
      }))
    },
  }
}
