import { z } from 'zod'
import { AzureError, jsonBody } from '../http/exchange.ts'
import type { Reply, Call, JsonObject } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { parseResourceId } from '../ids.ts'
import { renderEmbedded, renderResource } from '../private-link/render.ts'
import { targetType } from '../private-link/target-types/index.ts'
import type { Connection, Resource } from '../state.ts'
import { subscriptions } from '../well-known.ts'
import type { World } from '../world.ts'
import { parseQuery } from './query.ts'

const maxRows = 1000
const quota = { queries: 15, perMs: 5000 }

const searchBody = z.looseObject({
  query: z.string().min(1),
  subscriptions: z.array(z.string()).nullish(),
  managementGroups: z.array(z.string()).nullish(),
  options: z
    .looseObject({
      $top: z.number().int().min(1).max(maxRows).nullish(),
      $skipToken: z.string().nullish(),
      resultFormat: z.enum(['objectArray', 'table']).nullish(),
    })
    .nullish(),
})

/**
 * Azure Resource Graph for two shapes of query. Rows of the caller's own tenant only, a little late, at most a
 * thousand a page; the quota is 15 queries in 5 seconds for each principal (Microsoft documentation).
 */
export function resourceGraphRoutes(world: World, enforceLimits: boolean): Route[] {
  const recent = new Map<string, number[]>()
  return [
    {
      method: 'POST',
      template: '/providers/Microsoft.ResourceGraph/resources',
      handle: (call) => {
        const headers = takeQuota(recent, call, enforceLimits)
        return { ...search(world, call), headers }
      },
    },
  ]
}

function search(world: World, call: Call): Reply {
  const { query, subscriptions: asked, options } = jsonBody(call, searchBody)
  if (options?.resultFormat === 'table') {
    throw new AzureError(
      400,
      'BadRequest',
      'options.resultFormat is "table"; the simulated Resource Graph plays objectArray.',
    )
  }
  const steps = parseQuery(query)
  const rows = steps.reduce((held, step) => step(held), visibleRows(world, call, asked ?? undefined))
  const start = Number.parseInt(options?.$skipToken ?? '0', 10)
  const top = options?.$top ?? maxRows
  const data = rows.slice(start, start + top)
  const isMore = start + top < rows.length
  return {
    status: 200,
    body: {
      totalRecords: rows.length,
      count: data.length,
      data,
      facets: [],
      resultTruncated: 'false',
      ...(isMore ? { $skipToken: String(start + top) } : {}),
    },
  }
}

function visibleRows(world: World, call: Call, asked: readonly string[] | undefined): JsonObject[] {
  const own = subscriptions
    .filter((held) => held.tenantId === call.caller?.tenantId)
    .map((held) => held.subscriptionId)
  const expected = asked?.map((id) => id.toLowerCase()) ?? own
  const visible = new Set(own.filter((id) => expected.includes(id)))
  return [...world.store.resources.values()]
    .filter((resource) => visible.has(parseResourceId(resource.id)?.subscriptionId.toLowerCase() ?? ''))
    .map((resource) => rowOf(world, call, resource))
}

/** Resource Graph shows types in lower case. */
function rowOf(world: World, call: Call, resource: Resource): JsonObject {
  const id = parseResourceId(resource.id)
  const connections = world.store
    .connectionsOf(resource.id)
    .map((connection) => asSeenLate(world, connection))
    .filter((connection) => connection !== undefined)
  const embedded = renderEmbedded(targetType(resource.type), resource.id, connections, '')
  return {
    ...renderResource(resource, resource.id),
    properties: { ...resource.properties, ...embedded },
    type: resource.type.toLowerCase(),
    resourceGroup: id?.resourceGroup.toLowerCase(),
    subscriptionId: id?.subscriptionId,
    tenantId: call.caller?.tenantId,
  }
}

/** The connection as the graph shows it: for a while after a change, in its former state. */
function asSeenLate(world: World, connection: Connection): Connection | undefined {
  if (Date.now() - connection.statusSince >= world.timing.graphLagMs) return connection
  return connection.formerStatus === null ? undefined : { ...connection, status: connection.formerStatus }
}

function takeQuota(
  recent: Map<string, number[]>,
  call: Call,
  enforceLimits: boolean,
): Record<string, string> {
  const key = call.caller?.objectId ?? ''
  const now = Date.now()
  const held = (recent.get(key) ?? []).filter((at) => now - at < quota.perMs)
  const left = quota.queries - held.length
  const headers = {
    'x-ms-user-quota-remaining': String(Math.max(0, left - 1)),
    'x-ms-user-quota-resets-after': '00:00:05',
  }
  if (left <= 0 && enforceLimits) {
    throw new AzureError(429, 'RateLimiting', 'The quota of queries is used up.', {
      ...headers,
      'Retry-After': '5',
    })
  }
  recent.set(key, [...held, now])
  return headers
}
