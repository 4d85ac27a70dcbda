import { app, type InvocationContext, type Timer } from '@azure/functions'
import { startedApp } from '../shared/app.ts'
import { everySeconds } from '../shared/config/timer-schedule.ts'
import { withLog } from '../shared/telemetry/current-log.ts'
import { functionLog } from '../shared/telemetry/function-log.ts'

/** Every 30 seconds: delivers what was left by a lost hint, a crash or a failing channel. */
export async function notifyDue(_timer: Timer, context: InvocationContext): Promise<void> {
  const { notifyDue } = await startedApp()
  await withLog(functionLog(context), notifyDue)
}

app.timer('notifyDue', { schedule: everySeconds(30, process.env), handler: notifyDue })
