import type { LedgerChange } from '../../../shared/domain/ledger-change.ts'
import type { Request } from '../../../shared/domain/request.ts'
import type { LifeEvent, Moment, Step } from '../../../shared/request/step.ts'

/** One step of a life, with what it writes. */
export interface Taken {
  readonly before: Request | undefined
  readonly event: LifeEvent
  readonly moment: Moment
  readonly step: Step
  /** What is written; undefined when nothing is. */
  readonly change: LedgerChange | undefined
}

/** One write to the ledger. */
export interface Changed {
  readonly before: Request | undefined
  readonly change: LedgerChange
}

/** Each law by its sentence: true where it holds. */
export type Law<T> = readonly [sentence: string, holds: (taken: T) => boolean]
