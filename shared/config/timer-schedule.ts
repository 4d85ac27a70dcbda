import { maxReviewSpeed } from './settings.ts'
import { wholeNumber } from './fields.ts'

/**
 * The schedule of a timer with this interval, divided by the setting REVIEW_SPEED. An invalid value counts as 1 here:
 * timers are set up before the settings are read, and that refuses it.
 */
export function everySeconds(
  seconds: number,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const speed = wholeNumber(maxReviewSpeed).catch(1).parse(environment['REVIEW_SPEED'])
  return `*/${Math.ceil(seconds / speed)} * * * * *`
}
