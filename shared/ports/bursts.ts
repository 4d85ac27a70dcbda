import type { BurstWindow } from '../domain/burst.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { Outcome } from '../domain/verdict.ts'

/** Requests of one requester, or to one target, that are counted; what the policy says of them is counted apart. */
export interface BurstCounterKey {
  /** Names the requester or the target: `requester:…`, `subscription:…`, `no-endpoint`, `target:…`. */
  readonly source: string
  readonly outcome: Outcome
}

export interface BurstsPort {
  /** Names a request among those of its source: the same one is not counted twice. At most 16 characters. */
  requestKey(connectionId: ResourceId, episode: number): string
  /**
   * Reads what is remembered of a counter, lets `decide` say what it becomes, and writes that if it is another. Starts
   * over, and decides anew, when somebody wrote in between.
   * @throws LedgerConflict when others wrote in between again and again.
   */
  change<T extends { readonly window: BurstWindow }>(
    counterKey: BurstCounterKey,
    decide: (before: BurstWindow | undefined) => T,
  ): Promise<T>
  /** Removes counters in which nothing was written since. Returns how many there were. */
  forgetBefore(time: Date): Promise<number>
}
