import { CronExpressionParser } from 'cron-parser'
import { StartFailure } from '../failure.ts'
import { parseTimeSpan } from '../time-span.ts'

export interface Schedule {
  /** The first time after `from` (UTC). */
  next(from: Date): Date
  /** Calendar schedules follow daylight saving, intervals do not (seen with host 4.1037 for the former). */
  adjustForDst: boolean
}

const number = String.raw`(?:\d+|[A-Za-z]{3,9})`
const item = String.raw`(?:\*|${number}(?:-${number})?)(?:/\d+)?`
const field = String.raw`${item}(?:,${item})*`
const cron = new RegExp(String.raw`^${field}(?:\s+${field}){4,5}$`)

/**
 * Reads an NCRONTAB expression (six fields, seconds first; five fields: at second 0) or a TimeSpan `hh:mm:ss`
 * (Microsoft documentation). Times are UTC.
 * @throws StartFailure naming the function when it is neither
 */
export function parseSchedule(expression: string, functionName: string): Schedule {
  const interval = parseTimeSpan(expression)
  if (interval !== undefined && interval > 0) {
    return { next: (from) => new Date(from.getTime() + interval), adjustForDst: false }
  }
  const fields = expression.trim().split(/\s+/)
  if (cron.test(expression.trim())) {
    try {
      return calendarSchedule(fields.length === 5 ? ['0', ...fields] : fields)
    } catch {
      // Reported below together with everything else that cannot be read.
    }
  }
  throw new StartFailure(
    `Function "${functionName}": the schedule "${expression}" is neither an NCRONTAB expression ("{second} {minute} {hour} {day} {month} {day of week}") nor a time like "00:05:00".`,
  )
}

function calendarSchedule(fields: string[]): Schedule {
  const daysOfWeek = fields[5] ?? '*'
  // If both days are given, NCRONTAB requires both to match, cron either: so the weekday is checked here.
  const weekdays = new Set(
    CronExpressionParser.parse(`0 0 0 * * ${daysOfWeek}`).fields.dayOfWeek.values.map(
      (day) => Number(day) % 7,
    ),
  )
  const withoutWeekday = [...fields.slice(0, 5), '*'].join(' ')
  CronExpressionParser.parse(withoutWeekday)
  return {
    adjustForDst: true,
    next: (from) => {
      const times = CronExpressionParser.parse(withoutWeekday, { currentDate: from, tz: 'UTC' })
      let time = times.next().toDate()
      while (!weekdays.has(time.getUTCDay())) {
        // Continue at the last moment of that day, so that a schedule of every second is not walked through.
        const dayEnd = Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate() + 1) - 1
        time = CronExpressionParser.parse(withoutWeekday, { currentDate: new Date(dayEnd), tz: 'UTC' })
          .next()
          .toDate()
      }
      return time
    },
  }
}
