import { z } from 'zod'
import { apiVersion, AzureError, jsonBody, param } from '../http/exchange.ts'
import type { Reply, Call } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { idKey, resourceId, sameId, subscriptionOf } from '../ids.ts'
import { approvesBySelf, findDestination, requestConnection } from '../private-link/arrival.ts'
import type { Destination } from '../private-link/arrival.ts'
import { endpointLink } from '../private-link/endpoint-link.ts'
import type { EndpointLink } from '../private-link/endpoint-link.ts'
import { createEndpoint, endpointType, resubmit } from '../private-link/endpoints.ts'
import { announce } from '../private-link/notify.ts'
import { renderResource } from '../private-link/render.ts'
import { operationLinks, startOperation } from '../private-link/operation.ts'
import type { Resource } from '../state.ts'
import { subscriptions } from '../well-known.ts'
import { addResource } from './resources.ts'
import type { World } from '../world.ts'

const linkItem = z.looseObject({
  name: z.string().optional(),
  properties: z.looseObject({
    privateLinkServiceId: z.string().min(1),
    groupIds: z.array(z.string()).nullish(),
    requestMessage: z.string().nullish(),
  }),
})
const links = z.array(linkItem).max(1).nullish()
const endpointBody = z.looseObject({
  location: z.string().min(1),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.looseObject({
    subnet: z.looseObject({ id: z.string() }).nullish(),
    privateLinkServiceConnections: links,
    manualPrivateLinkServiceConnections: links,
  }),
})

const template = `/subscriptions/{subscription}/resourceGroups/{group}/providers/${endpointType}/{name}`

/** PUT of a private endpoint in any tenant's subscription. Reading and deleting are the same as for other resources. */
export function privateEndpointRoutes(world: World): Route[] {
  return [{ method: 'PUT', template, handle: (call) => putEndpoint(world, call) }]
}

function putEndpoint(world: World, call: Call): Reply {
  const body = jsonBody(call, endpointBody)
  const automatic = body.properties.privateLinkServiceConnections?.[0]
  const manual = body.properties.manualPrivateLinkServiceConnections?.[0]
  const item = automatic ?? manual
  if (item === undefined || (automatic !== undefined && manual !== undefined)) {
    throw new AzureError(
      400,
      'InvalidRequestFormat',
      'A private endpoint needs one item in privateLinkServiceConnections or in manualPrivateLinkServiceConnections.',
    )
  }
  const id = resourceId(param(call, 'subscription'), param(call, 'group'), endpointType, param(call, 'name'))
  const held = world.store.resources.get(idKey(id))
  const list: EndpointLink['list'] =
    automatic === undefined ? 'manualPrivateLinkServiceConnections' : 'privateLinkServiceConnections'
  const destination = requireDestination(world, id, item.properties.privateLinkServiceId)
  const approved = list === 'privateLinkServiceConnections' || approvesBySelf(destination.resource, id)
  if (list === 'privateLinkServiceConnections') checkOwner(call, destination)
  const endpoint =
    held ??
    createEndpoint(world, {
      subscriptionId: param(call, 'subscription'),
      resourceGroup: param(call, 'group'),
      name: param(call, 'name'),
      location: body.location,
      tags: body.tags ?? {},
      subnetId: body.properties.subnet?.id ?? '',
      list,
      linkName: item.name ?? param(call, 'name'),
      serviceId: item.properties.privateLinkServiceId,
      groupIds: item.properties.groupIds ?? [],
      requestMessage: item.properties.requestMessage ?? '',
    })
  addResource(world, endpoint)
  if (held === undefined) requestConnection(world, endpoint, approved ? 'Approved' : 'Pending')
  else submitAgain(world, held, item.properties.privateLinkServiceId)
  announce(world, { target: id, child: '', verb: 'write', caller: call.caller, existing: held !== undefined })
  return replyToPut(world, call, endpoint, held !== undefined)
}

function replyToPut(world: World, call: Call, endpoint: Resource, held: boolean): Reply {
  const body = renderResource(endpoint, endpoint.id)
  if (endpoint.properties['provisioningState'] !== 'Updating') return { status: 200, body }
  const operation = startOperation(world, endpoint.id)
  const follow = (): void => {
    if (endpoint.properties['provisioningState'] === 'Updating') world.timers.after(20, follow)
    else operation.status = endpoint.properties['provisioningState'] === 'Failed' ? 'Failed' : 'Succeeded'
  }
  world.timers.after(20, follow)
  const headers = operationLinks(call, ['Azure-AsyncOperation'], operation)
  return { status: held ? 200 : 201, body, headers }
}

function submitAgain(world: World, held: Resource, serviceId: string): void {
  if (sameId(endpointLink(held).serviceId, serviceId)) {
    resubmit(world, held)
    return
  }
  throw new AzureError(
    400,
    'CannotChangePrivateLinkConnectionOnPrivateEndpoint',
    `${held.name} points at ${endpointLink(held).serviceId}; that cannot be changed.`,
  )
}

function requireDestination(world: World, id: string, serviceId: string): Destination {
  const destination = findDestination(world, serviceId)
  if (destination !== undefined) return destination
  throw new AzureError(
    400,
    'InvalidResourceReference',
    `Resource ${serviceId} referenced by resource ${id} was not found.`,
  )
}

/** Approval at creation needs a permission on the target, which only callers of its own tenant have here. */
function checkOwner(call: Call, destination: Destination): void {
  const subscription = subscriptionOf(destination.resource.id)?.toLowerCase()
  const owner = subscriptions.find((held) => held.subscriptionId === subscription)
  if (owner?.tenantId === call.caller?.tenantId) return
  throw new AzureError(
    403,
    'LinkedAuthorizationFailed',
    `The client '${call.caller?.objectId ?? ''}' has no permission to perform action 'privateEndpointConnectionsApproval/action' on ${destination.resource.id} (api-version ${apiVersion(call)}).`,
  )
}
