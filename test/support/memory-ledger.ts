import { Cases } from '../../shared/ledger/cases.ts'
import { Ledger } from '../../shared/ledger/ledger.ts'
import { Outbox } from '../../shared/ledger/outbox.ts'
import { SendCounters } from '../../shared/ledger/sends.ts'
import type { UnreadableRow } from '../../shared/ledger/unreadable-row.ts'
import { MemoryTable, type StorageHook } from './memory-table.ts'

/**
 * The ledger, the outbox, cases and counters themselves, on tables in memory: the same transactions, versions and conflicts, and a crash
 * at any call to storage.
 */
export class MemoryLedger {
  /** May throw, before or after each call to storage. */
  hook: StorageHook = () => undefined
  readonly unreadable: UnreadableRow[] = []
  readonly requests: MemoryTable
  readonly index: MemoryTable
  readonly limits: MemoryTable
  readonly ledger: Ledger
  readonly outbox: Outbox
  readonly cases: Cases
  readonly sends: SendCounters
  readonly #now: () => Date

  constructor(now: () => Date) {
    this.#now = now
    const hook: StorageHook = (when, call) => this.hook(when, call)
    this.requests = new MemoryTable('requests', now, hook)
    this.index = new MemoryTable('index', now, hook)
    this.limits = new MemoryTable('limits', now, hook)
    const { ledger, outbox, cases, sends } = this.anotherHost()
    this.ledger = ledger
    this.outbox = outbox
    this.cases = cases
    this.sends = sends
  }

  /** The same storage as another process, or the same one after a restart, sees it. */
  anotherHost(now = this.#now): Pick<MemoryLedger, 'ledger' | 'outbox' | 'cases' | 'sends'> {
    const report = (problem: UnreadableRow): void => {
      this.unreadable.push(problem)
    }
    return {
      ledger: new Ledger(this.requests, this.index, report, now),
      outbox: new Outbox(this.requests, this.index, report, now),
      cases: new Cases(this.requests, this.index, report, now),
      sends: new SendCounters(this.limits),
    }
  }
}
