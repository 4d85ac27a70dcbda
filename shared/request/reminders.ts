import { chosenOutcome } from '../domain/choice.ts'
import { untilNextTime } from '../domain/retry-times.ts'
import { isExpired } from './expiry.ts'
import type { At } from './table.ts'
import { isAhead, secondsBetween } from './times.ts'

const hourSeconds = 3600
const daySeconds = 24 * hourSeconds
const weekSeconds = 7 * daySeconds

/** Seconds after a question was opened from which on the next pass reminds people of it, then weekly. */
const reminderTimes = [4 * hourSeconds, daySeconds, 3 * daySeconds, weekSeconds] as const

/** The shortest gap between those times. Late reminders, and those of one question after another, keep it, too. */
const minGapSeconds = reminderTimes[1] - reminderTimes[0]

/**
 * Seconds until people are reminded of an open request; 0 or less: it is time. Times that passed while the app was stopped
 * are one reminder.
 */
export function untilReminder({ state: { since }, remindedAt }: At<'open'>, at: Date): number {
  const elapsed = Math.max(secondsBetween(since, at), 0)
  if (remindedAt === undefined || isAhead(remindedAt, at)) return reminderTimes[0] - elapsed
  const reminded = secondsBetween(since, new Date(remindedAt))
  const from = Math.max(reminded, 0)
  const next = from + untilNextTime(reminderTimes, weekSeconds, from)
  return Math.max(next, reminded + minGapSeconds) - elapsed
}

/** True when people are to be reminded: not of what they have decided, nor of what has expired. */
export function isReminderDue(request: At<'open'>, at: Date): boolean {
  return (
    chosenOutcome(request.choices) === undefined && !isExpired(request) && untilReminder(request, at) <= 0
  )
}
