import { randomUUID } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Message, NewMessage, Via } from './message.ts'

const kept = 2000
const ownerOnly = { mode: 0o600 }

interface Waiter {
  readonly isMet: () => Message | undefined
  readonly resolve: (message: Message) => void
}

/** The messages of the inbox, the newest last. With a file they survive a restart, one line each. */
export class Messages {
  readonly #file: string | undefined
  #messages: Message[] = []
  readonly #waiters = new Set<Waiter>()

  /** Reads what an earlier run has kept in the file. */
  constructor(file: string | undefined) {
    this.#file = file
    if (file === undefined || !existsSync(file)) return
    const lines = readFileSync(file, 'utf8').split('\n').filter(isWhole)
    this.#messages = lines.slice(-kept).map((line) => JSON.parse(line) as Message)
    this.#rewrite()
  }

  /** Adds a message; removes the oldest above the limit. */
  add(made: NewMessage): Message {
    const message: Message = {
      ...made,
      id: randomUUID(),
      receivedAt: new Date().toISOString(),
      repeatOf: made.key === undefined ? undefined : this.withKey(made.content.via, made.key)?.id,
    }
    this.#messages.push(message)
    if (this.#messages.length > kept) this.#messages = this.#messages.slice(-kept)
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(message)}\n`, ownerOnly)
    for (const waiter of this.#waiters) this.#settle(waiter)
    return message
  }

  /** Every message, the oldest first. */
  all(): readonly Message[] {
    return this.#messages
  }

  get(id: string): Message | undefined {
    return this.#messages.find((message) => message.id === id)
  }

  /** The first message that came this way under this key. */
  withKey(via: Via, key: string): Message | undefined {
    return this.#messages.find((message) => message.content.via === via && message.key === key)
  }

  clear(): void {
    this.#messages = []
    this.#rewrite()
  }

  /**
   * The first message that fits, now or later.
   * @throws Error that lists the titles of what is there when none came in time.
   */
  waitFor(isExpected: (message: Message) => boolean, timeoutMs: number): Promise<Message> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter)
        const titles = this.#messages.map(({ title }) => `"${title}"`).join(', ')
        reject(
          new Error(`No such message came within ${timeoutMs} ms; the inbox has: ${titles || 'nothing'}.`),
        )
      }, timeoutMs)
      const waiter: Waiter = {
        isMet: () => this.#messages.find(isExpected),
        resolve: (message) => {
          clearTimeout(timer)
          resolve(message)
        },
      }
      this.#waiters.add(waiter)
      this.#settle(waiter)
    })
  }

  #settle(waiter: Waiter): void {
    const message = waiter.isMet()
    if (message === undefined) return
    this.#waiters.delete(waiter)
    waiter.resolve(message)
  }

  #rewrite(): void {
    if (this.#file === undefined) return
    writeFileSync(
      this.#file,
      this.#messages.map((message) => `${JSON.stringify(message)}\n`).join(''),
      ownerOnly,
    )
  }
}

/** A process that was killed may leave half a line. */
function isWhole(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}
