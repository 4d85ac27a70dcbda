import { setTimeout as sleep } from 'node:timers/promises'

/** The clock for following an operation. Tests use their own. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. */
  milliseconds(): number
  wait(milliseconds: number): Promise<void>
}

export const systemClock: Clock = {
  milliseconds: () => performance.now(),
  wait: (milliseconds) => sleep(milliseconds),
}

/** Backoff: the default when Azure names none, and the minimum. */
export interface Absence {
  readonly usualSeconds: number
  readonly minSeconds: number
}

/** Too many requests, or a server that is overloaded. */
export const whenThrottled: Absence = { usualSeconds: 30, minSeconds: 5 }

/** Seconds until the next try. Some services send `Retry-After: 0`, which would be a busy loop. */
export function secondsToStayAway(
  askedSeconds: number | undefined,
  { usualSeconds, minSeconds }: Absence,
): number {
  return Math.max(minSeconds, askedSeconds ?? usualSeconds)
}

const firstPauseMilliseconds = 500
const maxPauseMilliseconds = 16_000
const growth = 4

/** Pauses between polls of a long operation, up to a total time. */
export class Deadline {
  readonly #clock: Clock
  readonly #until: number
  #pause = firstPauseMilliseconds

  constructor(clock: Clock, totalMilliseconds: number) {
    this.#clock = clock
    this.#until = clock.milliseconds() + totalMilliseconds
  }

  /**
   * Waits a growing time, or as long as Azure asked for where that is longer.
   * @returns false, immediately, when the remaining time is too short.
   */
  async pause(askedSeconds: number | undefined): Promise<boolean> {
    const milliseconds = Math.max(this.#pause, (askedSeconds ?? 0) * 1000)
    if (this.#clock.milliseconds() + milliseconds > this.#until) return false
    await this.#clock.wait(milliseconds)
    this.#pause = Math.min(this.#pause * growth, maxPauseMilliseconds)
    return true
  }
}
