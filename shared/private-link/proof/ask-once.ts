import { setTimeout as sleep } from 'node:timers/promises'
import type { RequesterId } from '../../domain/requester-id.ts'
import { ArmError } from '../arm/error.ts'
import type { ManagedEndpoint, RequesterApi } from '../requesters/requester-api.ts'

const keepMilliseconds = 15_000
/** The first passes of a series are a second apart: a requester that fails is not asked by each of them. */
const keepFailureMilliseconds = 20_000

/** Every managed endpoint of a requester, freshly read. Rejects like `managedEndpoints`. */
export type AskOnce = (api: RequesterApi, id: RequesterId) => Promise<readonly ManagedEndpoint[]>

interface Said {
  readonly list: Promise<readonly ManagedEndpoint[]>
  /** Far in the future while the query is running. */
  until: number
}

/** Requesters that failed just now, for all passes of a process. What they say is never kept beyond a pass. */
export class RecentFailures {
  readonly #failed = new Map<string, { readonly error: Error; readonly until: number }>()
  readonly #now: () => number

  /** @param now milliseconds of a monotonic clock. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** The failure of a requester that is not asked again yet. */
  of({ key }: RequesterId): { readonly error: Error } | undefined {
    const failed = this.#failed.get(key)
    return failed && this.#now() < failed.until ? failed : undefined
  }

  remember({ key }: RequesterId, error: Error): void {
    for (const [other, { until }] of this.#failed) if (until <= this.#now()) this.#failed.delete(other)
    this.#failed.set(key, { error, until: this.#now() + keepFailureMilliseconds })
  }
}

/**
 * Queries each requester once, however many connections of one review pass could be its own. Its list, or its failure,
 * is cached for 15 s; concurrent calls share one query. Otherwise fake requests under the name of a slow requester
 * would use up the time of the pass, and the rate limits at Azure.
 * @param milliseconds for one requester in total.
 * @param now milliseconds of a monotonic clock.
 * @param failures what has failed before: it is not asked again yet.
 */
export function createAskOnce(milliseconds: number, now: () => number, failures: RecentFailures): AskOnce {
  const kept = new Map<string, Said>()
  return (api, id) => {
    const failed = failures.of(id)
    if (failed) return Promise.reject(failed.error)
    const known = kept.get(id.key)
    if (known && now() < known.until) return known.list
    const said: Said = {
      list: inTime((signal) => api.managedEndpoints(id, signal), milliseconds),
      until: Infinity,
    }
    kept.set(id.key, said)
    const keep = (): void => {
      said.until = now() + keepMilliseconds
    }
    said.list.then(keep, (error: unknown) => {
      keep()
      if (error instanceof Error) failures.remember(id, error)
    })
    return said.list
  }
}

/** @throws ArmError `Timeout` when the work takes longer. It is then aborted, and its result ignored. */
async function inTime<T>(work: (signal: AbortSignal) => Promise<T>, milliseconds: number): Promise<T> {
  const heard = new AbortController()
  const late = new AbortController()
  const isLate = sleep(milliseconds, true, { signal: heard.signal }).catch(() => false)
  try {
    const first = await Promise.race([work(late.signal).then((value) => ({ value })), isLate])
    if (typeof first === 'object') return first.value
    const timeout = new ArmError(0, 'Timeout', `There was no response within ${milliseconds} ms.`)
    late.abort(timeout)
    throw timeout
  } finally {
    heard.abort()
  }
}
