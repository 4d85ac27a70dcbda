/** Where to look. Says nothing of what will be found there. */
export interface ReviewMessage {
  /** A target, or an ordinary endpoint whose targets are to be looked up. */
  readonly resourceId: string
  /** How many review passes have gone before: the connection may appear well after its event. */
  readonly attempt: number
  /** True for a review pass that a review sent after itself; an event, a sweep and a person ask afresh. */
  readonly isFollowUp: boolean
  /** True when an endpoint of ours names the target, which may well be somebody else's. */
  readonly isFromEndpoint: boolean
  readonly seenAt: string
  readonly correlationId: string | undefined
}

export interface ReviewQueuePort {
  enqueue(message: ReviewMessage, delaySeconds?: number): Promise<void>
}
