import { z } from 'zod'
import { parseResourceId } from '../../domain/resource-id.ts'
import { collectPages, readPageOf } from '../arm/pages.ts'
import { orHidden } from './asking.ts'
import { addressOf, type DataPlaneClient } from './data-plane.ts'
import { statedText } from './health.ts'
import { oneGroup, readItems } from './item-reading.ts'
import type { RequesterApi } from './requester-api.ts'

const page = z
  .object({ value: z.array(z.unknown()), continuationToken: statedText, continuationUri: statedText })
  .refine(({ continuationToken, continuationUri }) => !continuationToken || continuationUri)
const item = z.object({
  name: z.string(),
  targetPrivateLinkResourceId: statedText,
  targetSubresourceType: statedText,
  provisioningState: statedText,
  connectionState: z.object({ status: statedText }).nullish(),
})

/**
 * Fabric workspaces, read from Fabric's own REST API (shape and paging from its documentation). The endpoint on the
 * target is called `{workspace id}.{managed endpoint}`, which Microsoft's own command line relies on. No other
 * workspace can have the id, but an unknown requester's Data Factory may have it as its name: only the check for
 * competing claims helps against that. That there is no state at first is inferred.
 */
export function fabricWorkspace(dataPlane: DataPlaneClient, endpoint: string): RequesterApi {
  const client = dataPlane(endpoint)
  return {
    kind: 'fabric-workspace',
    async managedEndpoints({ name: workspace }, signal) {
      const toPage = (body: unknown) =>
        readPageOf(page, body, ({ value, continuationUri }) => ({
          items: value,
          next: continuationUri,
        }))
      const first = addressOf(endpoint, `/v1/workspaces/${workspace}/managedPrivateEndpoints`)
      return readItems(
        await orHidden(collectPages(first, (link) => client.follow(link), toPage, { signal })),
        item,
        (shown) => ({
          name: shown.name,
          targetId: parseResourceId(shown.targetPrivateLinkResourceId),
          groupIds: oneGroup(shown.targetSubresourceType),
          status: shown.connectionState?.status ?? '',
          provisioningState: shown.provisioningState,
          endpointName: `${workspace}.${shown.name}`,
          endpointId: undefined,
        }),
      )
    },
  }
}
