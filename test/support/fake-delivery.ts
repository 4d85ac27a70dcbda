import type { LogEntry } from '../../shared/domain/log-entry.ts'
import type { Message } from '../../shared/domain/message.ts'
import type { Notification } from '../../shared/domain/notification.ts'
import type { RequestState } from '../../shared/domain/request.ts'
import type { Route, Routing } from '../../shared/domain/route.ts'
import { deliverDue } from '../../shared/notify/deliver.ts'
import { ChannelPauses } from '../../shared/notify/pauses.ts'
import type { DeliveryPorts } from '../../shared/notify/ports.ts'
import type { SubjectKey } from '../../shared/ports/ledger.ts'
import type { Accepted, MessageChannel, RateLimit } from '../../shared/ports/message-channel.ts'
import { MemoryLedger } from './memory-ledger.ts'
import { connectionNamed, sampleNotification, stepTo } from './sample-request.ts'

/** A line of the log. */
export interface Line {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
  readonly facts: Record<string, unknown> | undefined
}

/** A message as a channel got it. */
export interface SentMessage {
  readonly channel: string
  readonly at: number
  readonly message: Message
  readonly recipients: readonly string[]
}

type Behaviour = (message: Message, signal: AbortSignal) => Accepted | Promise<Accepted>

/** A route; the default one unless changed. */
export function sampleRoute(change: Partial<Route> = {}): Route {
  return {
    ...{ name: 'all', rules: [], scopes: [], targetTags: [], risk: undefined },
    ...{ channels: ['mail'], fallback: [], isDefault: true },
    ...change,
  }
}

/** Delivering on tables in memory, with channels that do as they are told, and a clock. */
export class FakeDelivery {
  time = Date.parse('2026-11-21T08:00:00.000Z')
  readonly memory: MemoryLedger
  /** Ids of the questions of each request that is open. */
  readonly #asked = new Map<string, readonly string[]>()
  readonly sent: SentMessage[] = []
  /** Notifications that the log has. */
  readonly logged: Notification[] = []
  readonly lines: Line[] = []
  readonly hinted: { readonly ref: string; readonly afterSeconds: number | undefined }[] = []
  readonly behaviour = new Map<string, Behaviour>()
  readonly limits = new Map<string, readonly RateLimit[]>()
  routing: Routing = {
    channels: [{ kind: 'email', name: 'mail', to: ['ops@contoso.com'], fromTag: undefined }],
    routes: [sampleRoute()],
  }
  /** Channels that are defined and cannot be used. */
  unusable: readonly string[] = []

  constructor(memory?: MemoryLedger) {
    this.memory = memory ?? new MemoryLedger(() => new Date(this.time))
  }

  get now(): Date {
    return new Date(this.time)
  }

