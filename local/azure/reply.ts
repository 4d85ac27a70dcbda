import { activityLogRoutes } from './activity-log/list.ts'
import { connectionRoutes } from './arm/connections.ts'
import { operationRoutes } from './arm/operations.ts'
import { permissionRoutes } from './arm/permissions.ts'
import { privateEndpointRoutes } from './arm/private-endpoints.ts'
import { providerRoutes } from './arm/providers.ts'
import { resourceGroupRoutes } from './arm/resource-groups.ts'
import { resourceRoutes } from './arm/resources.ts'
import { subnetRoutes } from './arm/subnets.ts'
import { tagRoutes } from './arm/tags.ts'
import { eventSubscriptionRoutes, manualValidationRoute } from './event-grid/subscriptions.ts'
import { AzureError } from './http/exchange.ts'
import type { Reply, Call } from './http/exchange.ts'
import { Limits } from './http/limits.ts'
import { findRoute } from './http/router.ts'
import type { Match, Route } from './http/router.ts'
import { admitToDataPlane, admitToManagement } from './identity/admission.ts'
import { issuerRoutes } from './identity/issuer.ts'
import { graphPlane } from './identity/people/graph.ts'
import type { Permissions } from './identity/permissions.ts'
import type { Tokens } from './identity/tokens.ts'
import { entityRoutes } from './management-groups/entities.ts'
import { managementGroupRoutes } from './management-groups/groups.ts'
import { dataFactoryRoutes } from './requesters/data-factory.ts'
import type { DataPlane } from './requesters/data-plane.ts'
import { databricksPlane } from './requesters/databricks.ts'
import { fabricPlane } from './requesters/fabric.ts'
import { frontDoorRoutes } from './requesters/front-door.ts'
import { grafanaRoutes } from './requesters/grafana.ts'
import { kustoRoutes } from './requesters/kusto.ts'
import { purviewPlane } from './requesters/purview.ts'
import { searchServiceRoutes } from './requesters/search-service.ts'
import { synapsePlane } from './requesters/synapse.ts'
import { resourceGraphRoutes } from './resource-graph/search.ts'
import type { World } from './world.ts'

/** A response, with the call as it was admitted: its caller is known then. */
export interface Replied {
  readonly reply: Reply
  readonly call: Call
}

/** Finds the handler of a call and admits the caller. The result throws AzureError for every refusal. */
export function createReplier(
  world: World,
  tokens: Tokens,
  control: readonly Route[],
  permissions: Permissions,
  enforceLimits: boolean,
): (call: Call) => Promise<Replied> {
  const limits = new Limits()
  const open = [...control, ...issuerRoutes(tokens, world.signInOrigin), manualValidationRoute(world)]
  const planes = [
    synapsePlane(world),
    purviewPlane(world),
    fabricPlane(world),
    databricksPlane(world),
    graphPlane(),
  ]
  const management = [
    ...tagRoutes(world),
    ...permissionRoutes(world, permissions),
    ...resourceGroupRoutes(world),
    ...providerRoutes(),
    ...resourceGraphRoutes(world, enforceLimits),
    ...entityRoutes(world),
    ...managementGroupRoutes(world),
    ...activityLogRoutes(world),
    ...operationRoutes(world),
    ...subnetRoutes(world),
    ...eventSubscriptionRoutes(world),
    ...dataFactoryRoutes(world),
    ...kustoRoutes(world),
    ...grafanaRoutes(world),
    ...searchServiceRoutes(world),
    ...frontDoorRoutes(world),
    ...privateEndpointRoutes(world),
    ...connectionRoutes(world),
    ...resourceRoutes(world),
  ]

  return async function replyToCall(call) {
    const unguarded = findRoute(open, call.method, call.path).match
    if (unguarded !== undefined) return run(call, unguarded)
    const [, prefix] = call.path.toLowerCase().split('/')
    const plane = planes.find((held) => held.prefix === prefix)
    if (plane !== undefined) return replyOnPlane(tokens, plane, call)
    const admitted = { ...call, caller: await admitToManagement(tokens, call) }
    permissions.check(admitted)
    const headers = countCall(limits, admitted, enforceLimits)
    const { reply, call: known } = await run(admitted, requireRoute(management, call))
    return { reply: { ...reply, headers: { ...headers, ...reply.headers } }, call: known }
  }
}

/** A data plane sends refusals in its own shape. */
async function replyOnPlane(tokens: Tokens, plane: DataPlane, call: Call): Promise<Replied> {
  try {
    const caller = await admitToDataPlane(tokens, call, plane)
    return await run({ ...call, caller }, requireRoute(plane.routes, call))
  } catch (error) {
    if (!(error instanceof AzureError)) throw error
    const { status, headers } = error
    return { reply: { status, headers, body: plane.errorBody(error) }, call }
  }
}

async function run(call: Call, { route, params }: Match): Promise<Replied> {
  const known = { ...call, params }
  return { reply: await route.handle(known), call: known }
}

function countCall(limits: Limits, call: Call, enforceLimits: boolean): Record<string, string> {
  const { empty, headers } = limits.count(call)
  if (!empty || !enforceLimits) return headers
  throw new AzureError(429, 'SubscriptionRequestsThrottled', 'Too many requests; see Retry-After.', {
    ...headers,
    'Retry-After': '1',
  })
}

function requireRoute(routes: readonly Route[], call: Call): Match {
  const { match, pathKnown } = findRoute(routes, call.method, call.path)
  if (match !== undefined) return match
  if (pathKnown) {
    throw new AzureError(405, 'MethodNotAllowed', `${call.method} is not supported on ${call.path}.`)
  }
  throw new AzureError(404, 'NotFound', `The simulated Azure does not play ${call.method} ${call.path}.`)
}
