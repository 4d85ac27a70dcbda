/** The resource to review. Holds no facts about it. */
export interface ReviewMessage {
  /** A target, or an ordinary endpoint whose targets are looked up. */
  readonly resourceId: string
  /** How many review passes came before: the connection may appear well after its event. */
  readonly attempt: number
  /** True for a further pass sent by a review; false for an event, a sweep or a person's request. */
  readonly isFollowUp: boolean
  /** Of a further pass: see `Series.passNumber`. */
  readonly passNumber?: number | undefined
  /** True when an endpoint of ours names the target, which may belong to another tenant. */
  readonly isFromEndpoint: boolean
  readonly correlationId: string | undefined
}

/** A message that is delivered when nobody postpones it any more, because its sender died. */
export interface RecoveryMessage {
  /** Sends it, or replaces it: it is delivered after that time, unless it is postponed again. */
  postpone(message: ReviewMessage, delaySeconds: number): Promise<void>
  cancel(): Promise<void>
}

export interface ReviewQueuePort {
  enqueue(message: ReviewMessage, delaySeconds?: number): Promise<void>
  /** A recovery message, not yet sent. */
  recoveryMessage(): RecoveryMessage
}
