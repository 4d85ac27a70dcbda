/**
 * A stored time as it may be used now: at most so far ahead as a right clock can have written it. One that lies further
 * ahead was written by a clock that was ahead, or the clock here is behind; it counts as now, so that nothing waits for
 * it. All are milliseconds.
 */
export function atMostAhead(time: number, now: number, maxAheadMs: number): number {
  return time - now > maxAheadMs ? now : time
}
