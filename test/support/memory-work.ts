import type { ResourceId } from '../../shared/domain/resource-id.ts'
import type { WorkState } from '../../shared/domain/target-work.ts'
import type { ListedWork, WorkChange, WorkPort } from '../../shared/ports/work.ts'

/** What storage keeps of open work, in memory: lease and schedule above it are the real ones. */
export class MemoryWork implements WorkPort {
  readonly #rows = new Map<string, { readonly target: ResourceId; readonly state: WorkState }>()

  change<T>(target: ResourceId, decide: (state: WorkState | undefined) => WorkChange<T>): Promise<T> {
    return Promise.resolve().then(() => {
      const { write, result } = decide(this.stateOf(target))
      if (write !== 'keep') this.arrange(target, write === 'remove' ? undefined : write)
      return result
    })
  }

  list(): Promise<readonly ListedWork[]> {
    return Promise.resolve([...this.#rows.values()].map((row) => ({ kind: 'work', ...row })))
  }

  stateOf(target: ResourceId): WorkState | undefined {
    return this.#rows.get(target.key)?.state
  }

  /** Makes the state of a target what a test needs. */
  arrange(target: ResourceId, state: WorkState | undefined): void {
    if (state) this.#rows.set(target.key, { target, state })
    else this.#rows.delete(target.key)
  }
}
