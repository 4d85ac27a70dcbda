import type { BurstWindow } from '../domain/burst.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { Outcome } from '../domain/verdict.ts'

/** Key of a counter: requests of one requester, or to one target, with a counter for each verdict. */
export interface BurstCounterKey {
  /** Names the requester or the target: `requester:…`, `subscription:…`, `no-endpoint`, `target:…`. */
  readonly source: string
  readonly outcome: Outcome
}

export interface BurstsPort {
  /** Names a request among those of its source: the same one is not counted twice. At most 16 characters. */
  requestKey(connectionId: ResourceId, episode: number): string
  /**
   * Reads a counter, lets `decide` compute the new state, and writes it if it has changed. Repeats both after a
   * conflicting write.
   * @throws LedgerConflict after repeated conflicts.
   */
  change<T extends { readonly window: BurstWindow }>(
    counterKey: BurstCounterKey,
    decide: (before: BurstWindow | undefined) => T,
  ): Promise<T>
  /** Removes counters in which nothing was written since. Returns how many there were. */
  forgetBefore(time: Date): Promise<number>
}
