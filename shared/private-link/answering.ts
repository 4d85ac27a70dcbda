import type { Connection } from '../domain/connection.ts'
import type { Answer, Log, Progress, WriteOutcome } from '../review/ports.ts'
import { ArmError } from './arm-error.ts'
import type { ArmClient } from './arm-client.ts'
import { followOperation, stillWorking } from './operation.ts'
import type { ResourceType } from './resource-types/resource-type.ts'
import { isOneOf } from './resource-types/table.ts'
import { Patience } from './waiting.ts'
import type { Clock } from './waiting.ts'
import { outcomeOfFailure } from './write-outcome.ts'

const followMilliseconds = 60_000

export interface AnsweringOptions {
  readonly arm: ArmClient
  readonly log: Log
  readonly clock: Clock
  /** The connection as it is now; undefined when it is gone. */
  readonly read: (connection: Connection) => Promise<Connection | undefined>
}

/** How far Azure is with the connection. A type that shows no provisioning state never seems busy. */
export function progressOf(
  { provisioningState: state }: Connection,
  { doneStates, failureStates }: ResourceType,
): Progress {
  if (state !== undefined && isOneOf(failureStates, state)) return 'failed'
  return state === undefined || isOneOf(doneStates, state) ? 'finished' : 'under-way'
}

/** Writes one answer in the way of its type and stays with it until Azure is done, a minute at most. */
export async function writeAnswer(
  connection: Connection,
  answer: Answer,
  resourceType: ResourceType,
  options: AnsweringOptions,
): Promise<WriteOutcome> {
  if (answer.description.trim() === '')
    throw new Error('The description of an answer is empty; it must say why.')
  if (resourceType.rejectIsFinal && connection.status === 'Rejected' && answer.status === 'Approved') {
    const message =
      'This type of resource cannot approve a rejected connection; the endpoint has to be made again.'
    return { kind: 'refused', code: 'RejectionIsFinal', message }
  }
  return resourceType.answer === 'put-connection'
    ? await putConnection(connection, answer, resourceType, options)
    : await postIngestionStatus(connection, answer, resourceType, options)
}

/**
 * A minimal body: some types refuse their own read-only members sent back (Azure/azure-cli#20424). The endpoint's
 * id goes along although Azure knows it, because published deny policies refuse an approval without it.
 */
async function putConnection(
  connection: Connection,
  answer: Answer,
  resourceType: ResourceType,
  options: AnsweringOptions,
): Promise<WriteOutcome> {
  const { status, description } = answer
  const properties = {
    ...(connection.endpoint && { privateEndpoint: { id: connection.endpoint.id } }),
    privateLinkServiceConnectionState: { status, description },
  }
  const patience = new Patience(options.clock, followMilliseconds)
  try {
    const answered = await options.arm.request('PUT', connection.id.id, resourceType.apiVersion, {
      properties,
    })
    const end = await followOperation(answered, options.arm, patience, options.log)
    if (end !== 'ask-the-connection') return end
  } catch (error) {
    return await outcomeOfRefusal(error, connection, answer, resourceType, options)
  }
  return await waitForConnection(connection, answer, resourceType, patience, options)
}

async function outcomeOfRefusal(
  error: unknown,
  connection: Connection,
  answer: Answer,
  resourceType: ResourceType,
  options: AnsweringOptions,
): Promise<WriteOutcome> {
  if (!(error instanceof ArmError)) throw error
  if (error.code === resourceType.unknownConnectionCode) return { kind: 'gone' }
  if (error.code === resourceType.alreadyAnsweredCode) {
    const now = await options.read(connection)
    if (!now) return { kind: 'gone' }
    if (now.status === answer.status) return { kind: 'written' }
  }
  return outcomeOfFailure(error)
}

/**
 * Microsoft's model calls `privateEndpointId` the id of the endpoint, its example passes a connection id: the
 * endpoint's is tried first, the listed item's after it. Takes no description.
 */
async function postIngestionStatus(
  connection: Connection,
  answer: Answer,
  resourceType: ResourceType,
  options: AnsweringOptions,
): Promise<WriteOutcome> {
  const patience = new Patience(options.clock, followMilliseconds)
  const path = `${connection.target.id}/ingestionPrivateEndpointConnectionStatus`
  const ids = connection.endpoint ? [connection.endpoint.id, connection.id.id] : [connection.id.id]
  let failure: ArmError | undefined
  for (const privateEndpointId of ids) {
    failure = undefined
    try {
      const body = { privateEndpointId, status: answer.status }
      await options.arm.request('POST', path, resourceType.apiVersion, body)
      break
    } catch (error) {
      if (!(error instanceof ArmError)) throw error
      failure = error
      if (error.status !== 400 && error.status !== 404) return outcomeOfFailure(error)
    }
  }
  if (!failure) return await waitForConnection(connection, answer, resourceType, patience, options)
  const now = await options.read(connection)
  if (!now) return { kind: 'gone' }
  return { kind: 'refused', code: failure.code, message: failure.message }
}

async function waitForConnection(
  before: Connection,
  answer: Answer,
  resourceType: ResourceType,
  patience: Patience,
  { read }: AnsweringOptions,
): Promise<WriteOutcome> {
  for (;;) {
    const now = await readOrWait(before, read)
    if (now === undefined) return { kind: 'gone' }
    if ('kind' in now) return now
    const progress = progressOf(now, resourceType)
    if (progress === 'failed') {
      const message = `The provisioning state of the connection became ${now.provisioningState ?? ''}.`
      return { kind: 'refused', code: 'ProvisioningFailed', message }
    }
    const isAnswered = now.status === answer.status || (now.status !== before.status && now.status !== '')
    if (isAnswered && progress === 'finished') return { kind: 'written' }
    if (!(await patience.pause(undefined))) return stillWorking(undefined)
  }
}

/** A read that Azure has no time for is a reason to come back; the write before it was accepted. */
async function readOrWait(
  connection: Connection,
  read: AnsweringOptions['read'],
): Promise<Connection | WriteOutcome | undefined> {
  try {
    return await read(connection)
  } catch (error) {
    if (!(error instanceof ArmError)) throw error
    const outcome = outcomeOfFailure(error)
    if (outcome.kind === 'come-back') return outcome
    throw error
  }
}
