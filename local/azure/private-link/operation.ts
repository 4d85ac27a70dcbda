import { randomUUID } from 'node:crypto'
import { apiVersion } from '../http/exchange.ts'
import type { Call } from '../http/exchange.ts'
import { parseResourceId } from '../ids.ts'
import type { Operation } from '../state.ts'
import type { World } from '../world.ts'
import type { Link } from './target-types/write-styles.ts'

/** Registers a long-running operation on a resource. */
export function startOperation(world: World, resourceId: string): Operation {
  const operation: Operation = {
    id: randomUUID(),
    resourceId,
    startTime: new Date().toISOString(),
    status: 'InProgress',
    error: null,
  }
  world.store.addOperation(operation)
  return operation
}

/** The headers by which a client polls an operation, on the caller's own origin. */
export function operationLinks(
  call: Call,
  links: readonly Link[],
  operation: Operation,
): Record<string, string> {
  const id = parseResourceId(operation.resourceId)
  const namespace = id?.type.split('/')[0] ?? 'Microsoft.Resources'
  const base = `${call.origin}/subscriptions/${id?.subscriptionId ?? ''}/providers/${namespace}/locations/global`
  const query = `?api-version=${apiVersion(call)}`
  const targets = {
    'Azure-AsyncOperation': `${base}/operationStatuses/${operation.id}${query}`,
    Location: `${base}/operationResults/${operation.id}${query}`,
  }
  const headers = Object.fromEntries(links.map((link) => [link, targets[link]]))
  return links.length === 0 ? {} : { ...headers, 'Retry-After': '1' }
}
