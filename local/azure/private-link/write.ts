import { apiVersion, AzureError } from '../http/exchange.ts'
import type { Reply, Call } from '../http/exchange.ts'
import { idKey } from '../ids.ts'
import type { Connection } from '../state.ts'
import { connectionKey } from '../store.ts'
import type { World } from '../world.ts'
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
  readonly fails: boolean
}

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
  const write = { ...written, type, connection, fails: isToFail(world, connection) }
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
    operation.status = write.fails ? 'Failed' : 'Succeeded'
    if (write.fails) operation.error = { code: 'OperationFailed', message: 'The target is set to fail.' }
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

/**
 * Writes on a target with the tag `simulated-azure: writes-fail` end in the state by which its type shows a failure.
 */
function isToFail(world: World, connection: Connection): boolean {
  const target = world.store.resources.get(idKey(connection.targetId))
  return target?.tags['simulated-azure'] === 'writes-fail'
}

function begin(world: World, { type, connection, status, description, fails }: Write): void {
  const { style, busyApproving, busyRejecting } = type.write
  connection.provisioningState = status === 'Approved' ? busyApproving : busyRejecting
  if (style === 'shown' && !fails) settle(world, connection, status, description)
  world.store.changed()
}

function finish(world: World, call: Call, write: Write): void {
  const { type, connection, status, description, fails } = write
  world.busyTargets.delete(idKey(connection.targetId))
  if (!world.store.connections.has(connectionKey(connection))) return
  connection.provisioningState = fails ? type.failedState : type.doneState
  world.store.changed()
  if (fails) return
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
