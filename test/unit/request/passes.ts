import type { Connection } from '../../../shared/domain/connection.ts'
import type { LogEntry } from '../../../shared/domain/log-entry.ts'
import type { Notification } from '../../../shared/domain/notification.ts'
import type { Request } from '../../../shared/domain/request.ts'
import { changeOf } from '../../../shared/request/entry.ts'
import { next } from '../../../shared/request/life.ts'
import type { Effect, Evaluated, LifeEvent } from '../../../shared/request/step.ts'
import type { EventOf } from '../../../shared/request/table.ts'
import { broken, lawsOfChanges } from '../../support/life/laws.ts'
import { sampleEntry } from '../../support/sample-request.ts'
import { burst, evaluated, lake, now, open } from './given.ts'

const { subject } = open()

/** An open request, and what the policy says of it. */
export interface Open {
  readonly that: string
  readonly request: Request
  readonly verdict: Evaluated['verdict']
}

/** Passes over a connection that waits: the record after them, and the questions that people were notified of. */
export class Passes {
  request: Request
  at = now
  /** Reminders and outcomes aside. */
  readonly notified: Notification[] = []
  /** What was written to the log. */
  readonly entries: Omit<LogEntry, 'sequence'>[] = []
  /** What the next pass evaluates. */
  verdict: Evaluated['verdict']
  readonly #isOver: boolean

  constructor({ request, verdict }: Pick<Open, 'request' | 'verdict'>, isOver = false) {
    this.request = request
    this.verdict = verdict
    this.#isOver = isOver
  }

  /** Until a decision is sent, or nothing is left to do. */
  pass(change: Partial<Connection> = {}): this {
    const connection = lake(change)
    const isRecheck = true
    const { ruleSetHash } = this.verdict
    const waits: EventOf<'waiting'> = { kind: 'waiting', connection, isRecheck, ruleSetHash }
    let event: LifeEvent | undefined = waits
    while (event) event = this.#after(this.step(event, connection.endpoint?.id), connection, waits)
    return this
  }

  /** One step, and what it writes. */
  step(event: LifeEvent, endpointId: string | undefined = lake().endpoint?.id): Effect {
    const { draft, effect } = next(this.request, event, { at: this.at, isFollowed: false })
    if (!draft) return effect
    const sequence = Number(this.request.decisionId.split('.').at(-1)) + this.entries.length + 1
    const entryId = `c0ffee00c0ffee00c0ff.2.${sequence}`
    const stamp = { subject: { ...subject, endpointId }, at: this.at, correlationId: undefined, entryId }
    const lastEntry = { ...(this.entries.at(-1) ?? sampleEntry(this.request)), sequence }
    const change = changeOf({ request: this.request, lastEntry }, draft, stamp)
    const laws = broken(lawsOfChanges, { before: this.request, change })
    if (laws.length > 0) throw new Error(`Broken: ${laws.join('; ')}`)
    this.request = change.request
    this.entries.push(change.entry)
    if (change.notification?.kind === 'question') this.notified.push(change.notification)
    return effect
  }

  #after({ kind }: Effect, connection: Connection, waits: EventOf<'waiting'>): LifeEvent | undefined {
    const made = evaluated('escalate', this.verdict, { connection })
    if (kind === 'evaluate') return { kind: 'evaluated', evaluated: made }
    if (kind === 'see-again') return waits
    if (kind === 'confirm') return { ...waits, isConfirmed: true }
    if (kind !== 'count' && kind !== 'count-as-question') return undefined
    return this.#isOver && kind === 'count-as-question'
      ? { kind: 'over-limit', evaluated: made, burst }
      : { kind: 'within-limits', evaluated: made }
  }
}
