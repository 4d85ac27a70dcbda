import { z } from 'zod'
import { checkVersion } from '../arm/versions.ts'
import { groupKey } from '../governance.ts'
import { AzureError, jsonBody, param } from '../http/exchange.ts'
import type { Reply, Call, JsonObject } from '../http/exchange.ts'
import type { Handler, Route } from '../http/router.ts'
import { findSubscription } from '../identity/admission.ts'
import { sameId } from '../ids.ts'
import type { ManagementGroup } from '../state.ts'
import type { Subscription } from '../well-known.ts'
import type { World } from '../world.ts'
import {
  chainTo,
  findGroup,
  groupId,
  groupsOf,
  groupType,
  isHidden,
  parentOfSubscription,
  placeSubscription,
  putGroup,
  rootGroup,
} from './hierarchy.ts'

const template = `/providers/${groupType}`
const body = z.looseObject({
  properties: z
    .looseObject({
      displayName: z.string().nullish(),
      details: z.looseObject({ parent: z.looseObject({ id: z.string().nullish() }).nullish() }).nullish(),
    })
    .nullish(),
})

/** Management groups of the caller's tenant, and the subscriptions right below them. Every caller may change them. */
export function managementGroupRoutes(world: World): Route[] {
  const group = `${template}/{name}`
  const subscription = `${group}/subscriptions/{subscription}`
  const route = (method: string, path: string, type: string, handle: Handler): Route => ({
    method,
    template: path,
    handle: (call) => {
      checkVersion(call, type, 'global')
      return handle(call)
    },
  })
  return [
    route('GET', template, groupType, (call) => listGroups(world, call)),
    route('PUT', group, groupType, (call) => writeGroup(world, call)),
    route('GET', group, groupType, (call) => readGroup(world, call)),
    route('DELETE', group, groupType, (call) => deleteGroup(world, call)),
    route('PUT', subscription, `${groupType}/subscriptions`, (call) => addSubscription(world, call)),
    route('DELETE', subscription, `${groupType}/subscriptions`, (call) => takeOut(world, call)),
  ]
}

function listGroups(world: World, call: Call): Reply {
  const value = groupsOf(world, tenantOf(call))
    .filter((group) => !isHidden(world, group))
    .map((group) => renderBrief(group))
  return { status: 200, body: { value, nextLink: null } }
}

function writeGroup(world: World, call: Call): Reply {
  const { properties } = jsonBody(call, body)
  const tenantId = tenantOf(call)
  const name = param(call, 'name')
  const held = findGroup(world, tenantId, name)
  if (held?.parent === '') throw refused(`The root group '${name}' cannot be changed.`)
  const expected = properties?.details?.parent?.id ?? groupId(held?.parent ?? tenantId)
  const parent = groupsOf(world, tenantId).find((group) => sameId(groupId(group.name), expected))
  if (parent === undefined) throw notFound(expected)
  if (chainTo(world, tenantId, parent.name).some((group) => group.name === held?.name)) {
    throw refused(`The parent '${parent.name}' lies below '${name}'.`)
  }
  const displayName = properties?.displayName ?? undefined
  const group = putGroup(world, { name, tenantId, displayName, parent: parent.name })
  return { status: 200, body: render(world, group) }
}

function readGroup(world: World, call: Call): Reply {
  return { status: 200, body: render(world, requireGroup(world, call)) }
}

function deleteGroup(world: World, call: Call): Reply {
  const group = requireGroup(world, call)
  const isParent =
    group.parent === '' ||
    [...world.store.governance.managementGroups.values()].some(({ parent }) => parent === group.name) ||
    [...world.store.governance.subscriptionParents.values()].includes(group.name)
  if (isParent) throw refused(`The group '${group.name}' is the root, or something lies below it.`)
  world.store.governance.managementGroups.delete(groupKey(group))
  world.store.changed()
  return { status: 204 }
}

function addSubscription(world: World, call: Call): Reply {
  const group = requireGroup(world, call)
  const { subscriptionId, tenantId, displayName } = requireSubscription(call)
  placeSubscription(world, subscriptionId, group.name)
  return {
    status: 200,
    body: {
      id: `${groupId(group.name)}/subscriptions/${subscriptionId}`,
      type: `${groupType}/subscriptions`,
      name: subscriptionId,
      properties: { displayName, parent: { id: groupId(group.name) }, state: 'Active', tenant: tenantId },
    },
  }
}

/** A subscription that is removed from its group is below the root. */
function takeOut(world: World, call: Call): Reply {
  const group = requireGroup(world, call)
  const subscription = requireSubscription(call)
  if (parentOfSubscription(world, subscription) !== group.name) return { status: 204 }
  placeSubscription(world, subscription.subscriptionId, undefined)
  return { status: 200 }
}

function requireGroup(world: World, call: Call): ManagementGroup {
  const group = findGroup(world, tenantOf(call), param(call, 'name'))
  if (group === undefined) throw notFound(groupId(param(call, 'name')))
  if (!isHidden(world, group)) return group
  throw new AzureError(
    403,
    'AuthorizationFailed',
    `The client '${call.caller?.clientId ?? ''}' does not have authorization to perform this action over scope '${groupId(group.name)}'.`,
  )
}

function requireSubscription(call: Call): Subscription {
  const subscription = findSubscription(param(call, 'subscription'))
  if (subscription?.tenantId === tenantOf(call)) return subscription
  throw notFound(`/subscriptions/${param(call, 'subscription')}`)
}

function tenantOf(call: Call): string {
  return call.caller?.tenantId ?? ''
}

function renderBrief({ name, tenantId, displayName }: ManagementGroup): JsonObject {
  return { id: groupId(name), type: groupType, name, properties: { tenantId, displayName } }
}

function render(world: World, group: ManagementGroup): JsonObject {
  const { name, displayName } = findGroup(world, group.tenantId, group.parent) ?? rootGroup(group.tenantId)
  const parent = group.parent === '' ? null : { id: groupId(name), name, displayName }
  const { tenantId } = group
  return {
    ...renderBrief(group),
    properties: { tenantId, displayName: group.displayName, details: { version: 1, parent } },
  }
}

function notFound(id: string): AzureError {
  return new AzureError(404, 'NotFound', `'${id}' was not found.`)
}

function refused(message: string): AzureError {
  return new AzureError(400, 'BadRequest', message)
}
