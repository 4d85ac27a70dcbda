/** Durations in milliseconds. */
export interface Timing {
  /** From the request of an endpoint to the Pending connection on its target, between these two. */
  readonly arrivalMs: readonly [number, number]
  /** Duration of a synchronous write of a connection; the target is locked meanwhile. */
  readonly writeMs: number
  /** Duration of an asynchronous write of a connection; the target is locked meanwhile. */
  readonly operationMs: number
  /** Delay with which Resource Graph shows a change. */
  readonly graphLagMs: number
  /** Delay with which the Activity Log shows an event. */
  readonly activityLogLagMs: number
  /** Event Grid's waits between the tries of one delivery; the last one repeats. */
  readonly retryMs: readonly [number, ...number[]]
  /** How long Event Grid waits for a response. */
  readonly deliveryTimeoutMs: number
  /** How long a Databricks rule waits for a decision before it is EXPIRED. */
  readonly ruleExpiryMs: number
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** Quick enough to watch; the retry schedule is the one of Microsoft's documentation, without its jitter. */
export const defaultTiming: Timing = {
  arrivalMs: [150, 400],
  writeMs: 40,
  operationMs: 300,
  graphLagMs: 500,
  activityLogLagMs: 5 * second,
  retryMs: [
    10 * second,
    30 * second,
    minute,
    5 * minute,
    10 * minute,
    30 * minute,
    hour,
    3 * hour,
    6 * hour,
    12 * hour,
  ],
  deliveryTimeoutMs: 30 * second,
  ruleExpiryMs: 14 * 24 * hour,
}

/** Timers that are stopped together. After `stop` none fires. */
export class Timers {
  readonly #running = new Set<NodeJS.Timeout>()
  readonly #sleepers = new Set<() => void>()
  readonly #stopping = new AbortController()
  readonly #log: (line: string) => void

  constructor(log: (line: string) => void) {
    this.#log = log
  }

  /** Aborts when `stop` is called. */
  get signal(): AbortSignal {
    return this.#stopping.signal
  }

  /** Runs something later. What it throws is logged. */
  after(ms: number, run: () => void | Promise<void>): void {
    if (this.signal.aborted) return
    const timer = setTimeout(() => {
      this.#running.delete(timer)
      this.#guard(run)
    }, ms)
    this.#running.add(timer)
  }

  /** Waits. Ends early when all timers are cancelled, so that no caller hangs. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#sleepers.delete(wake)
        resolve()
      }
      this.#sleepers.add(wake)
      this.after(ms, wake)
    })
  }

  /** Cancels every timer; new ones are possible. */
  cancelAll(): void {
    for (const timer of this.#running) clearTimeout(timer)
    this.#running.clear()
    for (const wake of [...this.#sleepers]) wake()
  }

  /** Cancels every timer for good. */
  stop(): void {
    this.#stopping.abort()
    this.cancelAll()
  }

  #guard(run: () => void | Promise<void>): void {
    Promise.resolve()
      .then(run)
      .catch((error: unknown) => {
        if (!this.signal.aborted) this.#log(`A later step failed: ${String(error)}`)
      })
  }
}
