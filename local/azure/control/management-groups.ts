import { z } from 'zod'
import { AzureError, jsonBody, param } from '../http/exchange.ts'
import type { Reply, Call } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { findSubscription } from '../identity/admission.ts'
import { placeSubscription, putGroup } from '../management-groups/hierarchy.ts'
import type { World } from '../world.ts'

const placeBody = z.strictObject({
  /** Names of the groups above the subscription, from the one below the root to the direct parent. */
  groups: z
    .array(z.string().regex(/^[\w().-]{1,90}$/, 'is no name of a management group'))
    .refine(
      (names) => new Set(names.map((name) => name.toLowerCase())).size === names.length,
      'names a group twice',
    ),
})

const hideBody = z.strictObject({
  /** Names of groups that callers must not read; the root is named after its tenant. */
  names: z.array(z.string()),
})

/** Places a subscription below management groups, which are created if missing, and hides groups. */
export function managementGroupControlRoutes(world: World): Route[] {
  const path = '/_simulator/management-groups'
  return [
    { method: 'PUT', template: `${path}/subscriptions/{id}`, handle: (call) => place(world, call) },
    { method: 'PUT', template: `${path}/hidden`, handle: (call) => hide(world, call) },
  ]
}

function place(world: World, call: Call): Reply {
  const subscription = findSubscription(param(call, 'id'))
  if (subscription === undefined) {
    throw new AzureError(404, 'NotFound', `There is no subscription "${param(call, 'id')}".`)
  }
  const { groups } = jsonBody(call, placeBody)
  const { tenantId, subscriptionId } = subscription
  for (const [level, name] of groups.entries()) {
    putGroup(world, { name, tenantId, displayName: undefined, parent: groups[level - 1] ?? tenantId })
  }
  placeSubscription(world, subscriptionId, groups.at(-1))
  return { status: 200, body: { subscriptionId, groups: [tenantId, ...groups] } }
}

function hide(world: World, call: Call): Reply {
  const { names } = jsonBody(call, hideBody)
  world.store.governance.hiddenGroups.clear()
  for (const name of names) world.store.governance.hiddenGroups.add(name.toLowerCase())
  world.store.changed()
  return { status: 200, body: { names } }
}
