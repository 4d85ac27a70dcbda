import { z } from 'zod'
import { parseResourceId } from '../../domain/resource-id.ts'
import type { ArmClient } from '../arm/client.ts'
import { ArmError } from '../arm/error.ts'
import { listBudget } from '../arm/pages.ts'
import { listOfExisting } from './asking.ts'
import { statedText } from './health.ts'
import { oneGroup, readItems } from './item-reading.ts'
import type { ManagedEndpoint, RequesterApi } from './requester-api.ts'

const apiVersion = '2024-02-01'
const group = z.object({ name: z.string() })
const item = z.object({
  name: z.string(),
  properties: z.object({
    sharedPrivateLinkResource: z
      .object({
        privateLink: z.object({ id: statedText }).nullish(),
        groupId: statedText,
        status: statedText,
      })
      .nullish(),
  }),
})

/**
 * Azure Front Door profiles, read through ARM, one origin group after the other (a profile may have two hundred). The
 * name of the endpoint on the target is a GUID that Azure does not disclose (Microsoft's documentation and an export),
 * and origins to the same target share one. The status is often missing (recalled), so its absence means nothing.
 */
export function frontDoor(arm: ArmClient): RequesterApi {
  return {
    kind: 'front-door',
    async managedEndpoints({ id }, signal) {
      const budget = listBudget()
      const groups = await listOfExisting(arm, `${id}/originGroups`, apiVersion, budget)
      const endpoints: ManagedEndpoint[] = []
      for (const shown of groups) {
        signal?.throwIfAborted()
        const read = group.safeParse(shown)
        if (!read.success)
          throw new ArmError(0, 'UnreadableResponse', 'An origin group has no readable name.')
        const origins = await arm.list(`${id}/originGroups/${read.data.name}/origins`, apiVersion, budget)
        endpoints.push(...readItems(origins, item, toEndpoint))
      }
      return endpoints
    },
  }
}

function toEndpoint({ name, properties }: z.output<typeof item>): ManagedEndpoint | undefined {
  const link = properties.sharedPrivateLinkResource
  if (!link) return undefined
  return {
    name,
    targetId: parseResourceId(link.privateLink?.id),
    groupIds: oneGroup(link.groupId),
    status: link.status,
    provisioningState: undefined,
    endpointName: undefined,
    endpointId: undefined,
  }
}
