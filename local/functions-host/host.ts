import { createHash } from 'node:crypto'
import type { Server } from 'node:http'
import { readAppFolder } from './app-folder.ts'
import type { AppFolder } from './app-folder.ts'
import { readFunctions } from './functions.ts'
import type { FunctionDefinition } from './functions.ts'
import type { TimerLockSettings } from './host-json.ts'
import { createAdmin } from './http/admin.ts'
import { createEventGridWebhook } from './http/event-grid.ts'
import { callFunction, createRoutes } from './http/function-calls.ts'
import type { Route } from './http/function-calls.ts'
import { homepage, noHomepage } from './http/homepage.ts'
import { startServer } from './http/server.ts'
import type { CallHandler } from './http/server.ts'
import { createInvoker } from './invoker.ts'
import { keyVariables } from './keys.ts'
import type { HostKeys } from './keys.ts'
import { createLog } from './logger.ts'
import type { Log } from './logger.ts'
import { startQueueListener } from './queues/listener.ts'
import type { QueueListener } from './queues/listener.ts'
import { createQueueSender } from './queues/output.ts'
import { connectionString, createStorage } from './storage.ts'
import { startTimerListener } from './timers/listener.ts'
import type { TimerListener } from './timers/listener.ts'
import { createTimerLocks } from './timers/lock.ts'
import { createTimerStatusStore } from './timers/status.ts'
import { WorkerProcess } from './worker-process.ts'

/** The version of the real host that this one behaves like. */
export const hostVersion = '4.1037.0'

export interface HostOptions {
  appFolder: string
  /** 0: any free port. */
  port: number
  keys: HostKeys
  /** The environment of the app; overrides local.settings.json. */
  env: NodeJS.ProcessEnv
  /** Takes each line of the log. */
  write: (line: string) => void
  /** Called when the app's process could not be restarted. */
  onGivenUp?: (reason: string) => void
  /** How long a streamed HTTP call may go without a response; 239 s as in the real host, unless a test shortens it. */
  streamResponseLimitMs?: number
  /** How timers are locked; as host.json says, unless a test shortens it. */
  timerLock?: TimerLockSettings
}

export interface Host {
  port: number
  functions: FunctionDefinition[]
  routes: Route[]
  /** The process that runs the app now. */
  workerPid: () => number | undefined
  /** Fetches no more work, gives running work one second, runs the app's terminate hooks, ends the worker. */
  stop: () => Promise<void>
}

const drainMs = 1000
const terminateMs = 1500

