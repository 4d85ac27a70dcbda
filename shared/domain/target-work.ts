/** What a target's review passes have in common, from one pass to the next. Times are milliseconds since 1970. */
export interface Series {
  /** How many passes went before the one that runs or comes next. */
  readonly attempt: number
  /** When the wait for a pass that sends notifications began; left out: with the next pass, as nobody waits. */
  readonly since?: number | undefined
  /** True while only endpoints of ours have named the target, which may belong to another tenant. */
  readonly isFromEndpoint: boolean
  /** One more pass, requested while none could be made. */
  readonly word: Word | undefined
  /** Number of the next pass: of all messages of former passes, only that with this number leads to it; left out: 0. */
  readonly passNumber?: number | undefined
  /** How many passes in a row ended with a record that others wrote first; left out: none. */
  readonly conflicts?: number | undefined
  /** How many messages were sent for it as overdue since its last pass began; left out: none. */
  readonly claims?: number | undefined
  /**
   * What Azure has failed at, and since when, oldest first: connections by their ids, the list by that of the target.
   * Each ends with a pass that has tried it and settled it. Left out: none.
   */
  readonly trouble?: readonly DatedId[] | undefined
  /** When open requests are evaluated again although nothing about them has changed; left out: in the next pass. */
  readonly recheckAt?: number | undefined
  /** Hash of the allow-list by which every open request of the target was evaluated; left out: not known. */
  readonly evaluatedBy?: string | undefined
  /**
   * Pending connections that Resource Graph shows and of which no request is known, or which are in trouble or doubted,
   * and when it last showed them.
   */
  readonly shown?: readonly ShownId[] | undefined
}

/** An ARM id, and a time that belongs to it. */
export interface DatedId {
  readonly id: string
  readonly at: number
}

/** A connection that Resource Graph shows: `at` is when it showed it last. */
export interface ShownId extends DatedId {
  /** When it showed it first, in a row; left out: not known. */
  readonly since?: number | undefined
  /** True when a pass has found that the list or a read does not show it so, or its request was over once. */
  readonly isDoubted?: true | undefined
}

/** A request for one more pass. */
export interface Word {
  /** The lowest attempt of all requests: the lower it is, the more passes follow. */
  readonly attempt: number
}

/**
 * The state of the work on a target. Each state has a time at which it is taken up again, so that no work is lost. A
 * target without a state has no work.
 */
export type WorkState =
  /** A review holds the lease. After `leaseUntil` its holder is considered dead. */
  | {
      readonly kind: 'held'
      readonly series: Series
      readonly holder: string
      readonly leaseUntil: number
    }
  /** No review holds it; at `dueAt` it is overdue. A message for the next pass may be on its way. */
  | { readonly kind: 'due'; readonly series: Series; readonly dueAt: number }
  /** A series has ended and requests are open: at `dueAt` they are evaluated again. An event begins another series. */
  | { readonly kind: 'resting'; readonly series: Series; readonly dueAt: number }
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
  /** The queue delivers the next pass; when it is later than this, the target is overdue. */
  readonly spareSeconds: number
  /** A new event restarts a series; notifications are sent after this time all the same. */
  readonly maxWaitSeconds: number
  /**
   * After a change of the allow-list, another instance may still decide by the list that it read some seconds before;
   * by then it reads the new one.
   */
  readonly listKnownSeconds: number
  /** The message for the end of a backoff must not find it still on. */
  readonly clockSlackSeconds: number
}
