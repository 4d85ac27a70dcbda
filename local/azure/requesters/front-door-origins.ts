import { z } from 'zod'
import { asObject, jsonBody, param } from '../http/exchange.ts'
import type { Reply, Call, JsonObject } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { idKey, stableGuid } from '../ids.ts'
import { announce } from '../private-link/notify.ts'
import type { ManagedEndpoint, Resource } from '../state.ts'
import type { World } from '../world.ts'
import { groupsOf, notFound } from './arm-requester.ts'
import { childrenOf, keepChild } from './children.ts'
import {
  findManagedEndpoint,
  putManagedEndpoint,
  removeManagedEndpoint,
  stateOf,
} from './managed-endpoints.ts'
import { armPage, smallPage } from './paging.ts'
import { managedHome } from './places.ts'
import type { EndpointPlace } from './places.ts'

const privateLink = z.looseObject({
  privateLink: z.looseObject({ id: z.string().min(1) }),
  privateLinkLocation: z.string().min(1),
  groupId: z.string().default(''),
  requestMessage: z.string().default(''),
})
const originBody = z.looseObject({
  properties: z.looseObject({
    hostName: z.string().min(1),
    sharedPrivateLinkResource: privateLink.nullish(),
  }),
})

type PrivateLink = z.infer<typeof privateLink>

/** Origins, whose list is at `list`, below the origin group of the path. */
export function originRoutes(world: World, list: string, groupOf: (call: Call) => Resource): Route[] {
  const one = `${list}/{origin}`
  return [
    { method: 'GET', template: list, handle: (call) => listOrigins(world, call, groupOf(call)) },
    { method: 'PUT', template: one, handle: (call) => putOrigin(world, call, groupOf(call)) },
    { method: 'GET', template: one, handle: (call) => getOrigin(world, call, groupOf(call)) },
    { method: 'DELETE', template: one, handle: (call) => deleteOrigin(world, call, groupOf(call)) },
  ]
}

function listOrigins(world: World, call: Call, group: Resource): Reply {
  const items = childrenOf(world, group, 'origins').map((origin) => renderOrigin(group, origin, ''))
  return { status: 200, body: armPage(smallPage)(call, items) }
}

function getOrigin(world: World, call: Call, group: Resource): Reply {
  const name = param(call, 'origin')
  const origin = world.store.resources.get(originKey(group, name))
  if (origin === undefined) throw notFound('origin')(name)
  return { status: 200, body: renderOrigin(group, origin, statusOf(world, group, name)) }
}

/** An origin with a new target drops its endpoint and requests another one. */
function putOrigin(world: World, call: Call, group: Resource): Reply {
  const { properties } = jsonBody(call, originBody)
  const name = param(call, 'origin')
  const existing = world.store.resources.has(originKey(group, name))
  connect(world, group, name, properties.sharedPrivateLinkResource ?? undefined)
  const origin = keepChild(world, group, 'origins', name, properties)
  report(world, call, group, name, existing ? 'rewritten' : 'written')
  const body = renderOrigin(group, origin, statusOf(world, group, name))
  return { status: existing ? 200 : 201, body }
}

function connect(world: World, group: Resource, name: string, link: PrivateLink | undefined): void {
  const former = linkOf(world, group, name)
  const place = link === undefined ? undefined : placeOf(group, link)
  if (former !== undefined && former.endpointId.split('/').at(-1) !== place?.name) {
    removeManagedEndpoint(world, former)
  }
  if (link === undefined || place === undefined) return
  putManagedEndpoint(world, {
    kind: 'frontDoor',
    requesterId: profileIdOf(group),
    network: '',
    name: `${group.name}/${name}`,
    targetId: link.privateLink.id,
    groupIds: groupsOf(link.groupId),
    fqdns: [],
    requestMessage: link.requestMessage,
    place,
    given: {},
  })
}

function deleteOrigin(world: World, call: Call, group: Resource): Reply {
  const name = param(call, 'origin')
  const link = linkOf(world, group, name)
  if (link !== undefined) removeManagedEndpoint(world, link)
  if (!world.store.resources.delete(originKey(group, name))) return { status: 204 }
  world.store.changed()
  report(world, call, group, name, 'deleted')
  return { status: 202 }
}

/**
 * The endpoint behind it is a bare GUID in group `eafd-Prod-{region}` (documentation and an export). Origins of a
 * profile that share target, group and location share one endpoint (documentation).
 */
function placeOf(group: Resource, link: PrivateLink): EndpointPlace {
  const { subscriptionId, region } = managedHome(link.privateLinkLocation)
  const expected = [profileIdOf(group), link.privateLink.id, link.groupId, region].join('|')
  return {
    subscriptionId,
    resourceGroup: `eafd-Prod-${region}`,
    location: region,
    name: stableGuid(expected.toLowerCase()),
  }
}

/** A read of one origin shows the status of its link, a list does not: users often report it missing, but not when. */
function renderOrigin(group: Resource, { id, name, type, properties }: Resource, status: string): JsonObject {
  const link = properties['sharedPrivateLinkResource'] ?? null
  const shown = status === '' ? link : { ...asObject(link), status }
  return {
    id,
    name,
    type,
    properties: {
      enabledState: 'Enabled',
      ...properties,
      originGroupName: group.name,
      sharedPrivateLinkResource: shown,
      provisioningState: 'Succeeded',
      deploymentStatus: 'NotStarted',
    },
  }
}

function statusOf(world: World, group: Resource, name: string): string {
  const link = linkOf(world, group, name)
  return link === undefined ? '' : stateOf(world, link).status
}

function linkOf(world: World, group: Resource, name: string): ManagedEndpoint | undefined {
  return findManagedEndpoint(world, profileIdOf(group), `${group.name}/${name}`)
}

function profileIdOf(group: Resource): string {
  return group.id.split('/').slice(0, -2).join('/')
}

function originKey(group: Resource, name: string): string {
  return idKey(`${group.id}/origins/${name}`)
}

function report(
  world: World,
  call: Call,
  group: Resource,
  name: string,
  what: 'written' | 'rewritten' | 'deleted',
): void {
  announce(world, {
    target: profileIdOf(group),
    child: `originGroups/${group.name}/origins/${name}`,
    verb: what === 'deleted' ? 'delete' : 'write',
    caller: call.caller,
    existing: what !== 'written',
  })
}
