import { chosenOutcome } from '../domain/choice.ts'
import { type Connection, isDecided } from '../domain/connection.ts'
import type { ConnectionWrite, WriteOutcome } from '../domain/connection-write.ts'
import type { Subject } from '../domain/request.ts'
import type { Outcome } from '../domain/verdict.ts'
import { spokenWords } from '../domain/words.ts'
import { AzureFailed } from '../ports/azure.ts'
import { LedgerConflict, type RequestRecord, type SubjectKey } from '../ports/ledger.ts'
import { episodeOf } from '../request/entry.ts'
import type { Evaluated, LifeEvent } from '../request/step.ts'
import { countAtSources } from './burst.ts'
import { confirmed } from './confirm.ts'
import { currentRules } from './current-rules.ts'
import { type Driven, drive, type WorkingEffect } from './drive.ts'
import { evaluate, type Evaluation } from './evaluate.ts'
import type { Pass } from './pass.ts'
import type { PassEnd } from './next-pass.ts'
import { isInTrouble } from './trouble.ts'

/**
 * Settles one connection that is Pending or has an unknown status: proves the requester, evaluates, and approves,
 * rejects or escalates.
 * @throws LedgerConflict on a concurrent write, AzureBusy when Azure asks for a retry later.
 */
export async function settle(pass: Pass, evaluation: Evaluation, connection: Connection): Promise<PassEnd> {
  const settling = new Settling(pass, evaluation, connection)
  const record = await pass.ports.ledger.read(settling.key)
  try {
    const end = await drive(pass, settling, record, await settling.seen())
    await settling.remember()
    return end
  } catch (error) {
    if (error instanceof LedgerConflict && settling.isSent()) {
      const facts = { metric: 'ledger.conflict-after-write', connection: connection.id.id }
      pass.ports.log.error('A decision was sent, and another writer changed its record meanwhile.', facts)
    }
    throw error
  }
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
  #isSent = false
  /** True when a read has shown what the list shows. */
  #isConfirmed = false

  constructor(pass: Pass, evaluation: Evaluation, listed: Connection) {
    this.key = { kind: 'connection', id: listed.id }
    this.subject = subjectOf(listed)
    this.#pass = pass
    this.#evaluation = evaluation
    this.#listed = listed
    this.#live = listed
  }

  /** True when a decision was sent to Azure in this pass. */
  isSent(): boolean {
    return this.#isSent
  }

  /** A decision of this app is remembered before a list shows it: the list of this pass is older. */
  async remember(): Promise<void> {
    if (this.#isSent && isDecided(this.#live)) await this.#evaluation.claims.addWritten(this.#live)
  }

  /** The list shows the connection. */
  async seen(): Promise<LifeEvent> {
    const rules = await this.#evaluation.newestRules()
    const ruleSetHash = rules.complete ? rules.hash : undefined
    const { evaluatedBy, trouble } = this.#pass
    const known = {
      // Only what is evaluated shows that its trouble is over.
      isRecheck: this.#pass.isRecheck || isInTrouble(trouble, this.#listed.id.key),
      ruleSetHash,
      evaluatedBy,
      ...(this.#isConfirmed && { isConfirmed: true as const }),
    }
    return { kind: 'waiting', connection: this.#shown(), ...known }
  }

  /** Each time that Azure does not take the decision is a warning. */
  async carryOut(effect: WorkingEffect, record: RequestRecord | undefined): Promise<LifeEvent> {
    const event = await this.#carryOut(effect, record)
    if (event.kind === 'busy' || event.kind === 'unanswered') {
      const facts = { metric: 'azure.fails', connection: this.#listed.id.id, words: spokenWords(event) }
      this.#pass.ports.log.warn('Azure does not take a decision; it is sent again.', facts)
    }
    return event
  }

  async #carryOut(effect: WorkingEffect, record: RequestRecord | undefined): Promise<LifeEvent> {
    switch (effect.kind) {
      case 'confirm':
        return this.#confirm(record)
      case 'see-again':
        return this.seen()
      case 'evaluate':
        return this.#evaluate(record)
      case 'count':
        return this.#count(record, effect.isRelease, this.#known().verdict.outcome)
      case 'count-as-question':
        return this.#count(record, false, 'escalate')
      case 'read':
        return this.#read()
      case 'observe':
        return this.#observed()
      case 'write':
        return this.#write(effect.write)
      case 'read-back':
        return this.#readBack()
      case 'read-if-gone':
        return this.#readIfGone()
    }
  }

  /**
   * Reads what only a list shows.
   * @throws AzureFailed when the two differ, or it cannot be read, and nobody has been notified.
   */
  async #confirm(record: RequestRecord | undefined): Promise<LifeEvent> {
    const read = await confirmed(this.#evaluation, this.#listed, record?.request)
    if (!read) return { kind: 'contradicted' }
    this.#live = read
    this.#isConfirmed = true
    return this.seen()
  }

  /** The read before the write shows that it is decided already: a person's “no” that the list does not show yet is kept. */
  async #observed(): Promise<LifeEvent> {
    if (isDecided(this.#live)) await this.#evaluation.claims.addRead(this.#live, this.#listed)
    return { kind: 'decided', ...this.#progress(), isUnsent: true }
  }

  /** As the list shows it; the message, and group ids that the list leaves out, as they were read. */
  #shown(): Connection {
    const { groupIds, description } = this.#live
    return { ...this.#listed, groupIds: this.#listed.groupIds ?? groupIds, description }
  }

  async #evaluate(record: RequestRecord | undefined): Promise<LifeEvent> {
    const evaluated = await evaluate(this.#evaluation, this.#shown())
    this.#evaluated = evaluated
    if (!record || chosenOutcome(record.request.choices) !== 'approve')
      return { kind: 'evaluated', evaluated }
    const askers = await this.#pass.ports.askers.askersOf(evaluated.connection, evaluated.proof)
    return { kind: 'evaluated', evaluated, askers: askers.kind === 'known' ? askers.people : [] }
  }

  async #count(record: RequestRecord | undefined, isRelease: boolean, outcome: Outcome): Promise<LifeEvent> {
    const evaluated = this.#known()
    const episode = episodeOf(record?.request)
    const entryId = this.#pass.ports.ledger.nextEntryId(this.key, record, episode)
    const burst = await countAtSources(this.#pass.ports, { evaluated, outcome, episode, entryId, isRelease })
    return burst ? { kind: 'over-limit', evaluated, burst } : { kind: 'within-limits', evaluated }
  }

  /** The last read before the write. The list has just shown the connection. */
  async #read(): Promise<LifeEvent> {
    this.#pass.assertHeld()
    const failed = await this.#readListed()
    if (failed) return failed
    const evaluated = this.#known()
    const newest = await currentRules(this.#pass.ports.rules)
    // A list that cannot be used decides nothing; people may.
    const isNewest = (newest.complete ? newest.hash : undefined) === evaluated.verdict.ruleSetHash
    return { kind: 'read', evaluated, ...this.#progress(), isNewest }
  }

  async #write(write: ConnectionWrite): Promise<LifeEvent> {
    this.#pass.assertHeld()
    this.#isSent = true
    if (write.status === 'Approved') this.#evaluation.places.take(this.#listed)
    try {
      return eventOf(await this.#pass.ports.connections.apply(this.#live, write))
    } catch (error) {
      return failedAs(error)
    }
  }

  /** A read right after a write may be too early once: what is not there is read by the next pass again. */
  async #readBack(): Promise<LifeEvent> {
    const failed = await this.#readAgain()
    if (failed) return { kind: 'accepted' }
    return { kind: 'read-back', evaluated: this.#known(), ...this.#progress() }
  }

  /** A write said that the connection does not exist. */
  async #readIfGone(): Promise<LifeEvent> {
    return (await this.#readListed()) ?? { kind: 'still-there' }
  }

  /** Reads what the list of this very pass shows: that it does not exist is a contradiction. */
  async #readListed(): Promise<LifeEvent | undefined> {
    const failed = await this.#readAgain()
    return failed?.kind === 'gone' ? { kind: 'contradicted' } : failed
  }

  /** Undefined when it was read: then `#live` is what it shows. */
  async #readAgain(): Promise<LifeEvent | undefined> {
    try {
      const live = await this.#pass.ports.connections.read(this.#listed)
      if (!live) return { kind: 'gone' }
      this.#live = live
      return undefined
    } catch (error) {
      return failedAs(error)
    }
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

/** A call that failed is tried again. @throws anything else. */
function failedAs(error: unknown): LifeEvent {
  if (!(error instanceof AzureFailed)) throw error
  return { kind: 'busy', afterSeconds: error.afterSeconds, ...error.words }
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
