import { z } from 'zod'
import { jsonBody } from '../azure/http/exchange.ts'
import type { Route } from '../azure/http/router.ts'
import type { Message, NewMessage, Via } from './message.ts'
import type { Messages } from './messages.ts'

const body = z.strictObject({
  via: z.enum(['smtp', 'email-service', 'teams', 'webhook']),
  /** How many messages are lost; all of them if left out. */
  times: z.number().int().min(1).optional(),
})

/** Messages that are accepted as usual and then never arrive. */
export class Losses {
  readonly #messages: Messages
  readonly #left = new Map<Via, number>()
  readonly #lost = new Set<string>()

  constructor(messages: Messages) {
    this.#messages = messages
  }

  /** Takes a message that was accepted into the inbox, or loses it. */
  deliver(message: NewMessage): Message | undefined {
    const { via } = message.content
    const left = this.#left.get(via) ?? 0
    if (left === 0) return this.#messages.add(message)
    this.#left.set(via, left - 1)
    if (message.key !== undefined) this.#lost.add(`${via} ${message.key}`)
    return undefined
  }

  /** Whether a message under this key was accepted, lost or not. */
  hasAccepted(via: Via, key: string): boolean {
    return this.#lost.has(`${via} ${key}`) || this.#messages.withKey(via, key) !== undefined
  }

  clear(): void {
    this.#left.clear()
    this.#lost.clear()
  }

  /** The calls that begin and end losses. */
  routes(): Route[] {
    const template = '/_simulator/losses'
    return [
      {
        method: 'POST',
        template,
        handle: (call) => {
          const { via, times = Number.POSITIVE_INFINITY } = jsonBody(call, body)
          this.#left.set(via, times)
          return { status: 204 }
        },
      },
      {
        method: 'DELETE',
        template,
        handle: () => {
          this.#left.clear()
          return { status: 204 }
        },
      },
    ]
  }
}
