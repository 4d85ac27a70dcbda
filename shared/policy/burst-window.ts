import { atMostAhead } from '../domain/clock.ts'
import type { BurstWindow } from '../domain/burst.ts'

/** A request that is to be counted. */
export interface ToCount {
  readonly key: string
  readonly at: number
  /** The case has this id should the request be the one that opens it. */
  readonly decisionId: string
  /** True for a request of an earlier burst that is to be released: it is counted only when it is within the limit. */
  readonly isRelease: boolean
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
}

const nothingYet: BurstWindow = { counted: [], caseId: undefined, overAt: undefined }

/**
 * Counts one request of one source. It is over the limit when as many others as the limit allows came within the window
 * before it, whatever their outcome. Requests over the limit share a case for as long as each comes within a window of
 * the one before; the first of them opens it and gives it its own decision id. A request that was already counted keeps
 * its result. One more than the limit is stored, because the request itself may be among them.
 */
export function countRequest(
  before: BurstWindow | undefined,
  { key, at, decisionId, isRelease }: ToCount,
  { max, windowMs }: BurstLimit,
): Count {
  const window = before ? withRightTimes(before, at, windowMs) : nothingYet
  const recent = window.counted.filter((counted) => counted.at > at - windowMs)
  const known = recent.find((counted) => counted.key === key)
  const isCaseOpen = (window.overAt ?? -Infinity) > at - windowMs
  const caseId = (isCaseOpen ? window.caseId : undefined) ?? decisionId
  if (known && !(isRelease && known.isOver)) return { window, caseId: known.isOver ? caseId : undefined }

  const others = recent.filter((counted) => counted !== known)
  const isOver = others.length >= max
  if (isOver && isRelease) return { window, caseId }
  const counted = [...others, { key, at, isOver }].sort((a, b) => a.at - b.at).slice(-(max + 1))
  if (!isOver) return { window: { ...window, counted }, caseId: undefined }
  return { window: { counted, caseId, overAt: Math.max(at, window.overAt ?? at) }, caseId }
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
