import { isRestError, type PipelineResponse } from '@azure/core-rest-pipeline'
import { retryAfterSeconds } from '../../domain/retry-after.ts'
import { readErrorBody, wordsOfText } from './error-body.ts'

const maxMessageLength = 500
const maxRetryAfterSeconds = 300

/** An error response of Azure. `status` is 0 when there was no response. */
export class ArmError extends Error {
  override name = 'ArmError'
  readonly status: number
  readonly code: string
  readonly retryAfterSeconds: number | undefined
  /** The `WWW-Authenticate` header of a 401. */
  readonly challenge: string | undefined
  /** What Azure said; undefined where it said nothing, and the message is this app's own. */
  readonly words: string | undefined

  constructor(
    status: number,
    code: string,
    message: string,
    response: {
      readonly retryAfterSeconds?: number | undefined
      readonly challenge?: string | undefined
      readonly words?: string | undefined
    } = {},
  ) {
    super(message.slice(0, maxMessageLength))
    this.status = status
    this.code = code
    this.retryAfterSeconds = response.retryAfterSeconds
    this.challenge = response.challenge
    this.words = response.words?.slice(0, maxMessageLength)
  }
}

/** Seconds of a `Retry-After` header: five minutes at most. Undefined when it is not readable. */
export function retryAfterOf(header: string | undefined, now: Date): number | undefined {
  return retryAfterSeconds(header, now, maxRetryAfterSeconds)
}

/** The error for a response. `body`: its parsed JSON; undefined when it is none. */
export function errorOfResponse(response: PipelineResponse, body: unknown, now: Date): ArmError {
  const { status, headers, request } = response
  const { code, message } = readErrorBody(body)
  const words = message ?? (body === undefined ? wordsOfText(response.bodyAsText ?? '') : undefined)
  return new ArmError(status, code ?? `Http${status}`, words ?? `${request.method} returned ${status}`, {
    retryAfterSeconds: retryAfterOf(headers.get('retry-after'), now),
    challenge: headers.get('www-authenticate'),
    words,
  })
}

/** Any failure of a call as an ArmError; what never reached Azure has status 0. */
export function toArmError(error: unknown, now: Date): ArmError {
  if (error instanceof ArmError) return error
  if (!(error instanceof Error)) return new ArmError(0, 'NoResponse', String(error))
  if (error.name === 'AbortError') return new ArmError(0, 'Timeout', 'There was no response in time.')
  if (!isRestError(error)) return new ArmError(0, error.name, error.message)
  const { code, message, response } = error
  return response
    ? errorOfResponse(response, { code, message }, now)
    : new ArmError(0, code ?? 'NoResponse', message)
}

/** Undefined for what is not JSON. Some services begin with a byte order mark. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown
  } catch {
    return undefined
  }
}
