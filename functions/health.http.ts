import { app, type HttpResponseInit, type InvocationContext } from '@azure/functions'
import { startedApp } from '../shared/app.ts'
import { functionLog } from '../shared/telemetry/function-log.ts'

const headers = { 'cache-control': 'no-store' }

/** Whether the process responds. Checks no dependency, because restarting an instance would not fix one. */
export function healthz(): HttpResponseInit {
  return { status: 200, headers, jsonBody: { status: 'ok' } }
}

/** Whether requests can be decided, and why not. Needs a function key: problems name rules and their content. */
export async function readyz(_request: unknown, context: InvocationContext): Promise<HttpResponseInit> {
  try {
    const { readiness } = await startedApp()
    const { isReady, nobodyNotified, ...facts } = await readiness()
    return respond(isReady, {
      allowList: { status: isReady ? 'pass' : 'fail', ...facts },
      notifications: { status: nobodyNotified === 0 ? 'pass' : 'fail', nobodyNotified },
    })
  } catch (error) {
    functionLog(context).error('The app cannot say whether it is ready.', { error: String(error) })
    const problem = error instanceof Error ? error.message : String(error)
    return respond(false, { app: { status: 'fail', problem } })
  }
}

function respond(isReady: boolean, checks: Record<string, unknown>): HttpResponseInit {
  return {
    status: isReady ? 200 : 503,
    headers,
    jsonBody: { status: isReady ? 'ready' : 'not ready', checks },
  }
}

app.http('healthz', { methods: ['GET'], authLevel: 'anonymous', route: 'healthz', handler: healthz })
app.http('readyz', { methods: ['GET'], authLevel: 'function', route: 'readyz', handler: readyz })
