import type { FloodWindow } from '../domain/flood.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { Outcome } from '../domain/verdict.ts'

/** Requests of one requester, or to one target, that are counted; what the policy says of them is counted apart. */
export interface FloodLane {
  /** Names the requester or the target: `requester:…`, `subscription:…`, `no-endpoint`, `target:…`. */
  readonly source: string
  readonly outcome: Outcome
}

export interface FloodsPort {
  /** Names a request among those of its source: the same one is not counted twice. At most 16 characters. */
  requestKey(connectionId: ResourceId, episode: number): string
  /**
   * Reads what is remembered of a lane, lets `decide` say what it becomes, and writes that if it is another. Starts
   * over, and decides anew, when somebody wrote in between.
   * @throws LedgerConflict when others wrote in between again and again.
   */
  change<T extends { readonly window: FloodWindow }>(
    lane: FloodLane,
    decide: (before: FloodWindow | undefined) => T,
  ): Promise<T>
  /** Removes lanes in which nothing was written since. Returns how many there were. */
  forgetBefore(time: Date): Promise<number>
}
