import type { ResourceId } from '../../shared/domain/resource-id.ts'
import type { Series, WorkState } from '../../shared/domain/target-work.ts'
import type { ListedWork, WorkChange, WorkPort } from '../../shared/ports/work.ts'
import { defaultTimings, type NextPass } from '../../shared/review/schedule.ts'
import { MemoryWork } from './memory-work.ts'

/** A series that began at that time and has come nowhere yet. */
export function seriesAt(since: number, change: Partial<Series> = {}): Series {
  return { attempt: 0, since, isFromEndpoint: false, word: undefined, ...change }
}

/**
 * Open work in memory, which remembers how leases ended. What waits for a later pass is forgotten, so that each review of
 * a test is one of its own, until a test arranges a state: from then on all of it is kept.
 */
export class FakeWork implements WorkPort {
  readonly finished: (NextPass | undefined)[] = []
  abandoned = 0
  readonly #memory = new MemoryWork()
  readonly #now: () => number
  #isKept = false

  constructor(now: () => number) {
    this.#now = now
  }

  change<T>(target: ResourceId, decide: (state: WorkState | undefined) => WorkChange<T>): Promise<T> {
    return this.#memory.change(target, (state) => {
      const before = this.#isKept || state?.kind === 'held' ? state : undefined
      const change = decide(before)
      if (before?.kind === 'held') this.#remember(before.series, change.write)
      return change
    })
  }

  list(): Promise<readonly ListedWork[]> {
    return this.#memory.list()
  }

  stateOf(target: ResourceId): WorkState | undefined {
    return this.#memory.stateOf(target)
  }

  /** Makes the state of a target what a test needs. */
  arrange(target: ResourceId, state: WorkState | undefined): void {
    this.#isKept = true
    this.#memory.arrange(target, state)
  }

  /** A review that gives the lease back leaves its series where it is. */
  #remember(series: Series, write: WorkChange<unknown>['write']): void {
    if (write === 'keep') return
    if (write === 'remove') this.finished.push(undefined)
    else if (write.kind === 'due' && isSamePass(write.series, series)) this.abandoned += 1
    else if (write.kind !== 'held') this.finished.push(this.#nextOf(write))
  }

  #nextOf({ kind, series, dueAt }: Exclude<WorkState, { kind: 'held' }>): NextPass {
    const afterSeconds = (dueAt - this.#now()) / 1000 - defaultTimings.spareSeconds
    const next = { attempt: series.attempt, afterSeconds, notSooner: kind === 'backoff' }
    return kind === 'resting' ? { ...next, isResting: true } : next
  }
}

function isSamePass(a: Series, b: Series): boolean {
  return a.passNumber === b.passNumber && a.claims === b.claims && a.shown === b.shown
}
