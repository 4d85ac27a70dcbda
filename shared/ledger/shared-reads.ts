/**
 * Lets those who ask for the same at once share a read. Nobody gets one that began before they asked: who asks while one
 * runs shares the next.
 */
export class SharedReads<T> {
  readonly #running = new Map<string, Promise<T>>()
  readonly #next = new Map<string, Promise<T>>()

  /** @param name the same name is the same list. */
  read(name: string, work: () => Promise<T>): Promise<T> {
    const next = this.#next.get(name)
    if (next) return next
    const running = this.#running.get(name)
    if (!running) return this.#begin(name, work)
    const after = ended(running).then(() => {
      this.#next.delete(name)
      return this.#begin(name, work)
    })
    this.#next.set(name, after)
    return after
  }

  #begin(name: string, work: () => Promise<T>): Promise<T> {
    const own = work()
    this.#running.set(name, own)
    void ended(own).then(() => {
      if (this.#running.get(name) === own) this.#running.delete(name)
    })
    return own
  }
}

async function ended(work: Promise<unknown>): Promise<void> {
  await work.catch(() => undefined)
}
