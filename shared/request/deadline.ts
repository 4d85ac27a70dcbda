import { tryTimes, untilNextTime } from '../domain/retry-times.ts'
import { untilExpiry } from './expiry.ts'
import type { Moment } from './step.ts'
import type { At } from './table.ts'
import { isAhead, isToCome, later, secondsBetween } from './times.ts'

const hourSeconds = 3600
const daySeconds = 24 * hourSeconds
const weekSeconds = 7 * daySeconds

/** How long Azure may take, or fail, before somebody is notified. Counts from the first try. */
export const deadlineSeconds = tryTimes[3]
/** After that long, the wanted status counts as applied although the provisioning state is not known here. */
export const stableSeconds = 180

/** A try that is later than this by so much was held up by the app. */
const pauseSeconds = 300

/** Seconds after a refusal at which it is, then hourly, for a week. */
const refusalTimes = [60, 300, 1800]
/** Seconds after a question was opened at which its request is evaluated again, then hourly, after a week daily. */
const recheckTimes = [900] as const

/** Seconds until the next try; 0: it is due. */
export function untilNotBefore({ state: { notBefore } }: At<'applying'>, at: Date): number {
  if (notBefore === undefined || !isToCome(notBefore, at)) return 0
  return -secondsBetween(notBefore, at)
}

/** Seconds until a decision that Azure did not take is sent again, at least as long as Azure asked for. */
export function untilNextTry({ state }: At<'applying'>, at: Date, askedSeconds: number): number {
  const elapsed = secondsBetween(state.since, at)
  return Math.max(askedSeconds, untilNextTime(tryTimes, hourSeconds, elapsed))
}

/** Seconds until the next check of a decision that Azure took and has not finished with. */
export function untilNextCheck({ state }: At<'applying'>, at: Date): number {
  return Math.min(Math.max(2 * Math.ceil(secondsBetween(state.since, at)), 5), 900)
}

/** True when Azure has had its time. */
export function isPastDeadline({ state }: At<'applying'>, at: Date): boolean {
  // From a beginning that lies ahead, the deadline would be hours away.
  return secondsBetween(state.since, at) >= deadlineSeconds || isAhead(state.since, at)
}

/**
 * True when the decision was tried until now, and Azure has had its time: another try would tell nothing new. After a
 * pause of the app itself there is one more try.
 */
export function isWornOut(request: At<'applying'>, at: Date): boolean {
  const { notBefore } = request.state
  if (notBefore === undefined || !isPastDeadline(request, at)) return false
  const lateSeconds = secondsBetween(notBefore, at)
  return lateSeconds >= 0 && lateSeconds < pauseSeconds
}

/** When a refused decision is sent again; undefined: a week of tries is over. */
export function nextRetry(since: string, at: Date): Date | undefined {
  const elapsed = secondsBetween(since, at)
  return elapsed >= weekSeconds ? undefined : later(at, untilNextTime(refusalTimes, hourSeconds, elapsed))
}

/**
 * Seconds until an open request is evaluated again although nothing about it has changed; one whose decision Azure
 * refused, when it is sent again; any, when its question expires.
 */
export function untilRecheck(request: At<'open'>, at: Date): number {
  return Math.min(untilEvaluated(request, at), untilExpired(request, at))
}

/** Seconds until the question expires, at least one; what is due already, or does not expire, is not waited for. */
export function untilExpired(request: At<'open'>, at: Date): number {
  const seconds = untilExpiry(request, at) ?? 0
  return seconds > 0 ? Math.max(seconds, 1) : Infinity
}

function untilEvaluated({ state, refused, changes }: At<'open'>, at: Date): number {
  const retryAt = state.cause.kind === 'refused' ? refused?.retryAt : undefined
  if (retryAt !== undefined && isToCome(retryAt, at)) return Math.max(1, -secondsBetween(retryAt, at))
  const elapsed = secondsBetween(state.since, at)
  if (state.cause.kind === 'endpoint-changed' && changes > 1) {
    // Sources that agree and differ by turns: each time it takes longer.
    const seconds = Math.min(recheckTimes[0] * 4 ** (changes - 1), daySeconds)
    return untilNextTime([seconds], Math.max(seconds, hourSeconds), elapsed)
  }
  return elapsed >= weekSeconds
    ? untilNextTime([weekSeconds], daySeconds, elapsed)
    : untilNextTime(recheckTimes, hourSeconds, elapsed)
}

/** True when the state is that old: what Azure shows will not change any more. */
export function isStable({ state }: At<'open' | 'applying'>, { at }: Moment): boolean {
  return secondsBetween(state.since, at) >= stableSeconds
}
