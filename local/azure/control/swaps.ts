import { z } from 'zod'
import type { Replied } from '../reply.ts'
import { AzureError, jsonBody } from '../http/exchange.ts'
import type { Reply, Call } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { idKey } from '../ids.ts'
import type { Store } from '../store.ts'

const swapBody = z.strictObject({
  connectionId: z.string().min(1),
  endpointId: z.string().min(1),
  /** GETs of the connection that still show the former endpoint; 0 swaps at once. */
  afterReads: z.number().int().min(0).default(1),
})

interface Swap {
  readonly endpointId: string
  left: number
}

/** Pending swaps of the endpoint behind a connection; each happens after reads of the connection. */
export class Swaps {
  readonly #waiting = new Map<string, Swap>()
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** Deletes the pending swaps. */
  clear(): void {
    this.#waiting.clear()
  }

  /** `POST /_simulator/connections/swap`. */
  routes(): Route[] {
    return [{ method: 'POST', template: '/_simulator/connections/swap', handle: (call) => this.#add(call) }]
  }

  /** Passes calls on, and swaps right after the read that a swap waits for. */
  watch(reply: (call: Call) => Promise<Replied>): (call: Call) => Promise<Replied> {
    return async (call) => {
      const done = await reply(call)
      if (call.method === 'GET' && done.reply.status === 200) this.#seen(idKey(call.path))
      return done
    }
  }

  #add(call: Call): Reply {
    const { connectionId, endpointId, afterReads } = jsonBody(call, swapBody)
    const key = idKey(connectionId)
    if (!this.#store.connections.has(key)) {
      throw new AzureError(404, 'NotFound', `connectionId is "${connectionId}"; there is no such connection.`)
    }
    this.#waiting.set(key, { endpointId, left: afterReads })
    if (afterReads === 0) this.#swap(key, endpointId)
    return { status: 202 }
  }

  #seen(key: string): void {
    const swap = this.#waiting.get(key)
    if (swap === undefined) return
    swap.left -= 1
    if (swap.left <= 0) this.#swap(key, swap.endpointId)
  }

  #swap(key: string, endpointId: string): void {
    this.#waiting.delete(key)
    const connection = this.#store.connections.get(key)
    if (connection !== undefined) this.#store.swapEndpoint(connection, endpointId)
  }
}
