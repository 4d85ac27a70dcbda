import type { ReviewPorts } from './ports.ts'

/** One look at one target, under its lease. */
export interface Look {
  readonly ports: ReviewPorts
  /** Aborted when the lease was lost: nothing may be written to Azure after that. */
  readonly signal: AbortSignal
  /** True when further looks at the same target are coming by themselves. */
  readonly isFollowed: boolean
  /** True when an endpoint of ours names the target, which may well be somebody else's. */
  readonly isFromEndpoint: boolean
  /** Why a part of the target's connections cannot be read; undefined when all can. */
  readonly unreadable: string | undefined
  readonly correlationId: string | undefined
}