/**
 * Starts a function app.
 * @throws StartFailure with one sentence: a port that is taken, an app that does not load, a binding that this host
 * does not support
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const app = readAppFolder(options.appFolder)
  const settings: NodeJS.ProcessEnv = { ...app.localValues, ...options.env }
  const log = createLog(app.settings.logLevels, options.write)
  let openHandlers: (handlers: CallHandler[]) => void = () => undefined
  const { server, port } = await startServer({
    port: options.port,
    keys: options.keys,
    customHeaders: app.settings.customHeaders,
    log,
    handlers: new Promise((resolve) => (openHandlers = resolve)),
  })
  const worker = new WorkerProcess({
    app,
    hostVersion,
    env: workerEnvironment(settings, port),
    log,
    onGivenUp: options.onGivenUp ?? (() => undefined),
  })
  try {
    const running = await startApp({ app, settings, log, worker, options })
    openHandlers(running.handlers)
    return {
      port,
      functions: running.functions,
      routes: running.routes,
      workerPid: () => worker.pid,
      stop: () => stop(server, running.listeners, worker),
    }
  } catch (error) {
    await stop(server, [], worker)
    throw error
  }
}

function workerEnvironment(settings: NodeJS.ProcessEnv, port: number): NodeJS.ProcessEnv {
  const hidden: string[] = Object.values(keyVariables)
  return {
    FUNCTIONS_WORKER_RUNTIME: 'node',
    AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
    WEBSITE_HOSTNAME: `localhost:${port}`,
    ...Object.fromEntries(Object.entries(settings).filter(([name]) => !hidden.includes(name))),
  }
}

interface Listener {
  stop: () => Promise<void>
  abandon?: () => void
}

interface StartedApp {
  functions: FunctionDefinition[]
  routes: Route[]
  handlers: CallHandler[]
  listeners: Listener[]
}

interface AppParts {
  app: AppFolder
  settings: NodeJS.ProcessEnv
  log: Log
  worker: WorkerProcess
  options: HostOptions
}

async function startApp({ app, settings, log, worker, options }: AppParts): Promise<StartedApp> {
  const { functions: registered } = await worker.loaded
  const functions = readFunctions(registered, settings)
  if (functions.length === 0)
    log('warning', 'Host', `The app in ${app.path} has no functions that are switched on.`)
  const routes = createRoutes(functions, app.settings.routePrefix)
  const storage = createStorage(settings)
  const queueListeners: QueueListener[] = []
  const timerListeners: TimerListener[] = []
  const invoke = createInvoker({
    worker,
    log,
    timeoutMs: app.settings.functionTimeoutMs,
    sendOutputs: createQueueSender({
      storage,
      encoding: app.settings.queues.messageEncoding,
      onEnqueued: (name) => {
        for (const listener of queueListeners) if (listener.queueName === name) listener.notify()
      },
    }),
  })
  checkConnections(functions, settings)
  const hostId = createHash('sha256').update(app.path).digest('hex').slice(0, 32)
  const timerLock = options.timerLock ?? app.settings.timerLock
  const timerStorage = functions.some(({ kind }) => kind === 'timer')
    ? storage.blobs().then(
        (service) =>
          service && {
            statuses: createTimerStatusStore(service, hostId),
            locks: createTimerLocks(service, hostId, timerLock, log),
          },
      )
    : Promise.resolve(undefined)
  for (const definition of functions) {
    if (definition.kind === 'queue') {
      queueListeners.push(
        startQueueListener({ definition, settings: app.settings.queues, storage, invoke, log }),
      )
    } else if (definition.kind === 'timer') {
      timerListeners.push(startTimerListener({ definition, invoke, log, timerStorage }))
    }
  }
  const started = Date.now()
  const admin = createAdmin({
    functions,
    invoke,
    timerTrigger: (name) => timerByName(timerListeners, name),
    status: () => ({
      id: hostId,
      state: 'Running',
      version: hostVersion,
      versionDetails: hostVersion,
      processUptime: Date.now() - started,
    }),
  })
  const functionCalls = { routes, invoke, worker, responseLimitMs: options.streamResponseLimitMs ?? 239_000 }
  const hasHomepage = settings['AzureWebJobsDisableHomepage']?.toLowerCase() !== 'true'
  return {
    functions,
    routes,
    listeners: [...queueListeners, ...timerListeners],
    handlers: [
      admin,
      createEventGridWebhook(functions, invoke),
      ...(hasHomepage ? [homepage] : []),
      (call, caller) => callFunction(call, caller, functionCalls),
      noHomepage,
    ],
  }
}

/** @throws StartFailure when a queue is named but its account is not */
function checkConnections(functions: FunctionDefinition[], settings: NodeJS.ProcessEnv): void {
  for (const definition of functions) {
    if (definition.kind === 'queue') connectionString(settings, definition.connection)
    for (const output of definition.queueOutputs) connectionString(settings, output.connection)
  }
}

function timerByName(listeners: TimerListener[], name: string) {
  const listener = listeners.find((each) => each.name === name)
  if (!listener) throw new Error(`There is no timer "${name}".`)
  return listener.trigger()
}

async function stop(server: Server, listeners: Listener[], worker: WorkerProcess): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeIdleConnections()
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise((resolve) => (timer = setTimeout(resolve, drainMs)))
  await Promise.race([Promise.all([closed, ...listeners.map((listener) => listener.stop())]), limit])
  clearTimeout(timer)
  for (const listener of listeners) listener.abandon?.()
  await worker.stop(terminateMs)
  server.closeAllConnections()
  await closed
}
