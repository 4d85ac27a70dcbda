import type { AtExpiry } from './rule.ts'

/** Until when a question to people is open, and what becomes of its request then. */
export interface Expiry {
  /** ISO 8601; left out: for ever. */
  readonly expiresAt?: string
  /** Left out: the request stays Pending. */
  readonly atExpiry?: AtExpiry
}

/** The expiry of something that has more than that. */
export function expiryOf({ expiresAt, atExpiry }: Expiry): Expiry {
  return { ...(expiresAt !== undefined && { expiresAt }), ...(atExpiry !== undefined && { atExpiry }) }
}
