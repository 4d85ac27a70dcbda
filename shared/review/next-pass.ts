import { tryTimes, untilNextTime } from '../domain/retry-times.ts'
import type { FailingPart } from '../domain/target-work.ts'
import type { Failure } from './failing.ts'
import { lastAttempt, type Moment, type NextPass, type SeriesPass } from './schedule.ts'

const troubleEverySeconds = 1800
/** How many passes of a series become one while no request needs them. */
const thinnedBy = 3
const maxWholeWaitSeconds = 300
/** Seconds after the first failure at which a target is listed again of which no request is known, then hourly. */
const lastingTimes = [2700]
const lastingEverySeconds = 3600

/** Azure failed at something, in this pass. */
export interface Trouble {
  /** What failed, with Azure's words, as part of a sentence. */
  readonly words: string
  /** True when nothing on the target could be read: an event changes nothing about that. */
  readonly isWhole: boolean
  /** How long Azure asked to wait. */
  readonly afterSeconds: number
  /**
   * After how long there are no more passes, as no request is known there; left out: never. After half of an hour they
   * are seldom: an event or the search shows a request sooner.
   */
  readonly endsAfterSeconds?: number
}

/** How a pass ended, and what it left. */
export interface PassEnd {
  /** Something is under way: a pass comes back after that many seconds. */
  readonly backSeconds?: number | undefined
  /** True when a request that is not recorded yet waits for the next pass of the series. */
  readonly needsSeries?: boolean
  /** A record could not be written, in so many passes in a row. */
  readonly conflicts?: number | undefined
  readonly trouble?: Trouble | undefined
  /** All that Azure failed at. */
  readonly failures?: readonly Failure[]
  /** Ids of what was settled, or had nothing to settle. */
  readonly settled?: readonly string[]
  /** See `Series.failing`. */
  readonly failing?: readonly FailingPart[] | undefined
  /** Seconds until open requests are evaluated again; left out: none is open. */
  readonly recheckSeconds?: number | undefined
  /** See `Series.evaluatedBy`. */
  readonly evaluatedBy?: string | undefined
  /** See `Series.shown`. */
  readonly shown?: readonly string[] | undefined
}

/**
 * The next pass. A pass that ran out of time counts as one of the series although it is requeued: later passes must not
 * always start with the same connections. While Azure fails, the series waits.
 */
export function nextPass(
  pass: Pick<SeriesPass, 'attempt' | 'troubledSince' | 'passNumber'>,
  end: PassEnd,
  isLate: boolean,
  { at, timings: { passWaitSeconds } }: Moment,
): NextPass | undefined {
  const { attempt } = pass
  const { backSeconds, needsSeries, conflicts, trouble, failing, recheckSeconds, shown } = end
  const passNumber = (pass.passNumber ?? 0) + 1
  const again = isLate ? Math.min(attempt + 1, lastAttempt) : attempt
  if (trouble) {
    const troubledSince = pass.troubledSince ?? at
    const elapsed = (at - troubledSince) / 1000
    const isLasting = trouble.endsAfterSeconds !== undefined
    if (trouble.endsAfterSeconds !== undefined && elapsed >= trouble.endsAfterSeconds) return undefined
    const own = trouble.isWhole
      ? wholeWait(elapsed, isLasting)
      : untilNextTime(tryTimes, troubleEverySeconds, elapsed)
    const retrySeconds = Math.max(own, trouble.afterSeconds)
    // What Azure failed at keeps nothing else waiting, unless it is the whole target.
    const others = [backSeconds, recheckSeconds, needsSeries ? passWaitSeconds[attempt] : undefined]
    const afterSeconds = trouble.isWhole
      ? retrySeconds
      : Math.min(retrySeconds, ...others.map((seconds) => seconds ?? Infinity))
    const reached = trouble.isWhole ? attempt : attemptAfter(attempt, afterSeconds, passWaitSeconds)
    return {
      ...{ attempt: Math.max(again, reached), afterSeconds, notSooner: trouble.isWhole },
      ...(isLasting && { waitSeconds: trouble.afterSeconds }),
      ...{ passNumber, troubledSince, failing, conflicts, recheckSeconds, shown },
    }
  }
  const { evaluatedBy } = end
  const left = { notSooner: false, passNumber, failing, conflicts, recheckSeconds, evaluatedBy, shown }
  // Where nothing waits for it, fewer passes are enough: what is new has an event of its own, as a rule.
  const isThinned = !needsSeries && (backSeconds !== undefined || recheckSeconds !== undefined)
  const waits = passWaitSeconds.slice(attempt, attempt + (isThinned ? thinnedBy : 1))
  const ofSeries = waits.length === 0 ? Infinity : waits.reduce((sum, wait) => sum + wait, 0)
  const afterSeconds = Math.min(backSeconds ?? Infinity, recheckSeconds ?? Infinity, ofSeries)
  if (afterSeconds === Infinity) return undefined
  if (backSeconds === undefined && ofSeries === Infinity)
    return { attempt: lastAttempt, afterSeconds, isResting: true, ...left }
  if (afterSeconds === ofSeries && backSeconds !== ofSeries)
    return { attempt: attempt + waits.length, afterSeconds, ...left }
  const reached = isThinned ? attemptAfter(attempt, afterSeconds, passWaitSeconds) : attempt
  return { attempt: Math.max(again, reached), afterSeconds, ...left }
}

/** The attempt of the series that its times have come to after so many seconds. */
function attemptAfter(attempt: number, seconds: number, waits: readonly number[]): number {
  let reached = attempt
  let rest = seconds
  for (const wait of waits.slice(attempt)) {
    rest -= wait
    if (rest < 0) break
    reached += 1
  }
  return reached
}

/** Seconds until a target is listed again that could not be listed for so long. */
function wholeWait(elapsed: number, isLasting: boolean): number {
  if (isLasting) return untilNextTime(lastingTimes, lastingEverySeconds, elapsed)
  return Math.min(Math.max(elapsed, tryTimes[0]), maxWholeWaitSeconds)
}

/** One more pass is due, but the review has run for so long that it must end: another review makes it, at once. */
export function restOfLate(pass: SeriesPass): NextPass {
  const { attempt, passNumber = 0, conflicts, troubledSince, failing, shown } = pass
  const kept = { conflicts, troubledSince, failing, shown }
  return { attempt, passNumber: passNumber + 1, afterSeconds: 1, notSooner: true, ...kept }
}
