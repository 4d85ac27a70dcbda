import { setImmediate } from 'node:timers/promises'
import type { Random } from '../unit/policy/corpus-random.ts'

/** Runs several processes at once, and lets a random one of them take its next step. */
export class Interleaving {
  readonly #random: Random
  #waiting: (() => void)[] = []
  #isOver = false

  constructor(random: Random) {
    this.#random = random
  }

  /** The same object, each of whose calls that return a promise may wait for any number of steps of others, before and after it. */
  around<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (held, name) => {
        const value: unknown = Reflect.get(held, name)
        if (typeof value !== 'function') return value
        return (...given: unknown[]): unknown => {
          const call = (): unknown => Reflect.apply(value, held, given)
          return isSync(name) ? call() : this.#around(call)
        }
      },
    })
  }

  /** Runs all of them to their end. @throws the first error of one of them. */
  async run(processes: readonly (() => Promise<unknown>)[]): Promise<void> {
    let running = processes.length
    const all = Promise.allSettled(
      processes.map(async (process) => {
        try {
          await this.#turn()
          await process()
        } finally {
          running -= 1
        }
      }),
    )
    while (running > 0) {
      await setImmediate()
      const next = this.#waiting.splice(this.#random.below(this.#waiting.length), 1)
      for (const go of next) go()
    }
    this.#isOver = true
    for (const result of await all) if (result.status === 'rejected') throw result.reason
  }

  async #around(call: () => unknown): Promise<unknown> {
    await this.#turn()
    const result = await call()
    await this.#turn()
    return result
  }

  #turn(): Promise<void> {
    return this.#isOver ? Promise.resolve() : new Promise((go) => this.#waiting.push(go))
  }
}

const syncNames: readonly PropertyKey[] = [
  'nextEntryId',
  'progressOf',
  'forPass',
  'requestKey',
  'recoveryMessage',
]

function isSync(name: PropertyKey): boolean {
  return syncNames.includes(name)
}
