import { z } from 'zod'
import { parseResourceId } from '../../domain/resource-id.ts'
import { collectPages, readPageOf } from '../arm/pages.ts'
import { orHidden } from './asking.ts'
import { addressOf, type DataPlaneClient } from './data-plane.ts'
import { statedText } from './health.ts'
import { oneGroup, readItems } from './item-reading.ts'
import type { RequesterApi } from './requester-api.ts'

const page = z.object({ items: z.array(z.unknown()).nullish(), next_page_token: statedText })
const item = z.object({
  rule_id: z.string(),
  resource_id: statedText,
  group_id: statedText,
  endpoint_name: statedText,
  connection_state: statedText,
  deactivated: z.boolean().nullish(),
})

/** Statuses of the client libraries as those of Azure; INIT is an old one for PENDING. Others are shown unchanged. */
const statuses: ReadonlyMap<string, string> = new Map([
  ['INIT', 'Pending'],
  ['PENDING', 'Pending'],
  ['ESTABLISHED', 'Approved'],
  ['CREATING', ''],
])

/**
 * Network connectivity configurations of a Databricks account, read from the account's API (shape from Databricks'
 * client libraries, paging reported). A rule states the name of its endpoint on the target, which is generated. Rules
 * for other clouds have no `resource_id`; members without a value may be left out.
 */
export function databricksNetwork(dataPlane: DataPlaneClient, endpoint: string): RequesterApi {
  const client = dataPlane(endpoint)
  return {
    kind: 'databricks-network',
    async managedEndpoints({ key }, signal) {
      const [, , , account = '', , config = ''] = key.split('/')
      const first = addressOf(
        endpoint,
        `/api/2.0/accounts/${account}/network-connectivity-configs/${config}/private-endpoint-rules`,
      )
      const toPage = (body: unknown) =>
        readPageOf(page, body, ({ items, next_page_token: token }) => ({
          items: items ?? [],
          next: token && `${first}?page_token=${encodeURIComponent(token)}`,
        }))
      return readItems(
        await orHidden(collectPages(first, (link) => client.follow(link), toPage, { signal })),
        item,
        (rule) =>
          rule.deactivated
            ? undefined
            : {
                name: rule.rule_id,
                targetId: parseResourceId(rule.resource_id),
                groupIds: oneGroup(rule.group_id),
                status: statuses.get(rule.connection_state ?? 'CREATING') ?? rule.connection_state ?? '',
                provisioningState: undefined,
                endpointName: rule.endpoint_name,
                endpointId: undefined,
              },
      )
    },
  }
}
