import { z } from 'zod'
import { checkVersion } from '../arm/versions.ts'
import { AzureError, param } from '../http/exchange.ts'
import type { Call } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { idKey, resourceId } from '../ids.ts'
import type { Resource } from '../state.ts'
import type { World } from '../world.ts'
import { managedEndpointRoutes } from './endpoint-routes.ts'
import type { EndpointApi } from './endpoint-routes.ts'

/** The path of a requester that is a resource of Azure Resource Manager. */
export function requesterTemplate(type: string): string {
  return `/subscriptions/{subscription}/resourceGroups/{group}/providers/${type}/{requester}`
}

/**
 * The requester of a path that begins with `requesterTemplate(type)`. Throws 400 for an api-version that the child type
 * does not have, 404 when the requester does not exist.
 */
export function requireRequester(world: World, call: Call, type: string, child: string): Resource {
  const name = param(call, 'requester')
  const id = resourceId(param(call, 'subscription'), param(call, 'group'), type, name)
  const requester = world.store.resources.get(idKey(id))
  checkVersion(call, `${type}/${child}`, requester?.location ?? 'westeurope')
  if (requester !== undefined) return requester
  throw new AzureError(
    404,
    'ResourceNotFound',
    `The Resource '${type}/${name}' under resource group '${param(call, 'group')}' was not found.`,
  )
}

/** What differs between kinds of managed endpoints that lie right below their requester. */
export interface ArmRequesterKind extends Pick<EndpointApi, 'request' | 'render' | 'page'> {
  /** The requester's type, and the type of its managed endpoints below it. */
  readonly type: string
  readonly child: string
  readonly created: 201 | 202
  readonly deleted: 200 | 202
  /** What an error calls a missing managed endpoint. */
  readonly what: string
}

/** The routes of managed endpoints that lie right below a requester of Azure Resource Manager without networks. */
export function armRequesterRoutes(world: World, kind: ArmRequesterKind): Route[] {
  const { type, child, created, deleted, what, request, render, page } = kind
  return managedEndpointRoutes(world, {
    list: `${requesterTemplate(type)}/${child}`,
    creation: 'PUT',
    statuses: { created, deleted, missing: 204 },
    requester: (call) => requireRequester(world, call, type, child),
    network: () => '',
    request,
    render,
    page,
    notFound: notFound(what),
    announced: ({ name }) => `${child}/${name}`,
  })
}

/** 404 as worded by Azure Resource Manager. */
export function notFound(what: string): (name: string) => AzureError {
  return (name) => new AzureError(404, 'NotFound', `The ${what} '${name}' was not found.`)
}

/** The body of a PUT of a managed private endpoint at Data Factory, Synapse, Purview, Kusto and AI Search. */
export const managedEndpointBody = z.looseObject({
  properties: z.looseObject({
    privateLinkResourceId: z.string().min(1),
    groupId: z.string().default(''),
    fqdns: z.array(z.string()).default([]),
    requestMessage: z.string().default(''),
  }),
})

/** The groups of a request that may have one. */
export function groupsOf(groupId: string): string[] {
  return groupId === '' ? [] : [groupId]
}
