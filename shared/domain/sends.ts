/** One message that was sent, as it is counted. */
export interface Send {
  /** Milliseconds since 1970. */
  readonly at: number
  /** Names message and channel, shortened: the same one is counted once, when it was sent last. Empty: each is. */
  readonly key: string
  /** See `Group.source`; shortened, and empty where sources are not counted. */
  readonly source: string
  readonly isDigest: boolean
}

/** What was sent to one recipient, or through one channel, oldest first. */
export type Sends = readonly Send[]
