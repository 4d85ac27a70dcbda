import { z } from 'zod'
import type { WriteOutcome } from '../../domain/connection-write.ts'
import type { Log } from '../../ports/log.ts'
import type { ArmResponse, ArmClient } from '../arm/client.ts'
import { ArmError, readErrorBody } from '../arm/error.ts'
import { type Deadline, secondsToStayAway, whileWorking } from '../arm/waiting.ts'
import { outcomeOfFailure } from './write-outcome.ts'

const operationBody = z.object({ status: z.string() })
const unreadable = [401, 403, 404]
const serverFailures = new Set([
  'InternalError',
  'InternalServerError',
  'OperationTimedOut',
  'ServerTimeout',
  'ServiceUnavailable',
])

/** The outcome when the time to follow an operation has run out. */
export function stillWorking(askedSeconds: number | undefined): WriteOutcome {
  const afterSeconds = secondsToStayAway(askedSeconds, whileWorking)
  const message = 'Azure has accepted the decision and is still working on it.'
  return { kind: 'retry-after', afterSeconds, code: 'StillWorking', message }
}

/**
 * Follows the operation that a write returned (Azure-AsyncOperation, or Location of a 202) to its end.
 * @returns an outcome when the operation decided it, `read-connection` when it succeeded, when there is none, or when
 *   it cannot be read: some types need a further permission for that, and links to another origin are never followed.
 */
export async function followOperation(
  written: ArmResponse,
  arm: ArmClient,
  deadline: Deadline,
  log: Log,
): Promise<WriteOutcome | 'read-connection'> {
  const statusLink = written.header('azure-asyncoperation')
  const link = statusLink ?? (written.status === 202 ? written.header('location') : undefined)
  if (link === undefined) return 'read-connection'
  let askedSeconds = written.retryAfterSeconds
  while (await deadline.pause(askedSeconds)) {
    const response = await followOrError(arm, link)
    askedSeconds = response.retryAfterSeconds
    if (!(response instanceof ArmError)) {
      const end = statusLink === undefined ? endOfLocation(response) : endOfStatus(response)
      if (end !== 'running') return end
    } else if (!isPassing(response)) {
      if (statusLink === undefined && response.status >= 400 && !unreadable.includes(response.status)) {
        return outcomeOfFailure(response)
      }
      log.warn('The operation of a write cannot be followed; the connection is asked instead', {
        code: response.code,
      })
      return 'read-connection'
    }
  }
  return stillWorking(askedSeconds)
}

async function followOrError(arm: ArmClient, link: string): Promise<ArmResponse | ArmError> {
  try {
    return await arm.follow(link)
  } catch (error) {
    if (error instanceof ArmError) return error
    throw error
  }
}

function endOfLocation(response: ArmResponse): 'running' | 'read-connection' {
  return response.status === 202 ? 'running' : 'read-connection'
}

function endOfStatus(response: ArmResponse): WriteOutcome | 'running' | 'read-connection' {
  const read = operationBody.safeParse(response.body)
  if (!read.success) return 'read-connection'
  const { status } = read.data
  if (status === 'Succeeded') return 'read-connection'
  if (!['Failed', 'Canceled', 'Cancelled'].includes(status)) return 'running'
  const { code = `Operation${status}`, message } = readErrorBody(response.body)
  return outcomeOfFailure(
    new ArmError(serverFailures.has(code) ? 500 : 400, code, message ?? `The operation ended as ${status}.`),
  )
}

function isPassing(error: ArmError): boolean {
  return (error.status === 0 && error.code !== 'ForeignLink') || error.status === 429 || error.status >= 500
}
