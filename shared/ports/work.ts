import type { ResourceId } from '../domain/resource-id.ts'
import type { ReviewMessage } from './queue.ts'

/** One look of the series that runs at a target. */
export interface Turn {
  /** How many looks have gone before this one: a series that is under way is never moved forward. */
  readonly attempt: number
  /** True when people were left to wait for four minutes, because new events began the series anew. */
  readonly hasWaitedLong: boolean
  /** True while nothing but endpoints of ours have named the target, which may well be somebody else's. */
  readonly isFromEndpoint: boolean
}

/** The right to write on one target. Held by one review at a time, renewed while it runs. */
export interface Lease extends Turn {
  /** Aborted when the lease was lost. */
  readonly signal: AbortSignal
  /**
   * Gives the lease back. When somebody asked for another look meanwhile, keeps it and says so.
   * @param next the look that follows; the target stays on the list of open work until then.
   */
  finish(next: NextLook | undefined): Promise<'done' | { readonly lookAgain: Turn }>
  /** Gives the lease back after a failure; the target stays on the list of open work, its series as it was. */
  abandon(): Promise<void>
}

/** A look that a review sends after itself. */
export interface NextLook {
  readonly attempt: number
  readonly afterSeconds: number
  /** True when Azure asked to wait: nobody looks before that. */
  readonly notSooner: boolean
}

export interface Overdue extends Pick<Turn, 'isFromEndpoint'> {
  readonly target: ResourceId
}

export interface TargetWorkPort {
  /**
   * Takes the lease, or leaves word with its holder that another look is wanted and answers `busy`. A look
   * that follows an older event than the newest is `superseded`: each target has one series of looks.
   */
  begin(
    target: ResourceId,
    look: Pick<ReviewMessage, 'attempt' | 'isFollowUp' | 'isFromEndpoint'>,
  ): Promise<Lease | 'busy' | 'superseded'>
  /** Puts the target on the list of open work, to be looked at again after that time. */
  postpone(target: ResourceId, afterSeconds: number): Promise<void>
  /** Targets whose holder died or whose time to come back has passed. */
  overdue(): Promise<readonly Overdue[]>
}
