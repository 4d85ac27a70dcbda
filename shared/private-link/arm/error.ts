import { isRestError, type PipelineResponse } from '@azure/core-rest-pipeline'
import { z } from 'zod'

const maxMessageLength = 500
const maxRetryAfterSeconds = 3600

const errorDetail = z.object({ code: z.string().optional(), message: z.string().optional() })
const errorBody = z.union([
  z.object({ error: errorDetail }).transform((body) => body.error),
  z.object({ error: z.string() }).transform((body) => ({ code: body.error, message: undefined })),
  // Fabric and Databricks.
  z
    .object({ errorCode: z.string(), message: z.string().optional() })
    .transform(({ errorCode, message }) => ({ code: errorCode, message })),
  z
    .object({ error_code: z.string(), message: z.string().optional() })
    .transform(({ error_code, message }) => ({ code: error_code, message })),
  errorDetail,
])

/** An error response of Azure. `status` is 0 when there was no response. */
export class ArmError extends Error {
  override name = 'ArmError'
  readonly status: number
  readonly code: string
  readonly retryAfterSeconds: number | undefined
  /** The `WWW-Authenticate` header of a 401. */
  readonly challenge: string | undefined

  constructor(
    status: number,
    code: string,
    message: string,
    headers: {
      readonly retryAfterSeconds?: number | undefined
      readonly challenge?: string | undefined
    } = {},
  ) {
    super(message.slice(0, maxMessageLength))
    this.status = status
    this.code = code
    this.retryAfterSeconds = headers.retryAfterSeconds
    this.challenge = headers.challenge
  }
}

/** Code and message of an ARM error body, which has several formats. Missing parts are undefined. */
export function readErrorBody(body: unknown): { code: string | undefined; message: string | undefined } {
  const read = errorBody.safeParse(body)
  if (!read.success) return { code: undefined, message: undefined }
  return { code: read.data.code, message: read.data.message }
}

/** Seconds of a `Retry-After` header, which holds seconds or an HTTP date. Undefined when it is neither. */
export function retryAfterSeconds(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined
  const text = header.trim()
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (Date.parse(text) - now.getTime()) / 1000
  if (!Number.isFinite(seconds)) return undefined
  return Math.min(Math.max(Math.ceil(seconds), 0), maxRetryAfterSeconds)
}

/** The error for a response. */
export function errorOfResponse(response: PipelineResponse, body: unknown, now: Date): ArmError {
  const { status, headers, request } = response
  const { code, message } = readErrorBody(body)
  return new ArmError(status, code ?? `Http${status}`, message ?? `${request.method} returned ${status}`, {
    retryAfterSeconds: retryAfterSeconds(headers.get('retry-after'), now),
    challenge: headers.get('www-authenticate'),
  })
}

/** Any failure of a call as an ArmError; what never reached Azure has status 0. */
export function toArmError(error: unknown, now: Date): ArmError {
  if (error instanceof ArmError) return error
  if (!(error instanceof Error)) return new ArmError(0, 'NoResponse', String(error))
  if (error.name === 'AbortError') return new ArmError(0, 'Timeout', 'There was no response in time.')
  if (!isRestError(error)) return new ArmError(0, error.name, error.message)
  // The clients of @azure/arm-* have read the body by then, and put its code and message into the error.
  const { code, message, response } = error
  return response
    ? errorOfResponse(response, { code, message }, now)
    : new ArmError(0, code ?? 'NoResponse', message)
}

/** Undefined for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
