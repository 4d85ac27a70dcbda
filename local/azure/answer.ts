import { connectionRoutes } from './arm/connections.ts'
import { operationRoutes } from './arm/operations.ts'
import { privateEndpointRoutes } from './arm/private-endpoints.ts'
import { resourceGroupRoutes } from './arm/resource-groups.ts'
import { resourceRoutes } from './arm/resources.ts'
import { eventSubscriptionRoutes, manualValidationRoute } from './event-grid/subscriptions.ts'
import { AzureError } from './http/exchange.ts'
import type { Answer, Call } from './http/exchange.ts'
import { Limits } from './http/limits.ts'
import { findRoute } from './http/router.ts'
import type { Route } from './http/router.ts'
import { admitToManagement } from './identity/admission.ts'
import { issuerRoutes } from './identity/issuer.ts'
import type { Tokens } from './identity/tokens.ts'
import { dataFactoryRoutes } from './requesters/data-factory.ts'
import type { World } from './world.ts'

/** Finds the handler of a call and lets the caller in. Throws AzureError for every refusal. */
export function makeAnswer(
  world: World,
  tokens: Tokens,
  control: readonly Route[],
  enforceLimits: boolean,
): (call: Call) => Promise<{ answer: Answer; call: Call }> {
  const limits = new Limits()
  const open = [...control, ...issuerRoutes(tokens), manualValidationRoute(world)]
  const management = [
    ...resourceGroupRoutes(world),
    ...operationRoutes(world),
    ...eventSubscriptionRoutes(world),
    ...dataFactoryRoutes(world),
    ...privateEndpointRoutes(world),
    ...connectionRoutes(world),
    ...resourceRoutes(world),
  ]

  return async function answerCall(call) {
    const unguarded = findRoute(open, call.method, call.path).match
    if (unguarded !== undefined) {
      const known = { ...call, params: unguarded.params }
      return { answer: await unguarded.route.handle(known), call: known }
    }
    const caller = await admitToManagement(tokens, call)
    const admitted = { ...call, caller }
    const { empty, headers } = limits.count(admitted)
    if (empty && enforceLimits) {
      throw new AzureError(429, 'SubscriptionRequestsThrottled', 'Too many requests; see Retry-After.', {
        ...headers,
        'Retry-After': '1',
      })
    }
    const { route, params } = requireRoute(management, call)
    const known = { ...admitted, params }
    const answer = await route.handle(known)
    return { answer: { ...answer, headers: { ...headers, ...answer.headers } }, call: known }
  }
}

function requireRoute(routes: readonly Route[], call: Call) {
  const { match, pathKnown } = findRoute(routes, call.method, call.path)
  if (match !== undefined) return match
  if (pathKnown) {
    throw new AzureError(405, 'MethodNotAllowed', `${call.method} is not supported on ${call.path}.`)
  }
  throw new AzureError(404, 'NotFound', `The simulated Azure does not play ${call.method} ${call.path}.`)
}
