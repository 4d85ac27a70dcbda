import { counted } from '../terminal/words.ts'
import { type CheckRun, fail, pass } from './check.ts'

/** How many messages have reached nobody, although there was time for it. */
export const checkNobodyNotified: CheckRun = async ({ run }) => {
  const cases = await run.connected.cases(() => undefined)
  const count = await cases.nobodyNotified()
  if (count === 0) return pass('No message has reached nobody.')
  return fail(
    `${counted(count, 'message')} ${count === 1 ? 'has' : 'have'} reached nobody.`,
    'private-endpoint-approver notifications list says what each channel said; then fix the channels, and send again with notifications retry <id>.',
  )
}
