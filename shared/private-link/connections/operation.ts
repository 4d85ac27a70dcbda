import { z } from 'zod'
import type { WriteOutcome } from '../../domain/connection-write.ts'
import type { Log } from '../../ports/log.ts'
import type { ArmAnswer, ArmClient } from '../arm/client.ts'
import { ArmError, readErrorBody } from '../arm/error.ts'
import { type Absence, type Patience, secondsToStayAway } from '../arm/waiting.ts'
import { outcomeOfFailure } from './write-outcome.ts'

const operationBody = z.object({ status: z.string() })
const whileWorking: Absence = { usualSeconds: 10, leastSeconds: 2 }
const unreadable = [401, 403, 404]
const serverFailures = new Set([
  'InternalError',
  'InternalServerError',
  'OperationTimedOut',
  'ServerTimeout',
  'ServiceUnavailable',
])

/** What to say when the time to follow an answer has run out. */
export function stillWorking(askedSeconds: number | undefined): WriteOutcome {
  const afterSeconds = secondsToStayAway(askedSeconds, whileWorking)
  return { kind: 'come-back', afterSeconds, code: 'StillWorking' }
}

/**
 * Follows the operation a write was answered with (Azure-AsyncOperation, or Location of a 202) to its end.
 * @returns an outcome when the operation decided it, `ask-the-connection` when it succeeded, when there is none, or
 *   when it cannot be read: some types need a further permission for that, and links to another origin are never
 *   followed.
 * @throws ArmError when the operation failed for a reason that may pass.
 */
export async function followOperation(
  answered: ArmAnswer,
  arm: ArmClient,
  patience: Patience,
  log: Log,
): Promise<WriteOutcome | 'ask-the-connection'> {
  const statusLink = answered.header('azure-asyncoperation')
  const link = statusLink ?? (answered.status === 202 ? answered.header('location') : undefined)
  if (link === undefined) return 'ask-the-connection'
  let askedSeconds = answered.retryAfterSeconds
  while (await patience.pause(askedSeconds)) {
    const look = await followOrError(arm, link)
    askedSeconds = look.retryAfterSeconds
    if (!(look instanceof ArmError)) {
      const end = statusLink === undefined ? endOfLocation(look) : endOfStatus(look)
      if (end !== 'running') return end
    } else if (!isPassing(look)) {
      if (statusLink === undefined && look.status >= 400 && !unreadable.includes(look.status)) {
        return outcomeOfFailure(look)
      }
      log.warn('The operation of a write cannot be followed; the connection is asked instead', {
        code: look.code,
      })
      return 'ask-the-connection'
    }
  }
  return stillWorking(askedSeconds)
}

async function followOrError(arm: ArmClient, link: string): Promise<ArmAnswer | ArmError> {
  try {
    return await arm.follow(link)
  } catch (error) {
    if (error instanceof ArmError) return error
    throw error
  }
}

function endOfLocation(look: ArmAnswer): 'running' | 'ask-the-connection' {
  return look.status === 202 ? 'running' : 'ask-the-connection'
}

function endOfStatus(look: ArmAnswer): WriteOutcome | 'running' | 'ask-the-connection' {
  const read = operationBody.safeParse(look.body)
  if (!read.success) return 'ask-the-connection'
  const { status } = read.data
  if (status === 'Succeeded') return 'ask-the-connection'
  if (!['Failed', 'Canceled', 'Cancelled'].includes(status)) return 'running'
  const { code = `Operation${status}`, message } = readErrorBody(look.body)
  return outcomeOfFailure(
    new ArmError(serverFailures.has(code) ? 500 : 400, code, message ?? `The operation ended as ${status}.`),
  )
}

function isPassing(error: ArmError): boolean {
  return (error.status === 0 && error.code !== 'ForeignLink') || error.status === 429 || error.status >= 500
}
