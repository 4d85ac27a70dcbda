import type { PassEnd } from './schedule.ts'
import type { ReviewPorts } from './ports.ts'

/** One review pass over one target, under its lease. */
export interface Pass {
  readonly ports: ReviewPorts
  /** @throws Error when the lease of the target was lost or has ended: nothing may be written to Azure any more. */
  readonly assertHeld: () => void
  /** True when further passes over the same target follow by themselves. */
  readonly isFollowed: boolean
  /** True when an endpoint of ours names the target, which may belong to another tenant. */
  readonly isFromEndpoint: boolean
  readonly correlationId: string | undefined
  /** How many passes in a row before this one ended with a conflict. */
  readonly conflicts: number
}

const maxConflictSeconds = 600

export const done: PassEnd = { kind: 'done' }

/** The pass is requeued after this number of seconds. */
export function requeue(afterSeconds: number): PassEnd {
  return { kind: 'retry-after', afterSeconds }
}

/** The pass is requeued because others wrote a record first, in so many passes in a row. */
export function requeueAfterConflict(conflicts: number): PassEnd {
  return { kind: 'retry-after', afterSeconds: Math.min(2 ** conflicts, maxConflictSeconds), conflicts }
}

/** The end with the earlier requeue; a conflict of either is one of the pass. */
export function sooner(a: PassEnd, b: PassEnd): PassEnd {
  if (a.kind === 'done') return b
  if (b.kind === 'done') return a
  return { ...(a.afterSeconds <= b.afterSeconds ? a : b), conflicts: a.conflicts ?? b.conflicts }
}
