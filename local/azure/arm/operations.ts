import { apiVersion, AzureError, param } from '../http/exchange.ts'
import type { JsonObject, Reply, Call } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { idKey, parseResourceId } from '../ids.ts'
import { renderWhole } from '../private-link/notify.ts'
import { renderConnection } from '../private-link/render.ts'
import { targetType } from '../private-link/target-types/index.ts'
import type { Operation } from '../state.ts'
import { connectionKey } from '../store.ts'
import type { World } from '../world.ts'

const base = '/subscriptions/{subscription}/providers/{namespace}/locations/{location}'

/** The two ways to follow a long-running operation: its status, and its result. */
export function operationRoutes(world: World): Route[] {
  return [
    {
      method: 'GET',
      template: `${base}/operationStatuses/{operation}`,
      handle: (call) => operationStatus(world, call),
    },
    {
      method: 'GET',
      template: `${base}/operationResults/{operation}`,
      handle: (call) => operationResult(world, call),
    },
  ]
}

function operationStatus(world: World, call: Call): Reply {
  const operation = requireOperation(world, call)
  return {
    status: 200,
    body: statusOf(operation, call),
    ...(operation.status === 'InProgress' ? { headers: { 'Retry-After': '1' } } : {}),
  }
}

function statusOf({ id, status, startTime, error }: Operation, { path }: Call): JsonObject {
  return { id: path, name: id, status, startTime, ...(error === null ? {} : { error }) }
}

function operationResult(world: World, call: Call): Reply {
  const operation = requireOperation(world, call)
  if (operation.status === 'InProgress') {
    const again = `${call.origin}${encodeURI(call.path)}?api-version=${apiVersion(call)}`
    return { status: 202, headers: { Location: again, 'Retry-After': '1' } }
  }
  if (operation.failsWith200) return { status: 200, body: statusOf(operation, call) }
  if (operation.error !== null) throw new AzureError(409, operation.error.code, operation.error.message)
  const body = resultOf(world, operation.resourceId, apiVersion(call))
  return body === undefined ? { status: 204 } : { status: 200, body }
}

function resultOf(world: World, id: string, version: string): unknown {
  const resource = world.store.resources.get(idKey(id))
  if (resource !== undefined) return renderWhole(world, resource, id, version)
  const targetId = id.split('/').slice(0, -2).join('/')
  const type = targetType(parseResourceId(targetId)?.type ?? '')
  const connection = world.store.connections.get(
    connectionKey({ targetId, ingestion: false, name: id.split('/').at(-1) ?? '' }),
  )
  if (type === undefined || connection === undefined) return undefined
  return renderConnection(type, targetId, connection, version)
}

function requireOperation(world: World, call: Call): Operation {
  const operation = world.store.operations.get(param(call, 'operation'))
  if (operation !== undefined) return operation
  throw new AzureError(404, 'OperationNotFound', `There is no operation ${param(call, 'operation')}.`)
}
