import { app, type InvocationContext, type Timer } from '@azure/functions'
import { startedApp } from '../shared/app.ts'
import { everySeconds } from '../shared/config/timer-schedule.ts'
import { withLog } from '../shared/telemetry/current-log.ts'
import { functionLog } from '../shared/telemetry/function-log.ts'

/** Every 15 seconds: recovers from a crash well before the queue shows its message again, which takes ten minutes. */
export async function finishOpenWorkNow(_timer: Timer, context: InvocationContext): Promise<void> {
  const { finishOpenWork } = await startedApp()
  await withLog(functionLog(context), finishOpenWork)
}

app.timer('finishOpenWork', { schedule: everySeconds(15, process.env), handler: finishOpenWorkNow })
