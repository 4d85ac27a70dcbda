const pauseMs = 30_000

/**
 * Channels that did not respond in time. For a while nothing else waits for them, so that the messages of one that hangs
 * do not delay those of others. Kept in memory: it saves time only, and decides nothing.
 */
export class ChannelPauses {
  readonly #until = new Map<string, number>()
  readonly #now: () => Date

  constructor(now: () => Date) {
    this.#now = now
  }

  pause(channel: string): void {
    this.#until.set(channel, this.#now().getTime() + pauseMs)
  }

  isPaused(channel: string): boolean {
    return (this.#until.get(channel) ?? 0) > this.#now().getTime()
  }
}
