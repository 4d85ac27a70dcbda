/** Seconds after the first failure at which Azure is tried again; after the last, somebody has been notified. */
export const tryMarks = [15, 120, 600, 1800] as const

/**
 * Seconds until the next of some moments, which are given in seconds after a beginning; after the last one they are
 * `everySeconds` apart. A moment that is less than a second away counts as reached, and a beginning that lies ahead, by
 * a wrong clock, as now.
 */
export function untilMark(marks: readonly number[], everySeconds: number, sinceSeconds: number): number {
  const elapsed = Math.max(sinceSeconds, 0)
  const next = marks.find((mark) => mark >= elapsed + 1)
  if (next !== undefined) return next - elapsed
  const past = elapsed - (marks.at(-1) ?? 0)
  const periods = Math.floor((past + 1) / everySeconds) + 1
  return periods * everySeconds - past
}
