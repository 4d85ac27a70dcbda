import { queryValue } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'

/** One call that was handled. Tokens and bodies of token requests are not stored. */
export interface LoggedRequest {
  readonly time: string
  readonly method: string
  readonly path: string
  readonly query: string
  readonly status: number
  readonly clientId: string | null
  readonly ms: number
  readonly body: unknown
}

const kept = 20_000

/** The log of recent calls. */
export class RequestLog {
  #entries: LoggedRequest[] = []

  /** Adds a call; removes the oldest above the limit. */
  add(entry: LoggedRequest): void {
    this.#entries.push(entry)
    if (this.#entries.length > kept) this.#entries = this.#entries.slice(-kept)
  }

  clear(): void {
    this.#entries = []
  }

  /** `GET /_simulator/requests?method=&path=`: path is a regular expression, in any case. */
  routes(): Route[] {
    return [
      {
        method: 'GET',
        template: '/_simulator/requests',
        handle: (call) => {
          const method = queryValue(call, 'method').toUpperCase()
          const path = new RegExp(queryValue(call, 'path'), 'i')
          const value = this.#entries.filter(
            (entry) => (method === '' || entry.method === method) && path.test(entry.path),
          )
          return { status: 200, body: { value } }
        },
      },
    ]
  }
}
