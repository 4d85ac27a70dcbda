/** Lets work on the same thing queue up within an instance, so that only instances meet at its row. */
export class Turns {
  /** The last one in the queue of each thing. */
  readonly #queues = new Map<string, Promise<unknown>>()

  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(name) ?? Promise.resolve()
    const own = before.then(work)
    const end = own.catch(() => undefined)
    this.#queues.set(name, end)
    try {
      return await own
    } finally {
      if (this.#queues.get(name) === end) this.#queues.delete(name)
    }
  }
}
