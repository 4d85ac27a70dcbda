/** No try is put off for longer than that. */
const maxDeferredSeconds = 3600

/** By how many seconds the clocks of two hosts may differ. */
const clockSlackSeconds = 60

/** Seconds from a time in ISO 8601 until another. */
export function secondsBetween(from: string, to: Date): number {
  return (to.getTime() - Date.parse(from)) / 1000
}

/** True for a time further ahead than the clock of another host may be: nothing can be counted from it. */
export function isAhead(time: string, at: Date): boolean {
  return secondsBetween(time, at) < -clockSlackSeconds
}

/**
 * True for a time that is still to come. One further ahead than it was ever set, by a wrong clock, counts as past.
 */
export function isToCome(time: string, at: Date): boolean {
  const seconds = -secondsBetween(time, at)
  return seconds > 0 && seconds <= maxDeferredSeconds + clockSlackSeconds
}

/** A moment so many seconds later. */
export function later(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000)
}
