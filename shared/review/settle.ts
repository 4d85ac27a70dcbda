import type { Connection } from '../domain/connection.ts'
import type { ConnectionWrite, WriteOutcome } from '../domain/connection-write.ts'
import type { Subject } from '../domain/request.ts'
import type { Outcome } from '../domain/verdict.ts'
import type { RequestRecord, SubjectKey } from '../ports/ledger.ts'
import { episodeOf } from '../request/entry.ts'
import type { Evaluated, LifeEvent } from '../request/step.ts'
import { countAtSources } from './burst.ts'
import { currentRules } from './current-rules.ts'
import { type Driven, drive, type WorkingEffect } from './drive.ts'
import { evaluate, type Evaluation } from './evaluate.ts'
import type { Pass } from './pass.ts'
import type { PassEnd } from './schedule.ts'

/**
 * Settles one connection that is Pending or has an unknown status: proves the requester, evaluates, and approves,
 * rejects or escalates.
 * @throws LedgerConflict on a concurrent write, AzureBusy when Azure asks for a retry later.
 */
export async function settle(pass: Pass, evaluation: Evaluation, connection: Connection): Promise<PassEnd> {
  const settling = new Settling(pass, evaluation, connection)
  const record = await pass.ports.ledger.read(settling.key)
  return drive(pass, settling, record, { kind: 'waiting', connection })
}

/** Carries out the effects of a request's life on one connection. */
class Settling implements Driven {
  readonly key: SubjectKey
  readonly subject: Subject
  readonly #pass: Pass
  readonly #evaluation: Evaluation
  readonly #listed: Connection
  /** What was evaluated last in this pass. */
  #evaluated: Evaluated | undefined
  /** As it was read last. */
  #live: Connection

  constructor(pass: Pass, evaluation: Evaluation, listed: Connection) {
    this.key = { kind: 'connection', id: listed.id }
    this.subject = subjectOf(listed)
    this.#pass = pass
    this.#evaluation = evaluation
    this.#listed = listed
    this.#live = listed
  }

  async carryOut(effect: WorkingEffect, record: RequestRecord | undefined): Promise<LifeEvent> {
    switch (effect.kind) {
      case 'see-again':
        return { kind: 'waiting', connection: this.#listed }
      case 'evaluate':
        return this.#evaluate()
      case 'count':
        return this.#count(record, effect.isRelease, this.#known().verdict.outcome)
      case 'count-as-question':
        return this.#count(record, false, 'escalate')
      case 'read':
        return this.#read()
      case 'observe':
        return { kind: 'decided', ...this.#progress() }
      case 'write':
        return this.#write(effect.write)
      case 'read-back':
        return (
          (await this.#readAgain()) ?? { kind: 'read-back', evaluated: this.#known(), ...this.#progress() }
        )
      case 'read-if-gone':
        return (await this.#readAgain()) ?? { kind: 'still-there' }
    }
  }

  async #evaluate(): Promise<LifeEvent> {
    const evaluated = await evaluate(this.#evaluation, this.#listed)
    this.#evaluated = evaluated
    return { kind: 'evaluated', evaluated }
  }

  async #count(record: RequestRecord | undefined, isRelease: boolean, outcome: Outcome): Promise<LifeEvent> {
    const evaluated = this.#known()
    const episode = episodeOf(record?.request)
    const entryId = this.#pass.ports.ledger.nextEntryId(this.key, record, episode)
    const burst = await countAtSources(this.#pass.ports, { evaluated, outcome, episode, entryId, isRelease })
    return burst ? { kind: 'over-limit', evaluated, burst } : { kind: 'within-limits', evaluated }
  }

  /** The last read before the write. */
  async #read(): Promise<LifeEvent> {
    this.#pass.assertHeld()
    const gone = await this.#readAgain()
    if (gone) return gone
    const evaluated = this.#known()
    const newest = await currentRules(this.#pass.ports.rules)
    const isNewest = newest.complete && newest.hash === evaluated.verdict.ruleSetHash
    return { kind: 'read', evaluated, ...this.#progress(), isNewest }
  }

  async #write(write: ConnectionWrite): Promise<LifeEvent> {
    this.#pass.assertHeld()
    if (write.status === 'Approved') this.#evaluation.targetContext.countAsApproved(this.#listed)
    return eventOf(await this.#pass.ports.connections.apply(this.#live, write))
  }

  async #readAgain(): Promise<LifeEvent | undefined> {
    const live = await this.#pass.ports.connections.read(this.#listed)
    if (!live) return { kind: 'gone' }
    this.#live = live
    return undefined
  }

  #progress() {
    const connection = this.#live
    return { connection, progress: this.#pass.ports.connections.progressOf(connection) }
  }

  #known(): Evaluated {
    if (!this.#evaluated) throw new Error('Nothing was evaluated yet.')
    return this.#evaluated
  }
}

function subjectOf({ id, target, endpoint }: Connection): Subject {
  return { kind: 'connection', connectionId: id.id, targetId: target.id, endpointId: endpoint?.id }
}

function eventOf(outcome: WriteOutcome): LifeEvent {
  switch (outcome.kind) {
    case 'retry-after':
      return { ...outcome, kind: 'busy' }
    case 'gone':
      return { kind: 'said-gone' }
    default:
      return outcome
  }
}
