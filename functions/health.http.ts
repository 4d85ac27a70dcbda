import type { Outgoing } from '../shared/http/outgoing.ts'
import { startedApp } from '../shared/app.ts'
import { currentLog } from '../shared/telemetry/current-log.ts'
import { serveRoute } from './serve-route.ts'

/** Whether the process responds. Checks no dependency, because restarting an instance would not fix one. */
export function healthz(): Outgoing {
  return { status: 200, jsonBody: { status: 'ok' } }
}

/** Whether requests can be decided, and why not. Needs a function key: problems name rules and their content. */
export async function readyz(): Promise<Outgoing> {
  try {
    const { readiness } = await startedApp()
    const { isReady, nobodyNotified, ...facts } = await readiness()
    return respond(isReady, {
      allowList: { status: isReady ? 'pass' : 'fail', ...facts },
      notifications: { status: nobodyNotified === 0 ? 'pass' : 'fail', nobodyNotified },
    })
  } catch (error) {
    currentLog.error('The app cannot say whether it is ready.', { error: String(error) })
    const problem = error instanceof Error ? error.message : String(error)
    return respond(false, { app: { status: 'fail', problem } })
  }
}

function respond(isReady: boolean, checks: Record<string, unknown>): Outgoing {
  return { status: isReady ? 200 : 503, jsonBody: { status: isReady ? 'ready' : 'not ready', checks } }
}

serveRoute('healthz', healthz)
serveRoute('readyz', readyz)
