import type { ClaimConnection, Fate } from '../domain/claim.ts'
import type { Connection } from '../domain/connection.ts'
import { isNo } from './claim-fate.ts'

/** What is remembered around a connection that is new or has changed. */
export interface Around {
  /** The connection as its claim has it; undefined: the claim does not have it. */
  readonly before: ClaimConnection | undefined
  /** True when it was seen with another endpoint, or with none. */
  readonly isElsewhere: boolean
  /** True when an approval by a person would release the endpoint from something. */
  readonly isAwaited: boolean
}

/**
 * True where a list alone is not believed: what it shows would count as a person's decision, take one back, or put
 * another endpoint in the place of one that was seen.
 */
export function isToRead(fate: Fate, { before, isElsewhere, isAwaited }: Around): boolean {
  if (fate === 'waiting') return before ? before.fate !== 'waiting' : isElsewhere
  if (isNo(fate)) return true
  return fate === 'approved-by-person' && (before !== undefined || isElsewhere || isAwaited)
}

/** A connection of which only a list shows what became of it: it claims its endpoint, and nothing more. */
export function asWaiting(listed: Connection): Connection {
  return { ...listed, status: 'Pending' }
}
