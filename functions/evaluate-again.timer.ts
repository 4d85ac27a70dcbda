import { app, type InvocationContext, type Timer } from '@azure/functions'
import { startedApp } from '../shared/app.ts'
import { everySeconds } from '../shared/config/timer-schedule.ts'
import { withLog } from '../shared/telemetry/current-log.ts'
import { functionLog } from '../shared/telemetry/function-log.ts'

/** Every 30 seconds: evaluates requests in manual review again after a change of the allow-list. */
export async function evaluateAgain(_timer: Timer, context: InvocationContext): Promise<void> {
  const { evaluateAgain } = await startedApp()
  await withLog(functionLog(context), evaluateAgain)
}

app.timer('evaluateAgain', { schedule: everySeconds(30, process.env), handler: evaluateAgain })
