import type { ResourceId } from '../domain/resource-id.ts'
import type { WorkState } from '../domain/target-work.ts'

/** The new state of a target's work, and a result for the caller. */
export interface WorkChange<T> {
  readonly write: WorkState | 'keep' | 'remove'
  readonly result: T
}

/** One target on the list of open work; or a row of the list that is refused, and why, as a sentence. */
export type ListedWork =
  | { readonly kind: 'work'; readonly target: ResourceId; readonly state: WorkState }
  | { readonly kind: 'unreadable'; readonly row: string; readonly problem: string }

/** Stores the state of each target's work for all instances, without interpreting it. */
export interface WorkPort {
  /**
   * Compare and swap: `decide` gets the state to replace, and is called again after a conflicting write.
   * @throws Error when the state cannot be read, or after repeated conflicts.
   */
  change<T>(target: ResourceId, decide: (state: WorkState | undefined) => WorkChange<T>): Promise<T>
  /** Every target that has a state. */
  list(): Promise<readonly ListedWork[]>
}
