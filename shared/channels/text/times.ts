import { isTimeZone } from '../../domain/time.ts'

/** `2026-11-21 23:30 UTC (2026-11-22 00:30 Europe/Berlin)`; the second day only where it differs. */
export function timeShown(time: string, zone: string | undefined): string {
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return 'an unknown time'
  const [day, minute] = dayAndMinute(date, 'UTC')
  const utc = `${day} ${minute} UTC`
  if (zone === undefined || !isTimeZone(zone)) return utc
  const [otherDay, otherMinute] = dayAndMinute(date, zone)
  return `${utc} (${otherDay === day ? '' : `${otherDay} `}${otherMinute} ${zone})`
}

function dayAndMinute(date: Date, timeZone: string): readonly [day: string, minute: string] {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(date)
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.find(({ type }) => type === name)?.value ?? ''
  return [`${part('year')}-${part('month')}-${part('day')}`, `${part('hour')}:${part('minute')}`]
}
