import type { ResourceId } from '../domain/resource-id.ts'
import type { WorkState } from '../domain/target-work.ts'

/** What becomes of the state of a target's work, and what the caller wants to know. */
export interface WorkChange<T> {
  readonly write: WorkState | 'keep' | 'remove'
  readonly result: T
}

/** One target on the list of open work; or a row of the list that is refused, and why, as a sentence. */
export type ListedWork =
  | { readonly kind: 'work'; readonly target: ResourceId; readonly state: WorkState }
  | { readonly kind: 'unreadable'; readonly row: string; readonly problem: string }

/** Keeps the state of each target's work, over all instances. Knows nothing of what the states mean. */
export interface WorkPort {
  /**
   * Compare and swap: `decide` sees the state that is replaced, and is asked anew when somebody else was faster.
   * @throws Error when the state cannot be read, or others were faster each time.
   */
  change<T>(target: ResourceId, decide: (state: WorkState | undefined) => WorkChange<T>): Promise<T>
  /** Every target that has a state. */
  list(): Promise<readonly ListedWork[]>
}
