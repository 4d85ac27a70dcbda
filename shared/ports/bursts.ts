import type { BurstWindow } from '../domain/burst.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { Outcome } from '../domain/verdict.ts'

/** Key of a counter: requests of one requester, or to one target, or about targets that cannot be read, for a verdict. */
export interface BurstCounterKey {
  /**
   * Names what is counted: `requester:…`, `subscription:…`, `no-endpoint`, `target:…`; `unreadable:…` by subscription,
   * and `unreadable` for all.
   */
  readonly source: string
  readonly outcome: Outcome
}

export interface BurstsPort {
  /** Names a request among those of its source: the same one is not counted twice. At most 16 characters. */
  requestKey(subject: ResourceId, episode: number): string
  /**
   * Reads a counter, lets `decide` compute the new state, and writes it if it has changed. Repeats both after a
   * conflicting write.
   * @throws LedgerConflict after repeated conflicts.
   */
  change<T extends { readonly window: BurstWindow }>(
    counterKey: BurstCounterKey,
    decide: (before: BurstWindow | undefined) => T,
  ): Promise<T>
  /**
   * Removes counters in which nothing was written since, except those of approvals whose case is open. Returns how many
   * there were.
   */
  forgetBefore(time: Date, isOpen: (caseId: string) => Promise<boolean>): Promise<number>
}
