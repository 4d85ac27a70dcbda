import { atMostAhead } from '../domain/clock.ts'
import type { BurstWindow, Counted } from '../domain/burst.ts'

/** A request that is to be counted. */
export interface ToCount {
  readonly key: string
  readonly at: number
  /** The case has this id should the request be the one that opens it. */
  readonly decisionId: string
  /** True for a request of an earlier burst that is to be released: it is counted only when it is within the limit. */
  readonly isRelease: boolean
  /**
   * Whether a case of the source holds the request: one of its requests is unfinished, and no newer rule lets this one
   * through. Undefined: that was not looked up yet. Left out: no case holds it.
   */
  readonly isHeldBy?: ((caseId: string) => boolean | undefined) | undefined
}

/** How many requests of one source are decided automatically within a window of time. */
export interface BurstLimit {
  readonly max: number
  readonly windowMs: number
}

/** The result for a request, and the new window; the same object when nothing has to be written. */
export interface Count {
  readonly window: BurstWindow
  /** The case that a request over the limit belongs to; undefined within the limit. */
  readonly caseId: string | undefined
  /** True for the first one of its window in a case that was open before. */
  readonly isJoining: boolean
  /** The case that has to be looked up before the request can be counted; undefined: it was counted. */
  readonly inQuestion: string | undefined
}

const nothingYet: BurstWindow = { counted: [], caseId: undefined, overAt: undefined }

/**
 * Counts one request of one source. It is over the limit when as many others as the limit allows came within the window
 * before it, whatever their outcome, or while the newest case of the source holds it. Requests over the limit share a
 * case for as long as each comes within a window of the one before, or the case holds them; the first of them opens it
 * and gives it its own decision id. A request that was already counted keeps its result. One more than the limit is
 * stored, because the request itself may be among them.
 */
export function countRequest(
  before: BurstWindow | undefined,
  { key, at, decisionId, isRelease, isHeldBy }: ToCount,
  { max, windowMs }: BurstLimit,
): Count {
  const window = before ? withRightTimes(before, at, windowMs) : nothingYet
  const recent = window.counted.filter((counted) => counted.at > at - windowMs)
  const known = recent.find((counted) => counted.key === key)
  const others = recent.filter((counted) => counted !== known)
  const isFull = others.length >= max
  const isRecent = (window.overAt ?? -Infinity) > at - windowMs
  const isFree = isRelease || !isHeldBy || window.caseId === undefined || (isFull && isRecent)
  const isHeld = isFree ? false : (known?.isOver ?? isHeldBy(window.caseId))
  if (isHeld === undefined) return { ...within(window), inQuestion: window.caseId }
  const caseId = (isHeld || isRecent ? window.caseId : undefined) ?? decisionId
  const over = (after: BurstWindow, earlier: readonly Counted[]): Count => {
    const isJoining = caseId !== decisionId && !earlier.some(({ isOver }) => isOver)
    return { window: after, caseId, isJoining, inQuestion: undefined }
  }
  if (known?.isOver === true && !isRelease) return over(window, recent.slice(0, recent.indexOf(known)))
  if (known && !known.isOver) return within(window)

  const isOver = isHeld || isFull
  if (isOver && isRelease) return { ...over(window, others), isJoining: false }
  const counted = [...others, { key, at, isOver }].sort((a, b) => a.at - b.at).slice(-(max + 1))
  if (!isOver) return within({ ...window, counted })
  return over({ counted, caseId, overAt: Math.max(at, window.overAt ?? at) }, others)
}

function within(window: BurstWindow): Count {
  return { window, caseId: undefined, isJoining: false, inQuestion: undefined }
}

/** Times more than a window ahead count as now, and so for one window. The same object where there are none. */
function withRightTimes(window: BurstWindow, now: number, windowMs: number): BurstWindow {
  const right = (time: number): number => atMostAhead(time, now, windowMs)
  const { counted, overAt } = window
  const isRight = [...counted.map(({ at }) => at), overAt ?? now].every((time) => right(time) === time)
  if (isRight) return window
  return {
    ...window,
    counted: counted.map((one) => ({ ...one, at: right(one.at) })),
    overAt: overAt === undefined ? undefined : right(overAt),
  }
}
