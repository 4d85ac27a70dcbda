import type { TokenCredential } from '@azure/core-auth'
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  exponentialRetryPolicy,
  type HttpClient,
  type Pipeline,
  type PipelineResponse,
} from '@azure/core-rest-pipeline'
import { ArmError, errorOfResponse, parseJson, retryAfterOf, toArmError } from './error.ts'
import { guardHttpClient } from './guarded-http-client.ts'
import { collectPages, type ListBudget, type Page } from './pages.ts'

const callMilliseconds = 10_000
const usualRetryMilliseconds = 200

export interface ArmClientOptions {
  /** `https://management.azure.com`, or a data plane's address; a path in it is put before every path. */
  readonly endpoint: string
  /** Undefined: calls carry no token. */
  readonly credential: TokenCredential | undefined
  readonly scope: string
  readonly userAgent: string
  readonly now: () => Date
  readonly httpClient?: HttpClient | undefined
  /** Time for one call, including retries. */
  readonly timeoutMilliseconds?: number | undefined
  /** Before a failed read is tried again. Default: 200 ms. */
  readonly retryMilliseconds?: number | undefined
}

export interface ArmResponse {
  readonly status: number
  /** Parsed JSON; undefined when the body was empty. */
  readonly body: unknown
  /** Length of the body. */
  readonly bytes: number
  readonly retryAfterSeconds: number | undefined
  header(name: string): string | undefined
}

export type ArmMethod = 'GET' | 'PUT' | 'PATCH' | 'POST'

export interface ArmClient {
  /** Of the endpoint, as in `management.azure.com`. For sentences. */
  readonly host: string
  /**
   * One call. `path` begins with a slash; neither it nor the values of `query` are encoded yet.
   * @throws ArmError for every response that is not 2xx, and with status 0 when there was none.
   */
  request(
    method: ArmMethod,
    path: string,
    apiVersion: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
    query?: Readonly<Record<string, string>>,
  ): Promise<ArmResponse>
  /**
   * GETs a link from a response (nextLink, Azure-AsyncOperation, Location).
   * @throws ArmError `ForeignLink`, before anything is sent, when it leads to another origin.
   */
  follow(link: string): Promise<ArmResponse>
  /**
   * The items of every page of a list; `{value, nextLink}` and a bare array are both understood.
   * @param budget shared with other lists; left out: one of its own.
   * @param query not encoded yet.
   * @throws ArmError when a page could not be read, or there is no end to them.
   */
  list(
    path: string,
    apiVersion: string,
    budget?: ListBudget,
    query?: Readonly<Record<string, string>>,
  ): Promise<readonly unknown[]>
}

/**
 * A small client for ARM and for similar data planes. https only. Reads are tried twice when the network or the server
 * fails, writes once; a throttled call is not repeated here, because the caller decides how long to wait.
 */
export function createArmClient(options: ArmClientOptions): ArmClient {
  const base = readEndpoint(options.endpoint)
  const httpClient = guardHttpClient(options.httpClient ?? createDefaultHttpClient(), base.origin)
  const reads = buildPipeline(options, 1)
  const writes = buildPipeline(options, 0)

  async function send(
    method: ArmMethod,
    url: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ArmResponse> {
    const request = createPipelineRequest({
      url,
      method,
      headers: createHttpHeaders({ accept: 'application/json', ...headers }),
      abortSignal: AbortSignal.timeout(options.timeoutMilliseconds ?? callMilliseconds),
    })
    if (body !== undefined) {
      request.headers.set('content-type', 'application/json')
      request.body = JSON.stringify(body)
    }
    try {
      const response = await (method === 'GET' ? reads : writes).sendRequest(httpClient, request)
      return readResponse(response, options.now())
    } catch (error) {
      throw toArmError(error, options.now())
    }
  }

  function request(
    method: ArmMethod,
    path: string,
    apiVersion: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
    query?: Readonly<Record<string, string>>,
  ): Promise<ArmResponse> {
    return send(method, addressOf(path, apiVersion, query), body, headers)
  }

  function addressOf(path: string, apiVersion: string, query: Readonly<Record<string, string>> = {}): string {
    const prefix = base.pathname.replace(/\/$/, '')
    const parameters = Object.entries({ 'api-version': apiVersion, ...query }).map(
      ([name, value]) => `${name}=${encodeURIComponent(value)}`,
    )
    return `${base.origin}${prefix}${encodePath(path)}?${parameters.join('&')}`
  }

  async function follow(link: string): Promise<ArmResponse> {
    return await send('GET', checkLink(link, base.origin))
  }

  async function list(
    path: string,
    apiVersion: string,
    budget?: ListBudget,
    query?: Readonly<Record<string, string>>,
  ): Promise<readonly unknown[]> {
    return await collectPages(addressOf(path, apiVersion, query), follow, readPage, { budget })
  }

  return { host: base.host, request, follow, list }
}

/** @throws Error when the address is not https, or carries a user, a query or a fragment. */
export function readEndpoint(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url?.protocol !== 'https:' || url.username || url.password || url.search || url.hash) {
    throw new Error(`The endpoint must be an https address without user and query, not "${endpoint}".`)
  }
  return url
}

