import type { KnownRules } from './request.ts'
import { parseResourceId, type ResourceId } from './resource-id.ts'

/**
 * What became of a connection, as the last review pass found it.
 * - `by-app`: this app decided it; `by-person`: somebody else did.
 * - `taken-back`: this app approved it, and somebody rejected or disconnected it afterwards.
 */
export const fates = [
  'waiting',
  'approved-by-app',
  'approved-by-person',
  'rejected-by-app',
  'rejected-by-person',
  'taken-back',
  'disconnected',
] as const

export type Fate = (typeof fates)[number]

/** What a list shows of a connection. */
export interface ListedState {
  readonly status: string
  /** As in `ClaimConnection`. */
  readonly description: string
  /** When it was first listed so. */
  readonly since: string
}

/**
 * A connection of the endpoint on the target, as it was seen last. An approval by a person is one that was seen; whether it
 * releases the endpoint says `Claim.approvedAt`.
 */
export interface ClaimConnection {
  readonly connectionId: string
  readonly status: string
  /** While it is Approved or Rejected, so that a second decision of the same status is noticed; otherwise empty. */
  readonly description: string
  readonly fate: Fate
  /** When it was first seen so. */
  readonly since: string
  /** What a list shows otherwise, and counts only when a read shows it, too; left out: nothing. */
  readonly listed?: ListedState
}

/** A person's “no”: a rejection, or an approval of this app that was taken back. */
export interface PersonsNo {
  /** When it was first seen. */
  readonly at: string
  readonly fate: 'rejected-by-person' | 'taken-back'
  /** Undefined while the allow-list could not be used. */
  readonly knownRules: KnownRules | undefined
}

/**
 * What is remembered of one endpoint on one target, or of one connection that hides its endpoint. Times are ISO 8601.
 */
export interface Claim {
  /** Undefined: the only one of `connections` hides it, and nobody knows which it is. */
  readonly endpointId: string | undefined
  readonly firstSeenAt: string
  /** Written once a day at most. */
  readonly lastSeenAt: string
  /** Newest last; as many as fit. */
  readonly connections: readonly ClaimConnection[]
  /**
   * Since when a person's approval of exactly this endpoint was seen, the newest that a read has shown together with the
   * list, or with the attempt of this app.
   */
  readonly approvedAt: string | undefined
  readonly refusal: PersonsNo | undefined
  /** A competing claim that has no claim of its own here, as the proof described it. */
  readonly doubt: { readonly at: string; readonly sentence: string } | undefined
  /** When a competing claim kept a rule from approving this endpoint, and the rules that were known then. */
  readonly held: { readonly at: string; readonly knownRules: KnownRules } | undefined
  /** When more was seen last than is remembered beside this. Written once a day at most. */
  readonly crowdedAt: string | undefined
}

/**
 * Who claims: the endpoint, or the connection that hides it.
 * @throws RangeError when that is no ARM id.
 */
export function claimantOf({
  endpointId,
  connections,
}: Pick<Claim, 'endpointId' | 'connections'>): ResourceId {
  const claimantId = endpointId ?? connections[0]?.connectionId
  const id = parseResourceId(claimantId)
  if (!id) throw new RangeError(`"${claimantId}" is remembered as a claim and is no ARM id.`)
  return id
}
