import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { apiVersion, AzureError, jsonBody } from '../http/exchange.ts'
import type { Answer, Call } from '../http/exchange.ts'
import { idKey, parseResourceId, sameId } from '../ids.ts'
import type { Connection, ConnectionStatus, Operation } from '../state.ts'
import { connectionKey } from '../store.ts'
import type { World } from '../world.ts'
import { announce } from './notify.ts'
import { renderConnection } from './render.ts'
import { settle } from './settle.ts'
import type { TargetType } from './target-types.ts'

const connectionBody = z.looseObject({
  properties: z.looseObject({
    privateEndpoint: z.looseObject({ id: z.string().nullish() }).nullish(),
    privateLinkServiceConnectionState: z.looseObject({
      status: z.string(),
      description: z.string().nullish(),
    }),
  }),
})

/**
 * A PUT of a connection: merged into what is held, with the oddities of the target's type. One write at a time per
 * target; a second one is refused with the type's own code while the first runs.
 */
export async function writeConnection(
  world: World,
  call: Call,
  type: TargetType,
  connection: Connection,
  targetId: string,
): Promise<Answer> {
  const { properties } = jsonBody(call, connectionBody)
  const wanted = properties.privateLinkServiceConnectionState
  const target = idKey(connection.targetId)
  if (world.busyTargets.has(target)) throw busyError(type, targetId)
  checkEtag(call, type, connection)
  checkEndpoint(connection, properties.privateEndpoint?.id)
  const status = checkStatus(type, connection, wanted.status)
  const description = checkDescription(type, wanted.description)
  world.busyTargets.add(target)
  const finish = (): void => {
    world.busyTargets.delete(target)
    if (!world.store.connections.has(connectionKey(connection))) return
    connection.provisioningState = type.doneState
    if (connection.status !== status || connection.description !== description) {
      settle(world, connection, status, description)
    }
    announceWrite(world, call, connection)
    world.store.changed()
  }
  const show = (): Answer['body'] => renderConnection(type, targetId, connection, apiVersion(call))
  if (type.write.style === 'sync') {
    await world.timers.sleep(world.timing.writeMs)
    finish()
    return { status: type.write.status, body: show() }
  }
  connection.provisioningState = status === 'Approved' ? type.write.busyApproving : type.write.busyRejecting
  if (type.write.style === 'shown') settle(world, connection, status, description)
  const operation = startOperation(world, `${targetId}/privateEndpointConnections/${connection.name}`)
  world.timers.after(world.timing.operationMs, () => {
    operation.status = 'Succeeded'
    finish()
  })
  world.store.changed()
  return {
    status: type.write.status,
    body: show(),
    headers: operationLinks(call, type.write.links, operation),
  }
}

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

/** The headers by which a client follows an operation, on the caller's own origin. */
export function operationLinks(
  call: Call,
  links: readonly ('Azure-AsyncOperation' | 'Location')[],
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

/** The refusal of a second write while one runs on the same target. */
export function busyError(type: TargetType, targetId: string): AzureError {
  return new AzureError(
    type.busy.status,
    type.busy.code,
    `An operation is currently performing on ${targetId} that requires exclusive access. Please retry later.`,
    type.busy.status === 429 ? { 'Retry-After': '1' } : {},
  )
}

function checkEtag(call: Call, type: TargetType, connection: Connection): void {
  const wanted = call.headers['if-match']
  if (type.type !== 'Microsoft.DataFactory/factories' || wanted === undefined || wanted === '*') return
  if (wanted === connection.etag) return
  throw new AzureError(412, 'PreconditionFailed', `The etag ${wanted} is not the current one.`)
}

/** The platform alone writes the endpoint id; a body that names another one is answered 404, as users reported. */
function checkEndpoint(connection: Connection, given: string | null | undefined): void {
  if (given === undefined || given === null || sameId(given, connection.endpointId)) return
  throw new AzureError(404, 'NotFound', `There is no connection ${connection.name} of ${given}.`)
}

function checkStatus(type: TargetType, connection: Connection, wanted: string): ConnectionStatus {
  const status = (['Approved', 'Rejected'] as const).find((word) => word === wanted)
  if (status === undefined) throw stateError(`status "${wanted}" cannot be set; Approved and Rejected can`)
  if (connection.status === 'Disconnected') throw stateError('the connection is Disconnected')
  if (type.sameStateRefused && connection.status === status) {
    throw new AzureError(
      400,
      'InvalidValuesForRequestParameters',
      `Values for request parameters are invalid: privateLinkServiceConnectionState.status (already ${status}).`,
    )
  }
  if (type.rejectedIsFinal && connection.status === 'Rejected' && status === 'Approved') {
    throw new AzureError(
      400,
      'BadRequest',
      'Approving a rejected private endpoint connection is not supported; create the endpoint again.',
    )
  }
  return status
}

function checkDescription(type: TargetType, given: string | null | undefined): string {
  const description = given ?? ''
  if (type.emptyDescription === 'accepted' || description.trim() !== '') return description
  throw new AzureError(
    400,
    type.emptyDescription.code,
    'parameters.properties.privateLinkServiceConnectionState: description is missing or empty.',
  )
}

function stateError(message: string): AzureError {
  return new AzureError(400, 'BadRequest', `privateLinkServiceConnectionState: ${message}.`)
}

function announceWrite(world: World, call: Call, connection: Connection): void {
  announce(world, {
    target: connection.targetId,
    child: `privateEndpointConnections/${connection.name}`,
    verb: 'write',
    caller: call.caller,
    existing: true,
  })
}
