import { readFile, rename, writeFile } from 'node:fs/promises'
import type { State } from './state.ts'

const minDelayMs = 200

/** The JSON file that survives a restart, saved shortly after a change (less often as it grows) and at `close`. */
export class StateFile {
  readonly #file: string | undefined
  readonly #state: () => State
  #timer: NodeJS.Timeout | undefined
  #saving: Promise<void> = Promise.resolve()
  #delayMs = minDelayMs

  /** `state` returns what is to be saved. Without a file nothing is read or saved. */
  constructor(file: string | undefined, state: () => State) {
    this.#file = file
    this.#state = state
  }

  /** Reads what an earlier run saved; undefined when there is nothing. Throws when the file is not of this kind. */
  async read(): Promise<State | undefined> {
    if (this.#file === undefined) return undefined
    let text: string
    try {
      text = await readFile(this.#file, 'utf8')
    } catch {
      return undefined
    }
    const state = JSON.parse(text) as State
    if ((state.version as number) === 1) return state
    throw new Error(`${this.#file} is of version ${String(state.version)}; this program reads version 1.`)
  }

  /** Reports a change, so that it is saved soon. */
  changed(): void {
    if (this.#file === undefined || this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      void this.#save()
    }, this.#delayMs)
    this.#timer.unref()
  }

  /** Saves what is not saved yet and waits for it. */
  async close(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#save()
  }

  #save(): Promise<void> {
    const file = this.#file
    if (file === undefined) return Promise.resolve()
    this.#saving = this.#saving.then(async () => {
      const started = performance.now()
      const beside = `${file}.${process.pid}.new`
      await writeFile(beside, JSON.stringify(this.#state(), undefined, 1), { mode: 0o600 })
      await rename(beside, file)
      this.#delayMs = Math.max(minDelayMs, 20 * (performance.now() - started))
    })
    return this.#saving
  }
}
