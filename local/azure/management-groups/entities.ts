import { checkVersion } from '../arm/versions.ts'
import { AzureError, queryValue } from '../http/exchange.ts'
import type { Reply, Call, JsonObject } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { cut } from '../requesters/paging.ts'
import type { ManagementGroup } from '../state.ts'
import { subscriptions } from '../well-known.ts'
import type { World } from '../world.ts'
import { chainTo, groupId, groupsOf, groupType, isHidden, parentOfSubscription } from './hierarchy.ts'

const path = '/providers/Microsoft.Management/getEntities'
const maxEntities = 1000

interface Entity {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly displayName: string
  /** All groups above it, the root first. */
  readonly above: readonly ManagementGroup[]
}

/** Management groups and subscriptions of the caller's tenant, each with the groups above it. */
export function entityRoutes(world: World): Route[] {
  return ['POST', 'GET'].map((method) => ({
    method,
    template: path,
    handle: (call: Call) => listEntities(world, call),
  }))
}

/** A `nextLink` is followed by GET, as client libraries do; the list itself is requested by POST. */
function listEntities(world: World, call: Call): Reply {
  checkVersion(call, 'Microsoft.Management/getEntities', 'global')
  const token = queryValue(call, '$skiptoken')
  if (call.method === 'GET' && token === '') {
    throw new AzureError(405, 'MethodNotAllowed', `GET is not supported on ${path}.`)
  }
  const expected = parseFilter(queryValue(call, '$filter'))
  const all = entitiesOf(world, call.caller?.tenantId ?? '')
  const found = all.filter(expected).map((entity) => render(world, call, entity, all))
  const page = cut(found, Number(queryValue(call, '$top')) || maxEntities, token)
  return {
    status: 200,
    body: { value: page.items, count: page.items.length, nextLink: linkOf(call, page.next) },
  }
}

function linkOf(call: Call, next: string | undefined): string | null {
  if (next === undefined) return null
  const query = new URLSearchParams(call.query)
  query.set('$skiptoken', next)
  return `${call.origin}${path}?${query.toString()}`
}

function entitiesOf(world: World, tenantId: string): readonly Entity[] {
  const groups = groupsOf(world, tenantId)
    .filter((group) => !isHidden(world, group))
    .map(({ name, displayName, parent }) => ({
      id: groupId(name),
      type: groupType,
      name,
      displayName,
      above: chainTo(world, tenantId, parent),
    }))
  const own = subscriptions
    .filter((subscription) => subscription.tenantId === tenantId)
    .map((subscription) => ({
      id: `/subscriptions/${subscription.subscriptionId}`,
      type: '/subscriptions',
      name: subscription.subscriptionId,
      displayName: subscription.displayName,
      above: chainTo(world, tenantId, parentOfSubscription(world, subscription)),
    }))
  return [...groups, ...own]
}

/** Groups that the caller must not read are left out of the chains; a parent that must not be read has no id. */
function render(world: World, call: Call, entity: Entity, all: readonly Entity[]): JsonObject {
  const parent = entity.above.at(-1)
  const chain = entity.above.filter((group) => !isHidden(world, group))
  const below = all.filter(({ above }) => above.some(({ name }) => name === entity.name))
  const children = below.filter(({ above }) => above.at(-1)?.name === entity.name)
  return {
    id: entity.id,
    type: entity.type,
    name: entity.name,
    properties: {
      tenantId: call.caller?.tenantId,
      displayName: entity.displayName,
      parent: { id: parent === undefined || isHidden(world, parent) ? null : groupId(parent.name) },
      permissions: 'view',
      inheritedPermissions: 'view',
      parentDisplayNameChain: chain.map(({ displayName }) => displayName),
      parentNameChain: chain.map(({ name }) => name),
      numberOfDescendants: below.length,
      numberOfChildren: children.length,
      numberOfChildGroups: children.filter(({ type }) => type === groupType).length,
    },
  }
}

/** The documented filters, their texts compared without regard to case. */
function parseFilter(text: string): (entity: Entity) => boolean {
  if (text === '') return () => true
  const equal = /^name eq '([^']*)'$/i.exec(text.trim())
  if (equal !== null) return ({ name }) => name.toLowerCase() === equal[1]?.toLowerCase()
  const part = /^contains\((name|displayName), *'([^']*)'\)$/i.exec(text.trim())
  if (part === null) {
    throw new AzureError(
      400,
      'BadRequest',
      `$filter is "${text}"; known are name eq '…', contains(name, '…') and contains(displayName, '…').`,
    )
  }
  const expected = part[2]?.toLowerCase() ?? ''
  const isName = part[1]?.toLowerCase() === 'name'
  return ({ name, displayName }) => (isName ? name : displayName).toLowerCase().includes(expected)
}
