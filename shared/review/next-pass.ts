import { tryTimes, untilNextTime } from '../domain/retry-times.ts'
import type { ShownId } from '../domain/target-work.ts'
import type { LeftOfPass } from './left-of-pass.ts'
import { lastAttempt, type Moment, type NextPass, type SeriesPass } from './schedule.ts'

const troubleEverySeconds = 1800
/** How many passes of a series become one while no request needs them. */
const thinnedBy = 3
/** So soon before what failed is tried again, such a series has no pass of its own. */
const soonSeconds = 30
const maxWholeWaitSeconds = 300
/** Seconds after the first failure at which a target is listed again of which no request is known, then hourly. */
const lastingTimes = [2700]
const lastingEverySeconds = 3600

/** Azure failed at a part, in this pass. */
export interface Failure {
  /** Id of the part: of a connection, or of the target. */
  readonly id: string
  /** Since when it has failed at this part. */
  readonly since: number
  /** What failed, with Azure's words, as part of a sentence. */
  readonly words: string
  /** The same for each failure that is one question to people. */
  readonly question: string
  /** True when nothing on the target could be read: an event changes nothing about that. */
  readonly isWhole: boolean
  /** How long Azure asked to wait. */
  readonly afterSeconds: number
  /** `app` where not Azure has failed, but what the app itself has stored cannot be used. */
  readonly by?: 'app' | undefined
  /** True where the list, a read and Resource Graph show different things of the connection. */
  readonly isOfSources?: boolean
}

/** How a pass ended, and what it left. */
export interface PassEnd extends LeftOfPass {
  /** Something is under way: a pass comes back after that many seconds. */
  readonly backSeconds?: number | undefined
  /** True when a request that is not recorded yet waits for the next pass of the series. */
  readonly needsSeries?: boolean
  /** A record could not be written, in so many passes in a row. */
  readonly conflicts?: number | undefined
  /** What Azure failed at in this pass; left out: nothing. */
  readonly failures?: readonly Failure[] | undefined
  /** Why parts could not be read or written, or people not be notified of them; left out: all could. */
  readonly errors?: readonly unknown[] | undefined
  /**
   * After how long of trouble with the whole target there are no more passes, as no request is known there; left out:
   * never. After half of an hour they are seldom: an event or the search shows a request sooner.
   */
  readonly endsAfterSeconds?: number | undefined
  /** True when the target cannot be read, and a retry soon would not help. */
  readonly isUnreadable?: boolean
  /** Of a part: true when it was tried, and not only listed. */
  readonly isTried?: boolean
  /** Seconds until open requests are evaluated again; left out: none is open. */
  readonly recheckSeconds?: number | undefined
  /** See `Series.evaluatedBy`. */
  readonly evaluatedBy?: string | undefined
  /** See `Series.shown`. */
  readonly shown?: readonly ShownId[] | undefined
}

/**
 * The next pass. A pass that ran out of time counts as one of the series although it is requeued: later passes must not
 * always start with the same connections. While the whole target fails, the series waits; what fails at a part comes
 * back at its own times, beside those of everything else.
 */
export function nextPass(
  pass: Pick<SeriesPass, 'attempt' | 'passNumber'>,
  end: PassEnd,
  isLate: boolean,
  { at, timings: { passWaitSeconds } }: Moment,
): NextPass | undefined {
  const { attempt } = pass
  const { failures = [], needsSeries, recheckSeconds, conflicts, evaluatedBy, shown, isListed } = end
  const passNumber = (pass.passNumber ?? 0) + 1
  const again = isLate ? Math.min(attempt + 1, lastAttempt) : attempt
  const trouble = end.trouble?.length ? end.trouble : undefined
  const left = { passNumber, conflicts, trouble, recheckSeconds, evaluatedBy, shown, isListed }
  const whole = failures.find(({ isWhole }) => isWhole)
  if (whole) {
    const times = timesOfWhole(whole, end, at)
    return times && { attempt: again, notSooner: true, ...times, ...left }
  }
  const retrySeconds = untilRetry(failures, at)
  const backSeconds = firstOf([end.backSeconds, retrySeconds])
  // Where nothing waits for it, fewer passes are enough: what is new has an event of its own, as a rule.
  const isThinned = !needsSeries && firstOf([backSeconds, recheckSeconds]) !== undefined
  const thinnedTo = retrySeconds !== undefined && retrySeconds <= soonSeconds ? 0 : thinnedBy
  const waits = passWaitSeconds.slice(attempt, attempt + (isThinned ? thinnedTo : 1))
  const ofSeries = waits.length === 0 ? undefined : waits.reduce((sum, wait) => sum + wait, 0)
  const afterSeconds = firstOf([backSeconds, recheckSeconds, ofSeries])
  if (afterSeconds === undefined) return undefined
  const next = { afterSeconds, notSooner: false, ...left }
  if (backSeconds === undefined && ofSeries === undefined)
    return { attempt: lastAttempt, isResting: true, ...next }
  if (afterSeconds === ofSeries && backSeconds !== ofSeries)
    return { attempt: attempt + waits.length, ...next }
  const reached = isThinned ? attemptAfter(attempt, afterSeconds, passWaitSeconds) : attempt
  return { attempt: Math.max(again, reached), ...next }
}

/** The times of a target that cannot be listed; undefined: it is given up. */
function timesOfWhole(
  { since, afterSeconds: askedSeconds }: Failure,
  { endsAfterSeconds, shown = [] }: PassEnd,
  at: number,
): Pick<NextPass, 'afterSeconds' | 'waitSeconds'> | undefined {
  const elapsed = (at - since) / 1000
  if (endsAfterSeconds === undefined) return { afterSeconds: Math.max(wholeWait(elapsed), askedSeconds) }
  // What Resource Graph shows there stays remembered.
  if (elapsed >= endsAfterSeconds && shown.length === 0) return undefined
  const own = untilNextTime(lastingTimes, lastingEverySeconds, elapsed)
  return { afterSeconds: Math.max(own, askedSeconds), waitSeconds: askedSeconds }
}

/**
 * Seconds until the first of the parts that failed is tried again; undefined: none failed. A pass tries all of them, so
 * that those of which people are notified have no times of their own beside those of newer ones.
 */
function untilRetry(failures: readonly Failure[], at: number): number | undefined {
  const newest = Math.max(...failures.map(({ since }) => since))
  const isTimed = ({ since }: Failure) => since === newest || (at - since) / 1000 < tryTimes[3]
  return firstOf(
    failures.filter(isTimed).map(({ since, afterSeconds }) => {
      const own = untilNextTime(tryTimes, troubleEverySeconds, (at - since) / 1000)
      return Math.max(own, afterSeconds)
    }),
  )
}

function firstOf(seconds: readonly (number | undefined)[]): number | undefined {
  const first = Math.min(...seconds.map((one) => one ?? Infinity))
  return first === Infinity ? undefined : first
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
function wholeWait(elapsed: number): number {
  return Math.min(Math.max(elapsed, tryTimes[0]), maxWholeWaitSeconds)
}

/** One more pass is due, but the review has run for so long that it must end: another review makes it, at once. */
export function restOfLate(pass: SeriesPass): NextPass {
  const { attempt, passNumber = 0, conflicts, trouble, shown } = pass
  const kept = { conflicts, trouble, shown }
  return { attempt, passNumber: passNumber + 1, afterSeconds: 1, notSooner: true, ...kept }
}
