import type { LogEntry } from '../../shared/domain/log-entry.ts'
import type { Rule } from '../../shared/domain/rule.ts'
import type { WorkState } from '../../shared/domain/target-work.ts'
import type { PendingFound } from '../../shared/ports/azure.ts'
import type { ReviewMessage } from '../../shared/ports/queue.ts'
import { askForReview } from '../../shared/review/ask-for-review.ts'
import { evaluateAgainOnChange } from '../../shared/review/evaluate-again.ts'
import { finishOpenWork } from '../../shared/review/finish-open-work.ts'
import { giveUpForNow } from '../../shared/review/give-up.ts'
import { review } from '../../shared/review/review-target.ts'
import { defaultTimings } from '../../shared/review/schedule.ts'
import { sweep } from '../../shared/review/sweep.ts'
import { Arena, armOrigin, lake, type Reply, type WireConnection } from '../forgery/arena.ts'
import { storyOf } from './fake-review.ts'
import type { Decision } from '../../shared/decide/decide.ts'
import { Page } from './deciding.ts'
import { brokenInLog } from './life/laws.ts'
import { MemoryWork } from './memory-work.ts'
import { id } from './request-parts.ts'

/** As `host.json` has them. */
const maxDequeueCount = 5
const visibilitySeconds = 15

const readingMs = 60_000

/** Address at which a write that is not finished at once is followed. */
export const operation = `/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/providers/Microsoft.Storage/operations/1`

interface Waiting {
  readonly at: number
  readonly message: ReviewMessage
  readonly tries: number
}

interface Timer {
  readonly everySeconds: number
  readonly run: () => Promise<unknown>
  at: number
}

/** Where a review is when Azure fails: a call, by its method and path. */
export type Place = (method: string, path: string) => boolean

/** What Azure does instead of answering a call; `respond` carries the call out. */
export type Fault = (respond: () => Reply) => Reply | Error

/** A request, and the rules that it meets. */
export interface Story {
  readonly rules: readonly Rule[]
  /** Id of the target; left out: the lake. */
  readonly target?: string
  readonly prepare?: (arena: Arena) => void
  /** True when writes are responded before they are carried out, and have to be followed. */
  readonly isAsync?: boolean
  /** What a person chooses once, some time after the request waits; left out: nobody does. */
  readonly person?: Decision['outcome']
  /** What Azure shows in the end where nothing fails. */
  readonly end: 'Approved' | 'Rejected' | 'Pending'
}

/** What people were notified of, and how many seconds after the beginning. */
export interface Notice {
  readonly seconds: number
  readonly code: string
  readonly sentence: string
}

/**
 * One host with its queue, its timers and a clock that jumps, above the wire of an arena that carries out what it is
 * told except where it fails.
 */
export class PersistentWorld {
  readonly arena: Arena
  /** False where Resource Graph shows nothing. */
  isSearched = true
  /** True where Resource Graph goes on to show as Pending what has been decided. */
  doesSearchLag = false
  /** How often the fault was played. */
  played = 0
  /** The questions that people were notified of. */
  readonly notices: Notice[] = []
  /** Reminders and outcomes that they were notified of after that: `{kind} after {hours} h`. */
  readonly followed: string[] = []
  /** Seconds after the beginning at which decisions were sent. */
  readonly sentAt: number[] = []
  /** What people were notified of when the person chose; undefined: nobody has. */
  noticesAtClick: number | undefined
  readonly #listedAt = new Set<number>()
  readonly #work = new MemoryWork()
  readonly #story: Story
  readonly #startedAt: number
  readonly #timers: readonly Timer[]
  #queue: Waiting[] = []

