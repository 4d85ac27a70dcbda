import { app, type InvocationContext, type Timer } from '@azure/functions'
import { startedApp } from '../shared/app.ts'
import { withLog } from '../shared/telemetry/current-log.ts'
import { functionLog } from '../shared/telemetry/function-log.ts'

/** Every five minutes: finds requests that no event reported. */
export async function sweepPending(_timer: Timer, context: InvocationContext): Promise<void> {
  const { sweep } = await startedApp()
  await withLog(functionLog(context), sweep)
}

app.timer('sweep', { schedule: '0 */5 * * * *', handler: sweepPending })
