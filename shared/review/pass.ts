import type { DatedId, ShownId } from '../domain/target-work.ts'
import type { PassEnd } from './next-pass.ts'
import type { ReviewPorts } from './ports.ts'

/** One review pass over one target, under its lease. */
export interface Pass {
  readonly ports: ReviewPorts
  /** @throws Error when the lease of the target was lost or has ended: nothing may be written to Azure any more. */
  readonly assertHeld: () => void
  /** True when further passes over the same target follow by themselves. */
  readonly isFollowed: boolean
  /** True when an endpoint of ours names the target, which may belong to another tenant. */
  readonly isFromEndpoint: boolean
  readonly correlationId: string | undefined
  /** How many passes in a row before this one ended with a conflict. */
  readonly conflicts: number
  /** See `Series.trouble`. */
  readonly trouble: readonly DatedId[]
  /** True when open requests are evaluated again although nothing about them has changed. */
  readonly isRecheck: boolean
  /** Hash of the allow-list by which every open request was evaluated before; undefined: not known. */
  readonly evaluatedBy: string | undefined
  /** See `Series.shown`. */
  readonly shown: readonly ShownId[]
}

const maxConflictSeconds = 600
/** The next pass may come so much too early. */
const clockSlackSeconds = 1

export const done: PassEnd = {}

/** What the part is about was tried, and nothing is left to be done. */
export const settled: PassEnd = { isTried: true }

/** The pass comes back after this number of seconds. */
export function requeue(backSeconds: number): PassEnd {
  return { backSeconds }
}

/** The pass is requeued because others wrote a record first, in so many passes in a row. */
export function requeueAfterConflict(conflicts: number): PassEnd {
  return { backSeconds: Math.min(2 ** conflicts, maxConflictSeconds), conflicts }
}

/** Both ends in one: what comes first of each. */
export function both(a: PassEnd, b: PassEnd): PassEnd {
  return {
    backSeconds: first(a.backSeconds, b.backSeconds),
    recheckSeconds: first(a.recheckSeconds, b.recheckSeconds),
    needsSeries: (a.needsSeries ?? false) || (b.needsSeries ?? false),
    conflicts: a.conflicts ?? b.conflicts,
    evaluatedBy: a.evaluatedBy ?? b.evaluatedBy,
    shown: a.shown ?? b.shown,
    isUnreadable: (a.isUnreadable ?? false) || (b.isUnreadable ?? false),
    errors: [...(a.errors ?? []), ...(b.errors ?? [])],
  }
}

/** Open requests are evaluated again when a rule begins or ends. */
export function recheckedInTime(end: PassEnd, next: Date | undefined, now: Date): PassEnd {
  if (end.recheckSeconds === undefined || next === undefined) return end
  const seconds = Math.max(1, Math.ceil((next.getTime() - now.getTime()) / 1000)) + clockSlackSeconds
  return { ...end, recheckSeconds: Math.min(end.recheckSeconds, seconds) }
}

function first(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)
}