  constructor(story: Story) {
    this.#story = story
    this.arena = new Arena({
      ports: {
        work: this.#work,
        timings: { ...defaultTimings, renewSeconds: 3600 },
        queue: {
          enqueue: (message, delaySeconds = 0) => this.#enqueue(message, delaySeconds),
          // The host does not die here.
          recoveryMessage: () => ({ postpone: () => Promise.resolve(), cancel: () => Promise.resolve() }),
        },
        search: {
          targetsWithPending: () => Promise.resolve({ found: this.#pending(), isWhole: true }),
          targetsNotShown: () => Promise.resolve([]),
        },
      },
    })
    this.arena.rules = story.rules
    story.prepare?.(this.arena)
    this.#startedAt = this.arena.world.time
    if (story.isAsync) this.arena.instead.set(`GET ${operation}`, ok({ status: 'Succeeded' }))
    this.arena.beforeCall = (method, path) => {
      if (method === 'PUT') this.sentAt.push(this.seconds())
      if (path === `${this.#target()}/privateEndpointConnections`) this.#listedAt.add(this.arena.world.time)
    }
    this.heal()
    const { ports } = this.arena
    this.#timers = [
      { everySeconds: 15, run: () => finishOpenWork(ports) },
      { everySeconds: 30, run: () => evaluateAgainOnChange(ports) },
      { everySeconds: 300, run: () => sweep(ports) },
    ].map((timer) => ({ ...timer, at: this.#startedAt + timer.everySeconds * 1000 }))
  }

  /** Seconds since the beginning. */
  seconds(): number {
    return Math.round((this.arena.world.time - this.#startedAt) / 1000)
  }

  /** Azure fails at this place, so many times. */
  fail(place: Place, fault: Fault, times = Infinity): void {
    const until = this.played + times
    this.arena.fault = (method, path, respond) => {
      const responded = this.#responseOf(method, respond)
      if (place(method, path) && this.played < until) {
        this.played += 1
        return fault(responded)
      }
      return responded()
    }
  }

  /** Azure fails no more. */
  heal(): void {
    this.arena.fault = (method, _, respond) => this.#responseOf(method, respond)()
  }

  #responseOf(method: string, respond: () => Reply): () => Reply {
    return this.#story.isAsync && method === 'PUT' ? () => accepted(respond()) : respond
  }

  /** An event arrives, and this many seconds pass. */
  async run(seconds: number): Promise<void> {
    await evaluateAgainOnChange(this.arena.ports)
    await this.event()
    await this.pass(seconds)
  }

  /** An event about the target arrives; or about an endpoint of ours which names it. */
  async event(isFromEndpoint = false): Promise<void> {
    if (isFromEndpoint) await this.#enqueue({ ...this.arena.world.message(0), isFromEndpoint }, 0)
    else
      await askForReview(this.arena.ports, {
        at: id(this.#target()),
        expectsMore: true,
        correlationId: undefined,
      })
  }

  /** This many seconds pass. */
  async pass(seconds: number): Promise<void> {
    const { world } = this.arena
    const until = world.time + seconds * 1000
    for (;;) {
      const [next] = this.#queue.toSorted((a, b) => a.at - b.at)
      const timer = this.#timers.reduce((first, other) => (other.at < first.at ? other : first))
      const at = Math.min(next?.at ?? Infinity, timer.at)
      if (at > until) break
      world.time = Math.max(world.time, at)
      if (next && next.at <= timer.at) await this.#deliver(next)
      else {
        timer.at += timer.everySeconds * 1000
        await timer.run().catch(() => undefined)
      }
      this.#remember()
      await this.#letPersonClick()
    }
    world.time = Math.max(world.time, until)
  }

  /** The app is stopped for so many seconds. */
  stop(seconds: number): void {
    const { world } = this.arena
    world.time += seconds * 1000
    for (const timer of this.#timers) timer.at = Math.max(timer.at, world.time)
  }

  /** Changes what Azure shows of the connection; not by a write of this app. */
  show(status: string, description = '', more: Record<string, unknown> = {}): void {
    const connection = this.connection()
    const properties = connection.properties as object
    const privateLinkServiceConnectionState = { status, description }
    connection.properties = { ...properties, privateLinkServiceConnectionState, ...more }
  }

  /** The connection as Azure has it. */
  connection(): WireConnection {
    const [connection] = this.arena.connections.get(this.#target()) ?? []
    if (!connection) throw new Error('There is no connection.')
    return connection
  }

  /** What Azure shows. */
  status(): string {
    return statusOf(this.connection())
  }

  /** How many messages are on their way. */
  messages(): number {
    return this.#queue.length
  }

  /** The state of the work on the target; undefined: nothing is left to be done. */
  work(): WorkState | undefined {
    return this.#work.stateOf(id(this.#target()))
  }

  /** How often the connections of the target were listed so far, where a call that is repeated at once counts once. */
  lists(): number {
    return this.#listedAt.size
  }

  /** Calls to Azure so far. */
  calls(): readonly string[] {
    return this.arena.called
  }

  /** How many lines were logged as warnings or errors so far. */
  logged(): number {
    return this.arena.world.logged.filter((line) => !line.startsWith('info ')).length
  }

  /** Sentences that people were notified of. */
  notified(): readonly string[] {
    return this.arena.world.notifications.map(({ sentence }) => sentence)
  }

  /** Log entries about the connection. */
  entries(): readonly LogEntry[] {
    return this.arena.world.log.filter(({ subject }) => subject.kind === 'connection')
  }

  /** `kind:state` of each log entry about the connection, in order. */
  entryLines(): readonly string[] {
    return this.entries().map(storyOf)
  }

  /** Codes of the questions that are open, about the connection and its target. */
  openQuestions(): readonly string[] {
    return this.arena.world.unfinished().flatMap(({ request: { state, reason } }) => {
      return state.name === 'open' ? [reason.code] : []
    })
  }

  /** Laws of the log that are broken. */
  broken(): readonly string[] {
    return brokenInLog(this.entries())
  }

  #target(): string {
    return this.#story.target ?? lake
  }

  #pending(): readonly PendingFound[] {
    const connections = this.arena.connections.get(this.#target()) ?? []
    const pending = connections.filter((one) => this.doesSearchLag || statusOf(one) === 'Pending')
    if (!this.isSearched || pending.length === 0) return []
    return [{ target: id(this.#target()), connectionIds: pending.map((one) => one.id as string) }]
  }

  #remember(): void {
    const { notifications, followed } = this.arena.world
    for (const { kind } of followed.slice(this.followed.length))
      this.followed.push(`${kind} after ${Math.floor(this.seconds() / 3600)} h`)
    for (const { code, sentence } of notifications.slice(this.notices.length))
      this.notices.push({ seconds: this.seconds(), code, sentence })
  }

  /** They need a minute to open the page, and click. */
  async #letPersonClick(): Promise<void> {
    const { person } = this.#story
    const { ports } = this.arena
    if (person === undefined || this.noticesAtClick !== undefined) return
    const page = new Page(ports, this.connection().id as string)
    const state = (await page.find())?.record.request.state
    if (state?.name !== 'open' || this.arena.world.time - Date.parse(state.since) < readingMs) return
    await page.open()
    const { kind } = await page.click(person)
    if (kind === 'chosen') this.noticesAtClick = this.notices.length
  }

  #enqueue(message: ReviewMessage, delaySeconds: number): Promise<void> {
    this.#queue.push({ at: this.arena.world.time + delaySeconds * 1000, message, tries: 0 })
    return Promise.resolve()
  }

  /** As a queue does it: a message that fails comes back, and goes to the poison queue in the end. */
  async #deliver(next: Waiting): Promise<void> {
    const { ports, world } = this.arena
    this.#queue = this.#queue.filter((other) => other !== next)
    try {
      await review(ports, next.message)
    } catch {
      const tries = next.tries + 1
      if (tries < maxDequeueCount)
        this.#queue.push({ ...next, tries, at: world.time + visibilitySeconds * 1000 })
      else await giveUpForNow(ports, next.message)
    }
  }
}

function statusOf({ properties }: WireConnection): string {
  const { privateLinkServiceConnectionState } = properties as {
    privateLinkServiceConnectionState: { status: string }
  }
  return privateLinkServiceConnectionState.status
}

function ok(body: unknown): Reply {
  return { status: 200, body }
}

function accepted(reply: Reply): Reply {
  if (reply.status !== 200) return reply
  return { status: 201, body: reply.body, headers: { 'azure-asyncoperation': `${armOrigin}${operation}` } }
}
