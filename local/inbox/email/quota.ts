import { z } from 'zod'
import { AzureError, jsonBody } from '../../azure/http/exchange.ts'
import type { Route } from '../../azure/http/router.ts'

interface Limit {
  readonly calls: number
  readonly withinMs: number
}

type Counted = 'send' | 'status'

const minute = 60_000
const hour = 60 * minute

/** Azure's limits of a sender's domain, by whether it is Azure's own. */
const limits: Readonly<Record<'azure-managed' | 'custom', Readonly<Record<Counted, readonly Limit[]>>>> = {
  'azure-managed': {
    send: [
      { calls: 5, withinMs: minute },
      { calls: 10, withinMs: hour },
    ],
    status: [
      { calls: 10, withinMs: minute },
      { calls: 20, withinMs: hour },
    ],
  },
  custom: {
    send: [
      { calls: 30, withinMs: minute },
      { calls: 100, withinMs: hour },
    ],
    status: [
      { calls: 60, withinMs: minute },
      { calls: 200, withinMs: hour },
    ],
  },
}

const body = z.strictObject({ domain: z.enum(['azure-managed', 'custom']) })

/** The limits that the email service holds senders to; none until they are set. */
export class Quota {
  #domain: keyof typeof limits | undefined
  #calls: Readonly<Record<Counted, readonly number[]>> = { send: [], status: [] }

  /** Counts a call. Throws 429 with Retry-After, when the next one may come, if there are too many. */
  count(counted: Counted): void {
    if (this.#domain === undefined) return
    const now = Date.now()
    const before = this.#calls[counted].filter((time) => time > now - hour)
    const waitsMs = limits[this.#domain][counted].map(({ calls, withinMs }) => {
      const within = before.filter((time) => time > now - withinMs)
      return within.length < calls ? 0 : (within.at(-calls) ?? now) + withinMs - now
    })
    const waitMs = Math.max(...waitsMs)
    if (waitMs > 0) {
      throw new AzureError(429, 'TooManyRequests', 'The request rate is above the quota of the domain.', {
        'Retry-After': String(Math.ceil(waitMs / 1000)),
        'x-ms-error-code': 'TooManyRequests',
      })
    }
    this.#calls = { ...this.#calls, [counted]: [...before, now] }
  }

  clear(): void {
    this.#domain = undefined
    this.#calls = { send: [], status: [] }
  }

  /** The calls that set and end the limits. */
  routes(): Route[] {
    const template = '/_simulator/email-quota'
    return [
      {
        method: 'PUT',
        template,
        handle: (call) => {
          this.clear()
          this.#domain = jsonBody(call, body).domain
          return { status: 204 }
        },
      },
      {
        method: 'DELETE',
        template,
        handle: () => {
          this.clear()
          return { status: 204 }
        },
      },
    ]
  }
}
