import { apiVersion, AzureError } from '../http/exchange.ts'
import type { Reply, Call } from '../http/exchange.ts'
import { idKey } from '../ids.ts'
import type { Connection, Operation } from '../state.ts'
import { connectionKey } from '../store.ts'
import type { World } from '../world.ts'
import { endStateOf } from './arrival.ts'
import { announce } from './notify.ts'
import { operationLinks, startOperation } from './operation.ts'
import { renderConnection } from './render.ts'
import { settle } from './settle.ts'
import type { TargetType } from './target-types/index.ts'
import { readWritten } from './written.ts'
import type { Written } from './written.ts'

/** A write under way. */
interface Write extends Written {
  readonly type: TargetType
  readonly connection: Connection
  /** What the target's tag makes of it. */
  readonly fate: Fate
}

/**
 * What the tag `simulated-azure` of a target makes of writes on it.
 * - `writes-fail`: they end in the state by which the type shows a failure.
 * - `operations-never-end`: the connection is done, the operation stays InProgress.
 * - `operations-fail-with-200`: the connection stays as it was; the `Location` ends with 200 and the status Failed.
 */
const fates = ['writes-fail', 'operations-never-end', 'operations-fail-with-200', 'usual'] as const
type Fate = (typeof fates)[number]

/**
 * A write of a connection: merged into the stored one, with the peculiarities of the target's type. One write at a time
 * per target; a second one is refused with the type's own code while the first runs.
 */
export async function writeConnection(
  world: World,
  call: Call,
  type: TargetType,
  connection: Connection,
  targetId: string,
): Promise<Reply> {
  const target = idKey(connection.targetId)
  if (world.busyTargets.has(target)) throw busyError(type, targetId)
  const written = readWritten(call, type, connection)
  const write = { ...written, type, connection, fate: fateOf(world, connection) }
  world.busyTargets.add(target)
  const show = (): Reply['body'] => renderConnection(type, targetId, connection, apiVersion(call))
  if (type.write.style === 'sync') {
    await world.timers.sleep(world.timing.writeMs)
    finish(world, call, write)
    return {
      status: type.write.status,
      body: show(),
      ...(type.write.retryAfter ? { headers: { 'Retry-After': '1' } } : {}),
    }
  }
  begin(world, write)
  const operation = startOperation(world, `${targetId}/privateEndpointConnections/${connection.name}`)
  world.timers.after(world.timing.operationMs, () => {
    if (write.fate !== 'operations-never-end') end(operation, write)
    finish(world, call, write)
  })
  return {
    status: type.write.status,
    body: show(),
    headers: operationLinks(call, type.write.links, operation),
  }
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

function fateOf(world: World, connection: Connection): Fate {
  const tag = world.store.resources.get(idKey(connection.targetId))?.tags['simulated-azure']
  return fates.find((fate) => fate === tag) ?? 'usual'
}

function fails({ fate }: Write): boolean {
  return fate === 'writes-fail' || fate === 'operations-fail-with-200'
}

function begin(world: World, write: Write): void {
  const { type, connection, status, description } = write
  const { style, busyApproving, busyRejecting, statusMeanwhile } = type.write
  connection.provisioningState = status === 'Approved' ? busyApproving : busyRejecting
  if (statusMeanwhile && (status === 'Approved' || status === 'Rejected')) {
    connection.statusMeanwhile = statusMeanwhile[status]
  }
  if (style === 'shown' && !fails(write)) settle(world, connection, status, description)
  world.store.changed()
}

function end(operation: Operation, write: Write): void {
  operation.status = fails(write) ? 'Failed' : 'Succeeded'
  if (!fails(write)) return
  operation.error = { code: 'OperationFailed', message: 'The target is set to fail.' }
  if (write.fate === 'operations-fail-with-200') operation.failsWith200 = true
}

function finish(world: World, call: Call, write: Write): void {
  const { type, connection, status, description, fate } = write
  world.busyTargets.delete(idKey(connection.targetId))
  if (!world.store.connections.has(connectionKey(connection))) return
  delete connection.statusMeanwhile
  const endState = endStateOf(type, fails(write) ? connection.status : status)
  connection.provisioningState = fate === 'writes-fail' ? type.failedState : endState
  world.store.changed()
  if (fails(write)) return
  if (connection.status !== status || connection.description !== description) {
    settle(world, connection, status, description)
  }
  announce(world, {
    target: connection.targetId,
    child: `privateEndpointConnections/${connection.name}`,
    verb: 'write',
    caller: call.caller,
    existing: true,
  })
}
