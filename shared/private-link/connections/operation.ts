import { z } from 'zod'
import type { WriteOutcome } from '../../domain/connection-write.ts'
import { asciiLowerCase } from '../../domain/resource-id.ts'
import type { Log } from '../../ports/log.ts'
import type { ArmResponse, ArmClient } from '../arm/client.ts'
import { readErrorBody } from '../arm/error-body.ts'
import { ArmError } from '../arm/error.ts'
import type { Deadline } from '../arm/waiting.ts'
import { outcomeOfFailure } from './write-outcome.ts'

const operationBody = z.object({ status: z.string().transform(asciiLowerCase) })
const failedStatuses = ['failed', 'canceled', 'cancelled']
const unreadable = [401, 403, 404]
const serverFailures = new Set([
  'InternalError',
  'InternalServerError',
  'OperationTimedOut',
  'ServerTimeout',
  'ServiceUnavailable',
])

/**
 * How an operation ended.
 * - an outcome: the operation decided it.
 * - `read-connection`: it succeeded, there is none, or it cannot be read: some types need a further permission for that,
 *   and links to another origin are never followed.
 * - `unended`: it did not end in time. The connection may be done nevertheless.
 */
export type OperationEnd = WriteOutcome | { readonly kind: 'read-connection' } | { readonly kind: 'unended' }

const readTheConnection: OperationEnd = { kind: 'read-connection' }

/** Follows the operation that a write returned (Azure-AsyncOperation, or Location of a 202) to its end. */
export async function followOperation(
  written: ArmResponse,
  arm: ArmClient,
  deadline: Deadline,
  log: Log,
): Promise<OperationEnd> {
  const statusLink = written.header('azure-asyncoperation')
  const link = statusLink ?? (written.status === 202 ? written.header('location') : undefined)
  if (link === undefined) return readTheConnection
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
      return readTheConnection
    }
  }
  return { kind: 'unended' }
}

async function followOrError(arm: ArmClient, link: string): Promise<ArmResponse | ArmError> {
  try {
    return await arm.follow(link)
  } catch (error) {
    if (error instanceof ArmError) return error
    throw error
  }
}

/** The result is the connection, which has no status of its own, or nothing; some services put the operation there. */
function endOfLocation(response: ArmResponse): OperationEnd | 'running' {
  if (response.status === 202) return 'running'
  return failureOf(response) ?? readTheConnection
}

function endOfStatus(response: ArmResponse): OperationEnd | 'running' {
  const status = statusOf(response)
  if (status === undefined || status === 'succeeded') return readTheConnection
  return failureOf(response) ?? 'running'
}

function statusOf({ body }: ArmResponse): string | undefined {
  const read = operationBody.safeParse(body)
  return read.success ? read.data.status : undefined
}

function failureOf(response: ArmResponse): WriteOutcome | undefined {
  const status = statusOf(response)
  if (status === undefined || !failedStatuses.includes(status)) return undefined
  const { code = 'OperationFailed', message: words } = readErrorBody(response.body)
  const own = `the operation ended as ${status}`
  const error = new ArmError(serverFailures.has(code) ? 500 : 400, code, words ?? own, { words })
  const outcome = outcomeOfFailure(error)
  return words === undefined && 'message' in outcome ? { ...outcome, message: own } : outcome
}

function isPassing(error: ArmError): boolean {
  return (error.status === 0 && error.code !== 'ForeignLink') || error.status === 429 || error.status >= 500
}
