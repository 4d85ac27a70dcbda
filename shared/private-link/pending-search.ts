import { z } from 'zod'
import { parseResourceId } from '../domain/resource-id.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { Log, PendingSearchPort } from '../review/ports.ts'
import type { ArmClient } from './arm-client.ts'
import { ArmError } from './arm-error.ts'
import { resourceTypes } from './resource-types/table.ts'

const path = '/providers/Microsoft.ResourceGraph/resources'
const apiVersion = '2022-10-01'
const rowsPerPage = 1000
const mostPages = 50
/** Of one resource. Without a limit, mv-expand stops at 128; more than 400 it does not take (Microsoft documentation). */
const mostConnections = 400

const pendingConnections = `resources
| where isnotnull(properties) and properties contains "privateEndpointConnections"
| where array_length(properties.privateEndpointConnections) > 0
| mv-expand pec = properties.privateEndpointConnections limit ${mostConnections}
| where pec.properties.privateLinkServiceConnectionState.status =~ "Pending"
| project id, connectionId = tostring(pec.id)
| order by id asc`

const hiddenTypes = resourceTypes
  .filter(({ inResourceGraph }) => !inResourceGraph)
  .map(({ type }) => `"${type}"`)
const targetsOfHiddenTypes = `resources
| where type in~ (${hiddenTypes.join(', ')})
| project id
| order by id asc`

const page = z.object({
  data: z.array(z.object({ id: z.unknown() })),
  $skipToken: z.string().nullish(),
})

/**
 * Asks Azure Resource Graph, over every subscription the identity can read, which resources show a Pending
 * connection, and which there are of types whose connections it does not show. A net, not proof of absence: the graph
 * lags, of a resource only the first 400 connections are seen, and what may not be read is not shown. When the quota
 * is used up a search ends with what it has; the next one starts anew.
 */
export function createPendingSearch(arm: ArmClient, log: Log): PendingSearchPort {
  return {
    targetsWithPending: () => search(arm, log, pendingConnections),
    targetsNotShown: () => search(arm, log, targetsOfHiddenTypes),
  }
}

async function search(arm: ArmClient, log: Log, query: string): Promise<readonly ResourceId[]> {
  const targets = new Map<string, ResourceId>()
  let skipToken: string | undefined
  for (let pages = 0; pages < mostPages; pages += 1) {
    const found = await askPage(arm, log, query, skipToken)
    if (!found) return [...targets.values()]
    for (const row of found.data) {
      const target = parseResourceId(row.id)
      if (target) targets.set(target.key, target)
      else log.warn('Resource Graph shows a resource whose id cannot be read')
    }
    skipToken = found.$skipToken ?? undefined
    if (!skipToken) return [...targets.values()]
  }
  log.warn('A search of Resource Graph was cut off', { pages: mostPages, targets: targets.size })
  return [...targets.values()]
}

async function askPage(
  arm: ArmClient,
  log: Log,
  query: string,
  skipToken: string | undefined,
): Promise<z.infer<typeof page> | undefined> {
  const options = {
    resultFormat: 'objectArray',
    $top: rowsPerPage,
    ...(skipToken && { $skipToken: skipToken }),
  }
  try {
    const { body } = await arm.request('POST', path, apiVersion, { query, options })
    return page.parse(body)
  } catch (error) {
    if (!(error instanceof ArmError) || error.status !== 429) throw error
    log.warn('The quota of Resource Graph is used up; the search ends early', {
      retryAfterSeconds: error.retryAfterSeconds,
    })
    return undefined
  }
}
