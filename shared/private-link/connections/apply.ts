import { type Connection, isUnderWay } from '../../domain/connection.ts'
import type { ConnectionWrite, Progress, WriteOutcome } from '../../domain/connection-write.ts'
import { quoted } from '../../domain/printable.ts'
import { TargetUnreadable } from '../../ports/azure.ts'
import type { Log } from '../../ports/log.ts'
import type { ArmClient } from '../arm/client.ts'
import { ArmError } from '../arm/error.ts'
import { type Clock, Deadline } from '../arm/waiting.ts'
import type { ResourceType, States } from '../resource-types/resource-type.ts'
import { isOneOf } from '../resource-types/table.ts'
import { bodyOf } from '../resource-types/write-body.ts'
import { followOperation } from './operation.ts'
import { outcomeOfFailure } from './write-outcome.ts'

const followMilliseconds = 15_000
const accepted: WriteOutcome = { kind: 'accepted' }

export interface WriteOptions {
  readonly arm: ArmClient
  readonly log: Log
  readonly clock: Clock
  /** The connection as it is now; undefined when it is gone. */
  readonly read: (connection: Connection) => Promise<Connection | undefined>
}

/** How far Azure is with the connection. A type that shows no provisioning state never seems busy. */
export function progressOf(
  { provisioningState: state }: Connection,
  { doneStates, busyStates, failureStates }: States,
): Progress {
  if (state === undefined || doneStates.length === 0) return 'finished'
  if (isOneOf(failureStates, state)) return 'failed'
  if (isOneOf(doneStates, state)) return 'finished'
  return isOneOf(busyStates, state) ? 'under-way' : 'unknown'
}

const verbs = { 'put-connection': 'PUT', 'patch-connection': 'PATCH' } as const

/**
 * Applies one decision in the form of its type and follows it until Azure is done, a quarter of a minute at most.
 * @throws Error, before anything is sent, for a type without an operation for it.
 */
export async function applyWrite(
  connection: Connection,
  write: ConnectionWrite,
  resourceType: ResourceType,
  options: WriteOptions,
): Promise<WriteOutcome> {
  if (write.description.trim() === '')
    throw new Error('The description of a decision is empty; it must say why.')
  if (resourceType.rejectIsFinal && connection.status === 'Rejected' && write.status === 'Approved') {
    const message =
      'this type of resource cannot approve a rejected connection; the endpoint has to be made again'
    return { kind: 'refused', code: 'RejectionIsFinal', message, isOwn: true, passes: false }
  }
  const form = resourceType.writeForm
  if (form === 'none')
    throw new Error(`No operation applies a decision to connections of ${resourceType.type}.`)
  if (form === 'post-ingestion-status') {
    return await postIngestionStatus(connection, write, resourceType, options)
  }
  return await writeConnection(verbs[form], connection, write, resourceType, options)
}

/**
 * The etag, where a type takes one, is that of the read before, so that a connection that has changed since gives a 412.
 */
async function writeConnection(
  verb: 'PUT' | 'PATCH',
  connection: Connection,
  write: ConnectionWrite,
  resourceType: ResourceType,
  options: WriteOptions,
): Promise<WriteOutcome> {
  const { id, etag } = connection
  const body = bodyOf(connection, write, resourceType)
  const headers = resourceType.ifMatch && etag !== undefined ? { 'if-match': etag } : {}
  const deadline = new Deadline(options.clock, followMilliseconds)
  try {
    const written = await options.arm.request(verb, id.id, resourceType.apiVersion, body, headers)
    const end = await followOperation(written, options.arm, deadline, options.log)
    if (end.kind === 'unended') {
      return (await outcomeByNow(connection, write, resourceType, options)) ?? accepted
    }
    if (end.kind !== 'read-connection') return end
  } catch (error) {
    return await outcomeOfRefusal(error, connection, write, resourceType, options)
  }
  return await waitForConnection(connection, write, resourceType, deadline, options)
}

async function outcomeOfRefusal(
  error: unknown,
  connection: Connection,
  write: ConnectionWrite,
  resourceType: ResourceType,
  options: WriteOptions,
): Promise<WriteOutcome> {
  if (!(error instanceof ArmError)) throw error
  if (error.code === resourceType.unknownConnectionCode) return { kind: 'gone' }
  if (error.code === resourceType.alreadyDecidedCode) {
    const now = await readOr(() => outcomeOfFailure(error), connection, options.read)
    if (!now) return { kind: 'gone' }
    if ('kind' in now) return now
    if (now.status === write.status) return { kind: 'written' }
  }
  return outcomeOfFailure(error)
}

/**
 * Microsoft's model calls `privateEndpointId` the id of the endpoint, its example passes a connection id: the
 * endpoint's is tried first, the listed item's after it. Takes no description.
 */
async function postIngestionStatus(
  connection: Connection,
  write: ConnectionWrite,
  resourceType: ResourceType,
  options: WriteOptions,
): Promise<WriteOutcome> {
  const deadline = new Deadline(options.clock, followMilliseconds)
  const path = `${connection.target.id}/ingestionPrivateEndpointConnectionStatus`
  const ids = connection.endpoint ? [connection.endpoint.id, connection.id.id] : [connection.id.id]
  let failure: ArmError | undefined
  for (const privateEndpointId of ids) {
    failure = undefined
    try {
      const body = { privateEndpointId, status: write.status }
      await options.arm.request('POST', path, resourceType.apiVersion, body)
      break
    } catch (error) {
      if (!(error instanceof ArmError)) throw error
      failure = error
      if (error.status !== 400 && error.status !== 404) return outcomeOfFailure(error)
    }
  }
  if (!failure) return await waitForConnection(connection, write, resourceType, deadline, options)
  const refused = failure
  const now = await readOr(() => outcomeOfFailure(refused), connection, options.read)
  if (!now) return { kind: 'gone' }
  return 'kind' in now ? now : outcomeOfFailure(refused)
}

async function waitForConnection(
  before: Connection,
  write: ConnectionWrite,
  resourceType: ResourceType,
  deadline: Deadline,
  options: WriteOptions,
): Promise<WriteOutcome> {
  for (;;) {
    const outcome = await outcomeByNow(before, write, resourceType, options)
    if (outcome) return outcome
    if (!(await deadline.pause(undefined))) return accepted
  }
}

/**
 * What the connection itself shows of the write; undefined while it is neither done nor failed. Azure has just accepted
 * the write: a connection that is not found is one that this read does not know yet.
 */
async function outcomeByNow(
  before: Connection,
  write: ConnectionWrite,
  resourceType: ResourceType,
  { read }: WriteOptions,
): Promise<WriteOutcome | undefined> {
  const now = await readOr(() => accepted, before, read)
  if (now === undefined) return undefined
  if ('kind' in now) return now
  const progress = progressOf(now, resourceType)
  if (progress === 'failed') {
    const message = `the provisioning state of the connection became ${quoted(now.provisioningState ?? '')}`
    return { kind: 'refused', code: 'ProvisioningFailed', message, isOwn: true, passes: false }
  }
  const isChanged = now.status !== before.status && now.status !== '' && !isUnderWay(now)
  const isWritten = now.status === write.status || isChanged
  return isWritten && progress === 'finished' ? { kind: 'written' } : undefined
}

/** The connection; where the read fails, what is known of the write without it. */
async function readOr(
  known: () => WriteOutcome,
  connection: Connection,
  read: WriteOptions['read'],
): Promise<Connection | WriteOutcome | undefined> {
  try {
    return await read(connection)
  } catch (error) {
    if (!(error instanceof ArmError) && !(error instanceof TargetUnreadable)) throw error
    return known()
  }
}
