import { Ledger } from '../../shared/ledger/ledger.ts'
import { Outbox } from '../../shared/ledger/outbox.ts'
import type { UnreadableRow } from '../../shared/ledger/unreadable-row.ts'
import { MemoryTable, type StorageHook } from './memory-table.ts'

/**
 * The ledger and the outbox themselves, on tables in memory: the same transactions, versions and conflicts, and a crash
 * at any call to storage.
 */
export class MemoryLedger {
  /** May throw, before or after each call to storage. */
  hook: StorageHook = () => undefined
  readonly unreadable: UnreadableRow[] = []
  readonly requests: MemoryTable
  readonly index: MemoryTable
  readonly ledger: Ledger
  readonly outbox: Outbox
  readonly #now: () => Date

  constructor(now: () => Date) {
    this.#now = now
    const hook: StorageHook = (when, call) => this.hook(when, call)
    this.requests = new MemoryTable('requests', now, hook)
    this.index = new MemoryTable('index', now, hook)
    const { ledger, outbox } = this.anotherHost()
    this.ledger = ledger
    this.outbox = outbox
  }

  /** The same storage as another process, or the same one after a restart, sees it. */
  anotherHost(now = this.#now): { readonly ledger: Ledger; readonly outbox: Outbox } {
    const report = (problem: UnreadableRow): void => {
      this.unreadable.push(problem)
    }
    return {
      ledger: new Ledger(this.requests, this.index, report, now),
      outbox: new Outbox(this.requests, this.index, report, now),
    }
  }
}
