/** What a target's review passes have in common, from one pass to the next. Times are milliseconds since 1970. */
export interface Series {
  /** How many passes went before the one that runs or comes next. */
  readonly attempt: number
  /** When people began to wait for a pass that notifies them. */
  readonly since: number
  /** True while nothing but endpoints of ours have named the target, which may well be somebody else's. */
  readonly isFromEndpoint: boolean
  /** Left by those who asked for one more pass and could not have it at once. */
  readonly word: Word | undefined
}

/** One more pass is wanted. */
export interface Word {
  /** The fewest passes gone before, of all who asked. The fewer, the more are still to come. */
  readonly attempt: number
}

/**
 * Where the work on a target stands. Each state has a time at which somebody comes back to it, so that nothing is
 * forgotten. A target without a state has nothing to be done.
 */
export type WorkState =
  /** A review holds the lease. After `leaseUntil` its holder is taken for dead. */
  | {
      readonly kind: 'held'
      readonly series: Series
      readonly holder: string
      readonly leaseUntil: number
    }
  /** Nobody reviews it; at `dueAt` it is overdue. A message for the next pass may be on its way. */
  | { readonly kind: 'due'; readonly series: Series; readonly dueAt: number }
  /** As `due`, but Azure asked to wait: there is no pass before `notBefore`. */
  | {
      readonly kind: 'backoff'
      readonly series: Series
      readonly dueAt: number
      readonly notBefore: number
    }

/** The clocks of the schedule. */
export interface ScheduleTimings {
  /**
   * Waits before each further pass of a series. Their number is fixed, because messages count passes.
   */
  readonly passWaitSeconds: readonly [number, number, number, number, number, number, number]
  readonly leaseSeconds: number
  readonly renewSeconds: number
  /** A target handed out as overdue is not handed out again before that. A failed pass waits as long. */
  readonly overdueGraceSeconds: number
  /** The queue brings the next pass; only when it is that late is the target overdue. */
  readonly spareSeconds: number
  /** A new event begins a series anew; people are notified all the same when they have waited that long. */
  readonly maxWaitSeconds: number
  /**
   * After a change of the allow-list, another instance may still decide by the list that it read some seconds before;
   * by then it reads the new one.
   */
  readonly listKnownSeconds: number
  /** The message for the end of a backoff must not find it still on. */
  readonly clockSlackSeconds: number
}
