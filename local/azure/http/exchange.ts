import type { IncomingHttpHeaders } from 'node:http'
import type { z } from 'zod'

/** The caller, read from a verified token. */
export interface Caller {
  readonly tenantId: string
  readonly clientId: string
  readonly objectId: string
  readonly audience: string
  /** The UPN of a person; undefined for a program. */
  readonly userName: string | undefined
}

/** One request as handlers see it. `path` starts with exactly one slash and keeps the caller's casing. */
export interface Call {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly rawBody: string
  readonly params: ReadonlyMap<string, string>
  /** Scheme, host and port as the caller wrote them, so that links in responses stay on the caller's origin. */
  readonly origin: string
  readonly caller: Caller | undefined
}

/** A response: `body` is sent as JSON if there is one, `text` unchanged. */
export interface Reply {
  readonly status: number
  readonly body?: unknown
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** JSON object of unknown content. */
export type JsonObject = Record<string, unknown>

/** A refusal. Its body has the shape of Azure Resource Manager, except on data planes with their own. */
export class AzureError extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

/** The body of an error in the shape of Azure Resource Manager. */
export function armError({ code, message }: Pick<AzureError, 'code' | 'message'>): JsonObject {
  return { error: { code, message } }
}

/** The value of a path parameter. Throws when the route's template has no such parameter. */
export function param(call: Call, name: string): string {
  const value = call.params.get(name)
  if (value === undefined) throw new Error(`The route has no parameter "${name}".`)
  return value
}

/** The api-version of the call, in lower case; empty when there is none. */
export function apiVersion(call: Call): string {
  return queryValue(call, 'api-version').toLowerCase()
}

/** A query parameter, its name compared without regard to case; empty when absent. */
export function queryValue(call: Call, name: string): string {
  for (const [key, value] of call.query) if (key.toLowerCase() === name.toLowerCase()) return value
  return ''
}

/** The body, parsed as JSON and checked. Throws 400 InvalidRequestContent that names the first invalid field. */
export function jsonBody<T>(call: Call, shape: z.ZodType<T>): T {
  let value: unknown
  try {
    value = JSON.parse(call.rawBody)
  } catch {
    throw new AzureError(400, 'InvalidRequestContent', 'The request content was invalid: it is not JSON.')
  }
  const read = shape.safeParse(value)
  if (read.success) return read.data
  const issue = read.error.issues[0]
  const where = issue === undefined || issue.path.length === 0 ? 'the body' : issue.path.join('.')
  throw new AzureError(
    400,
    'InvalidRequestContent',
    `The request content was invalid: ${where}: ${issue?.message ?? 'does not fit'}.`,
  )
}

/** The value as an object, or an empty one. */
export function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}

/** A copy of the object without some of its members. */
export function without(object: object, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))
}
