import { z } from 'zod'
import { jsonBody, param } from '../http/exchange.ts'
import type { Reply, Call, JsonObject } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { idKey } from '../ids.ts'
import type { Resource } from '../state.ts'
import type { World } from '../world.ts'
import { notFound, requesterTemplate, requireRequester } from './arm-requester.ts'
import { childrenOf, keepChild } from './children.ts'
import { originRoutes } from './front-door-origins.ts'
import { armPage, smallPage } from './paging.ts'

const type = 'Microsoft.Cdn/profiles'
const groups = `${requesterTemplate(type)}/originGroups`
const group = `${groups}/{originGroup}`
const groupBody = z.looseObject({ properties: z.looseObject({}).nullish() })

/** Origin groups of Front Door profiles, with their origins. */
export function frontDoorRoutes(world: World): Route[] {
  return [
    { method: 'GET', template: groups, handle: (call) => listGroups(world, call) },
    { method: 'PUT', template: group, handle: (call) => putGroup(world, call) },
    {
      method: 'GET',
      template: group,
      handle: (call) => ({ status: 200, body: renderGroup(requireGroup(world, call)) }),
    },
    ...originRoutes(world, `${group}/origins`, (call) => requireGroup(world, call)),
  ]
}

function listGroups(world: World, call: Call): Reply {
  const profile = requireRequester(world, call, type, 'originGroups')
  const items = childrenOf(world, profile, 'originGroups').map(renderGroup)
  return { status: 200, body: armPage(smallPage)(call, items) }
}

function putGroup(world: World, call: Call): Reply {
  const profile = requireRequester(world, call, type, 'originGroups')
  const { properties } = jsonBody(call, groupBody)
  const made = keepChild(world, profile, 'originGroups', param(call, 'originGroup'), properties ?? {})
  return { status: 201, body: renderGroup(made) }
}

function renderGroup({ id, name, type, properties }: Resource): JsonObject {
  const done = { provisioningState: 'Succeeded', deploymentStatus: 'NotStarted' }
  return { id, name, type, properties: { ...properties, ...done } }
}

function requireGroup(world: World, call: Call): Resource {
  const profile = requireRequester(world, call, type, 'originGroups/origins')
  const name = param(call, 'originGroup')
  const held = world.store.resources.get(idKey(`${profile.id}/originGroups/${name}`))
  if (held !== undefined) return held
  throw notFound('origin group')(name)
}
