import type { Call } from './exchange.ts'
import { subscriptionOf } from '../ids.ts'

/** Token buckets of Azure Resource Manager per subscription and principal (Microsoft documentation). */
const buckets = {
  reads: { size: 250, perSecond: 25 },
  writes: { size: 200, perSecond: 10 },
  deletes: { size: 200, perSecond: 10 },
} as const

type Kind = keyof typeof buckets

interface Bucket {
  level: number
  at: number
}

/** Counts calls. The caller decides whether an empty bucket refuses a call. */
export class Limits {
  readonly #levels = new Map<string, Bucket>()

  /** Takes one from the bucket of the call; returns whether it is empty, and the headers that state the rest. */
  count(call: Call): { empty: boolean; headers: Record<string, string> } {
    const kind = kindOf(call.method)
    const scope = subscriptionOf(call.path) === undefined ? 'tenant' : 'subscription'
    const key = [subscriptionOf(call.path)?.toLowerCase(), call.caller?.objectId, kind].join('|')
    const { size, perSecond } = buckets[kind]
    const now = Date.now()
    const held = this.#levels.get(key) ?? { level: size, at: now }
    const level = Math.min(size, held.level + ((now - held.at) / 1000) * perSecond)
    const left = Math.max(0, level - 1)
    this.#levels.set(key, { level: left, at: now })
    return {
      empty: level < 1,
      headers: {
        [`x-ms-ratelimit-remaining-${scope}-${kind}`]: String(Math.floor(left)),
        [`x-ms-ratelimit-remaining-${scope}-global-${kind}`]: String(Math.floor(left) * 15 + 14),
      },
    }
  }
}

function kindOf(method: string): Kind {
  if (method === 'GET' || method === 'HEAD') return 'reads'
  return method === 'DELETE' ? 'deletes' : 'writes'
}