/**
 * Encodes a path segment by segment, so that no name can end the path, begin a query or climb.
 * @throws Error for empty segments and for `.` and `..`.
 */
export function encodePath(path: string): string {
  const [first, ...segments] = path.split('/')
  if (
    first !== '' ||
    segments.length === 0 ||
    segments.some((segment) => ['', '.', '..'].includes(segment))
  ) {
    throw new Error(`"${path}" is not a path that can be asked for: it has empty or dot segments.`)
  }
  return segments.map((segment) => `/${encodeURIComponent(segment)}`).join('')
}

function checkLink(link: string, origin: string): string {
  const url = URL.canParse(link) ? new URL(link) : undefined
  if (url?.origin !== origin || url.username || url.password) {
    throw new ArmError(
      0,
      'ForeignLink',
      `A link in a response leads away from ${origin}; it was not followed.`,
    )
  }
  return url.href
}

function buildPipeline(options: ArmClientOptions, maxRetries: number): Pipeline {
  const pipeline = createPipelineFromOptions({
    userAgentOptions: { userAgentPrefix: options.userAgent },
    redirectOptions: { maxRetries: 0 },
  })
  pipeline.removePolicy({ name: 'defaultRetryPolicy' })
  const retryDelayInMs = options.retryMilliseconds ?? usualRetryMilliseconds
  pipeline.addPolicy(exponentialRetryPolicy({ maxRetries, retryDelayInMs, maxRetryDelayInMs: 1000 }), {
    phase: 'Retry',
  })
  if (options.credential) {
    const scopes = options.scope
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential: options.credential, scopes }), {
      phase: 'Sign',
    })
  }
  return pipeline
}

function readResponse(response: PipelineResponse, now: Date): ArmResponse {
  const text = response.bodyAsText ?? ''
  const body = parseJson(text)
  if (response.status < 200 || response.status > 299) throw errorOfResponse(response, body, now)
  if (body === undefined && text.trim() !== '') {
    throw new ArmError(response.status, 'UnreadableResponse', 'The body of the response is not JSON.')
  }
  return {
    status: response.status,
    body,
    bytes: Buffer.byteLength(text),
    retryAfterSeconds: retryAfterOf(response.headers.get('retry-after'), now),
    header: (name) => response.headers.get(name),
  }
}

function readPage(body: unknown): Page {
  if (Array.isArray(body)) return { items: body, next: undefined }
  const page = typeof body === 'object' && body !== null ? body : {}
  const items: unknown = 'value' in page ? page.value : undefined
  const nextLink: unknown = 'nextLink' in page ? page.nextLink : undefined
  if (!Array.isArray(items) || (nextLink && typeof nextLink !== 'string')) {
    throw new ArmError(
      0,
      'UnreadableList',
      'The list is neither an array nor an object with an array "value".',
    )
  }
  return { items, next: typeof nextLink === 'string' ? nextLink : undefined }
}
