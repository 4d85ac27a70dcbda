import type { Claim } from '../domain/claim.ts'
import type { ResourceId } from '../domain/resource-id.ts'

/** A claim, and what guards its next write. */
export interface StoredClaim {
  readonly claim: Claim
  readonly version: string
}

/** What is remembered of the endpoints on a target. `problem`: a row cannot be used, and why, as a sentence. */
export interface ClaimsOfTarget {
  readonly claims: readonly StoredClaim[]
  readonly problem: string | undefined
}

/** Which endpoints claimed which names on a target, and what became of them. */
export interface ClaimsPort {
  /** Everything that is remembered of a target, by one query. */
  of(target: ResourceId): Promise<ClaimsOfTarget>
  /**
   * Writes what is remembered of one endpoint, or of one connection that hides its endpoint.
   * @throws LedgerConflict when it was changed since it was read.
   */
  write(
    target: ResourceId,
    claimant: ResourceId,
    before: StoredClaim | undefined,
    claim: Claim,
  ): Promise<StoredClaim>
  /**
   * Removes what is remembered of a connection whose endpoint is known now.
   * @throws LedgerConflict when it was changed since it was read.
   */
  forget(target: ResourceId, claimant: ResourceId, stored: StoredClaim): Promise<void>
  /** Removes what was not seen since. Returns how many there were. */
  forgetBefore(time: Date): Promise<number>
}
