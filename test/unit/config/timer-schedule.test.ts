import { expect, it } from 'vitest'
import { everySeconds } from '../../../shared/config/timer-schedule.ts'

it.each([
  [undefined, '*/15 * * * * *'],
  ['', '*/15 * * * * *'],
  ['1', '*/15 * * * * *'],
  ['2', '*/8 * * * * *'],
  ['5', '*/3 * * * * *'],
  ['10', '*/2 * * * * *'],
  ['11', '*/15 * * * * *'],
  ['fast', '*/15 * * * * *'],
])('a timer of 15 seconds at the review speed %s runs at %s', (speed, schedule) => {
  expect(everySeconds(15, { REVIEW_SPEED: speed })).toBe(schedule)
})
