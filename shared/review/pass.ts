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
}

export const done: PassEnd = { kind: 'done' }

/** The pass is requeued after this number of seconds. */
export function requeue(afterSeconds: number): PassEnd {
  return { kind: 'retry-after', afterSeconds }
}

/** The end with the earlier requeue. */
export function sooner(a: PassEnd, b: PassEnd): PassEnd {
  if (a.kind === 'done') return b
  return b.kind === 'done' || a.afterSeconds <= b.afterSeconds ? a : b
}
