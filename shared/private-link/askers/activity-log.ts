import { z } from 'zod'
import { isSameName, isSameResource, parseResourceId } from '../../domain/resource-id.ts'
import type { ArmClient } from '../arm/client.ts'
import type { ListBudget } from '../arm/pages.ts'
import type { Written } from './what-asks.ts'

const apiVersion = '2015-04-01'
const day = 24 * 60 * 60 * 1000
/** The log keeps 90; a start before that is refused (recalled). */
const maxDays = 89
/** Of a write that Azure took. Others are `Failed`, and states of other categories. */
const takenStatuses = ['Started', 'Accepted', 'Succeeded']
/** No caller, no address, no request: only what is compared. Claims cannot be asked for one by one. */
const members = ['claims', 'operationName', 'resourceId', 'status']

/** The claims of the token with which something was written, as the log shows them. Empty when it shows none. */
export type Claims = Readonly<Record<string, unknown>>

const named = z.object({ value: z.string() })
const event = z.object({
  operationName: named,
  resourceId: z.string(),
  status: named,
  claims: z.record(z.string(), z.unknown()).catch({}),
})

/**
 * The claims of each write of a resource within the last 89 days, newest first. Every event is compared again: the
 * filter is a text, and what else lies behind it is not known.
 * @throws ArmError when the log cannot be read to its end.
 */
export async function writesOf(
  arm: ArmClient,
  { resource, operation }: Written,
  now: Date,
  budget: ListBudget,
): Promise<readonly Claims[]> {
  const path = `/subscriptions/${resource.subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values`
  const query = { $filter: filterOf(resource.id, now), $select: members.join(',') }
  const events = await arm.list(path, apiVersion, budget, query)
  return events.flatMap((item) => {
    const read = event.safeParse(item)
    if (!read.success) return []
    const { operationName, resourceId, status, claims } = read.data
    const written = parseResourceId(resourceId)
    const isIt =
      written !== undefined &&
      isSameResource(written, resource) &&
      isSameName(operationName.value, operation) &&
      takenStatuses.some((taken) => isSameName(taken, status.value))
    return isIt ? [claims] : []
  })
}

/** One of the few forms that the operation takes; a quote in a text is doubled, as in OData. */
function filterOf(id: string, now: Date): string {
  const start = new Date(now.getTime() - maxDays * day)
  return `eventTimestamp ge '${start.toISOString()}' and eventTimestamp le '${now.toISOString()}' and resourceUri eq '${id.replaceAll("'", "''")}'`
}
