import { z } from 'zod'
import { checkVersion } from '../arm/versions.ts'
import { AzureError, param } from '../http/exchange.ts'
import type { Call } from '../http/exchange.ts'
import { idKey, resourceId } from '../ids.ts'
import type { Resource } from '../state.ts'
import type { World } from '../world.ts'

/** The path of a requester that is a resource of Azure Resource Manager. */
export function requesterTemplate(type: string): string {
  return `/subscriptions/{subscription}/resourceGroups/{group}/providers/${type}/{requester}`
}

/**
 * The requester of a path that begins with `requesterTemplate(type)`. Throws 400 for an api-version that the child
 * type does not have, 404 when the requester is not there.
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

/** 404 in the words of Azure Resource Manager. */
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
