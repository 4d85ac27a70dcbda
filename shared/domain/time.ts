/** A day, which begins at midnight UTC, or a time in UTC. */
export const timeForm = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{1,7})?Z)?$/
/** Whole days, or whole hours. */
export const durationForm = /^(P[1-9][0-9]{0,3}D|PT[1-9][0-9]{0,4}H)$/

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Reads a day or a time in UTC; undefined for anything else, such as a day that there is not. */
export function parseTime(text: string): Date | undefined {
  if (!timeForm.test(text)) return undefined
  const time = new Date(text)
  // The 30th of February is a day in March to some engines.
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text.slice(0, 10)) ? time : undefined
}

/** `2026-11-21 15:30` of a time in ISO 8601, without the time zone (UTC). */
export function minuteOf(time: string): string {
  return time.slice(0, 16).replace('T', ' ')
}

/** Reads `P{days}D` or `PT{hours}H`: milliseconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  if (!durationForm.test(text)) return undefined
  return Number(/\d+/.exec(text)?.[0]) * (text.endsWith('H') ? hourMs : dayMs)
}

/** False for a time zone that this machine does not know. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name })
    return true
  } catch {
    return false
  }
}