  /** @param host where several hosts run: the storage as one of them sees it. */
  ports(change: Partial<DeliveryPorts> = {}, host = this.memory.anotherHost()): DeliveryPorts {
    const now = () => this.now
    const { outbox, cases, sends } = host
    const line =
      (level: Line['level']) =>
      (message: string, facts?: Record<string, unknown>): void => {
        this.lines.push({ level, message, facts })
      }
    return {
      ...{ outbox, cases, sends, now },
      routes: { current: () => Promise.resolve({ routing: this.routing, channels: this.#channels() }) },
      hints: {
        hint: (ref, afterSeconds) => Promise.resolve(void this.hinted.push({ ref, afterSeconds })),
      },
      notificationLog: { write: (notification) => Promise.resolve(void this.logged.push(notification)) },
      links: undefined,
      pauses: new ChannelPauses(now),
      settings: {
        ...{ windowMs: 60_000, perRecipientAndHour: 10, withSubdomains: false },
        ...{ portal: 'https://portal.azure.com', timeZone: 'Europe/Berlin', ownTenantId: undefined },
      },
      sendMs: 20,
      log: { info: line('info'), warn: line('warn'), error: line('error') },
      random: () => 1,
      ...change,
    }
  }

  /** A request that waits for manual review since now; the reference of its notification. */
  async ask(
    name: string,
    change: Partial<Notification> = {},
    entry: Partial<LogEntry> = {},
    subject = connectionNamed(name),
  ): Promise<string> {
    const { ledger } = this.memory
    const at = this.now.toISOString()
    const record = await ledger.read(subject)
    const id = ledger.nextEntryId(subject, record, 1)
    const notification = sampleNotification({
      ...{ id, decisionId: id, since: at, targetId: targetIdOf(subject), connectionId: subject.id.id },
      ...change,
    })
    const step = stepTo('open', { notification, entry: { at, decisionId: id, ...entry } }, subject)
    this.#asked.set(name, [...(this.#asked.get(name) ?? []), id])
    const state = { ...step.request.state, notificationId: notification.id } as RequestState
    const written = await ledger.write(subject, record, {
      ...step,
      request: { ...step.request, state },
    })
    return written.notificationRef ?? ''
  }

  /** People are reminded of a request that waits; the reference of the reminder. */
  async remind(name: string): Promise<string> {
    const subject = connectionNamed(name)
    const { ledger } = this.memory
    const record = await ledger.read(subject)
    if (!record) throw new Error('Nobody was asked.')
    const id = ledger.nextEntryId(subject, record, 1)
    const about = this.#asked.get(name)?.slice(-1) ?? []
    const notification = sampleNotification({
      ...{ id, kind: 'reminder', about, connectionId: subject.id.id },
    })
    const entry = { at: this.now.toISOString(), ...({ kind: 'reminded', basis: 'follow-up' } as const) }
    const change = stepTo('open', { request: record.request, entry, notification }, subject)
    return (await ledger.write(subject, record, change)).notificationRef ?? ''
  }

  /** A request ends: nobody has to be asked any more; the reference of its outcome. */
  async end(
    name: string,
    state: 'applied' | 'decided-elsewhere' | 'withdrawn' = 'withdrawn',
    sentence = `It is ${state}.`,
  ): Promise<string> {
    const subject = connectionNamed(name)
    const { ledger } = this.memory
    const record = await ledger.read(subject)
    const id = ledger.nextEntryId(subject, record, 1)
    const about = this.#asked.get(name) ?? []
    this.#asked.delete(name)
    const notification = sampleNotification({
      ...{ id, kind: 'outcome', code: 'final-state', sentence, about },
      connectionId: subject.id.id,
    })
    const entry = { at: this.now.toISOString(), ...({ kind: 'observed', basis: 'follow-up' } as const) }
    const change = stepTo(state, { entry, ...(about.length > 0 && { notification }) }, subject)
    return (await ledger.write(subject, record, change)).notificationRef ?? ''
  }

  /** Runs the timer every half minute for a while. */
  async pass(minutes: number, ports = this.ports()): Promise<void> {
    const end = this.time + minutes * 60_000
    while (this.time < end) {
      this.time = Math.min(end, this.time + 30_000)
      await deliverDue(ports)
    }
  }

  /** What the log said with a metric. */
  linesWith(metric: string): readonly Line[] {
    return this.lines.filter(({ facts }) => facts?.['metric'] === metric)
  }

  #channels(): readonly MessageChannel[] {
    return this.routing.channels
      .filter(({ name }) => !this.unusable.includes(name))
      .map(({ name, kind }) => ({
        ...{ name, kind, limitKey: name, limits: this.limits.get(name) ?? [] },
        send: async (message, recipients, signal) => {
          const accepted = await this.behaviour.get(name)?.(message, signal)
          this.sent.push({ channel: name, at: this.time, message, recipients })
          return accepted ?? { reference: undefined }
        },
      }))
  }
}

function targetIdOf({ id }: SubjectKey): string {
  return id.id.replace(/\/privateEndpointConnections\/[^/]+$/, '')
}
