/** How many requests are decided automatically within a window of time. */
export interface BurstLimits {
  readonly windowMs: number
  readonly perRequester: number
  readonly perTarget: number
}

/** One request that was counted. */
export interface Counted {
  /** Names connection and episode: the same request is not counted twice. */
  readonly key: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly isOver: boolean
}

/** What is remembered of one source: its newest requests, oldest first, at most one more than its limit. */
export interface BurstWindow {
  readonly counted: readonly Counted[]
  /** The newest case of the source; undefined when it never had one. */
  readonly caseId: string | undefined
  /** When the newest request came that was over the limit. */
  readonly overAt: number | undefined
}
