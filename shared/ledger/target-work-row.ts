import { numberColumn, type StoredRow, textColumn } from '../storage/guarded-table.ts'

export const nobody = ''
export const never = ''
export const nothingWanted = -1

/** One row per target that somebody works on, or that is to be looked at again. */
export interface Work {
  readonly targetId: string
  readonly holder: string
  /** ISO 8601. While it lies ahead the target is the holder's. */
  readonly leaseUntil: string
  /** ISO 8601, or empty: when to look again if nobody holds the target. */
  readonly dueAt: string
  /** ISO 8601, or empty: nobody looks before that, because Azure asked to wait. */
  readonly notBefore: string
  /** The look that runs or comes next, by how many went before it. A look that follows another series is late. */
  readonly attempt: number
  /** Fewest looks gone before, of those who asked for another look while the target was held. */
  readonly wanted: number
  /** ISO 8601, or empty in a row of an earlier version: when people began to wait for a look that tells them. */
  readonly since: string
  /** See `Turn.isFromEndpoint`. */
  readonly isFromEndpoint: boolean
}

/** The fewer looks gone before, the more are still to come. */
export function fewest(wanted: number, attempt: number): number {
  return wanted === nothingWanted ? attempt : Math.min(wanted, attempt)
}

/**
 * Where the series stands when a look comes in between: the one that waits is not skipped and not used up, and
 * neither is what was asked for during a wait.
 */
export function seriesOf(found: Work | undefined, attempt: number): number {
  if (!found) return attempt
  // Without a due time its holder died during that very look.
  const begun = found.dueAt === never ? found.attempt : Math.max(found.attempt - 1, 0)
  return fewest(found.wanted, Math.min(begun, attempt))
}

/** What a series keeps from look to look. */
export function seriesIn({ since, isFromEndpoint }: Work): Pick<Work, 'since' | 'isFromEndpoint'> {
  return { since, isFromEndpoint }
}

/** True when its holder died, or when it is time to come back to it. */
export function isOverdue(work: Work, now: string): boolean {
  return work.holder === nobody ? work.dueAt !== never && work.dueAt <= now : work.leaseUntil <= now
}

/** A row as it is stored; one of an earlier version lacks what was added since. */
export function workOf(row: StoredRow): Work {
  return {
    targetId: textColumn(row, 'targetId'),
    holder: textColumn(row, 'holder'),
    leaseUntil: textColumn(row, 'leaseUntil'),
    dueAt: textColumn(row, 'dueAt'),
    notBefore: textColumn(row, 'notBefore'),
    attempt: numberColumn(row, 'attempt'),
    wanted: row.columns['wanted'] === undefined ? nothingWanted : numberColumn(row, 'wanted'),
    since: textColumn(row, 'since'),
    isFromEndpoint: row.columns['isFromEndpoint'] === true,
  }
}
