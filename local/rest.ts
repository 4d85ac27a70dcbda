import { readFileSync } from 'node:fs'
import { request } from 'node:https'

/** The response to a call: the status, and the body as JSON if there is one. */
export interface RestResponse {
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** A call that got an error response. */
export class RestCallError extends Error {
  override name = 'RestCallError'
  readonly response: RestResponse

  constructor(message: string, response: RestResponse) {
    super(message)
    this.response = response
  }
}

/** Calls one https service whose certificate is signed by the given authority, as a user's tool does. */
export class RestClient {
  readonly #origin: string
  readonly #ca: string
  readonly #tokens = new Map<string, Promise<string>>()

  constructor(origin: string, caFile: string) {
    this.#origin = origin
    this.#ca = readFileSync(caFile, 'utf8')
  }

  /**
   * A call with a token of `tenant` for `audience`.
   * @throws RestCallError for a status of 400 or above.
   */
  async call(
    method: string,
    path: string,
    { tenant, audience, body }: { tenant: string; audience: string; body?: unknown },
  ): Promise<RestResponse> {
    const token = await this.#token(tenant, audience)
    return this.send(method, path, body, { authorization: `Bearer ${token}` })
  }

  /**
   * A call without a token.
   * @throws RestCallError for a status of 400 or above.
   */
  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<RestResponse> {
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
    const response = await this.#exchange(method, path, text, {
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    })
    if (response.status >= 400) {
      throw new RestCallError(
        `${method} ${path}: ${response.status} ${JSON.stringify(response.body)}`,
        response,
      )
    }
    return response
  }

  #token(tenant: string, audience: string): Promise<string> {
    const key = `${tenant} ${audience}`
    const known = this.#tokens.get(key)
    if (known) return known
    const form = new URLSearchParams({
      client_id: 'data-team',
      client_secret: 'local',
      grant_type: 'client_credentials',
      scope: `${audience}/.default`,
    })
    const asked = this.send('POST', `/${tenant}/oauth2/v2.0/token`, form.toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    }).then(({ body }) => (body as { access_token: string }).access_token)
    this.#tokens.set(key, asked)
    return asked
  }

  #exchange(
    method: string,
    path: string,
    body: string | undefined,
    headers: Record<string, string>,
  ): Promise<RestResponse> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        new URL(path, this.#origin),
        {
          method,
          ca: this.#ca,
          headers: body === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(body) },
        },
        (incoming) => {
          const parts: Buffer[] = []
          incoming.on('data', (part: Buffer) => parts.push(part))
          incoming.on('error', reject)
          incoming.on('end', () => {
            const text = Buffer.concat(parts).toString()
            resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: json(text) })
          })
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  }
}

function json(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown)
  } catch {
    return text
  }
}
