import { minuteOf } from '../../shared/domain/time.ts'

/** `1 rule`, `9,996 rules`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}

/** `2026-11-21 15:30 UTC` of a time in ISO 8601. */
export function shortly(time: string): string {
  return `${minuteOf(time)} UTC`
}
