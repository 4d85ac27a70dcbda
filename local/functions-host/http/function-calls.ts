import { randomUUID } from 'node:crypto'
import { StartFailure } from '../failure.ts'
import type { AuthLevel, FunctionDefinition, HttpFunction } from '../functions.ts'
import type { Invoke } from '../invoker.ts'
import type { WorkerProcess } from '../worker-process.ts'
import type { Caller } from './authorization.ts'
import { sendResult } from './from-worker.ts'
import { respond } from './incoming-call.ts'
import type { IncomingCall } from './incoming-call.ts'
import { createRouteMatcher } from './route-template.ts'
import type { RouteMatcher } from './route-template.ts'
import { proxyToWorker } from './stream-proxy.ts'
import { httpInput, streamMetadata } from './to-worker.ts'

export interface Route {
  definition: HttpFunction
  /** The whole template, prefix included, without a leading slash. */
  template: string
  match: RouteMatcher
}

/**
 * The routes of the app in the order in which they are tried: alphabetical by function name, however specific they are
 * (seen with host 4.1037). A function without a route of its own gets its name as route.
 * @throws StartFailure for a template under `admin` or `runtime`, which are reserved for the host
 */
export function createRoutes(functions: FunctionDefinition[], prefix: string): Route[] {
  return functions
    .filter((definition) => definition.kind === 'http')
    .map((definition) => {
      const own = (definition.route === '' ? definition.name : definition.route).replace(/^\/+/, '')
      const template = [prefix, own].filter((part) => part !== '').join('/')
      if (/^(admin|runtime)(\/|$)/i.test(template)) {
        throw new StartFailure(
          `Function "${definition.name}": the route "${template}" conflicts with the host's own routes /admin and /runtime.`,
        )
      }
      return { definition, template, match: createRouteMatcher(template) }
    })
}

const openTo: Record<AuthLevel, Caller[]> = {
  anonymous: ['none', 'function', 'eventGrid', 'master'],
  function: ['function', 'master'],
  admin: ['master'],
}

export interface FunctionCallOptions {
  routes: Route[]
  invoke: Invoke
  worker: WorkerProcess
  responseLimitMs: number
}

/** Finds the function for a call and lets it respond. Returns false when there is none. */
export async function callFunction(
  call: IncomingCall,
  caller: Caller,
  options: FunctionCallOptions,
): Promise<boolean> {
  if (call.path.hasEmptySegment) return false
  for (const { definition, match } of options.routes) {
    if (!definition.methods.includes(call.method)) continue
    const params = match(call.path.decoded)
    if (!params) continue
    if (openTo[definition.authLevel].includes(caller)) await run(call, definition, params, options)
    else respond(call, 401)
    return true
  }
  return false
}

const reason = 'This function was programmatically called via the host APIs.'

async function run(
  call: IncomingCall,
  definition: HttpFunction,
  params: Record<string, string>,
  { invoke, worker, responseLimitMs }: FunctionCallOptions,
): Promise<void> {
  const { capabilities } = await worker.loaded
  const workerUrl = capabilities['HttpUri']
  if (workerUrl === undefined) {
    const value = await httpInput(call, params)
    sendResult(call, await invoke(definition, { value, metadata: {}, reason }))
    return
  }
  const invocationId = randomUUID()
  const metadata = streamMetadata(call, params)
  const invoked = invoke(definition, { value: { http: {} }, metadata, reason, invocationId })
  await proxyToWorker(call, { workerUrl, invocationId, responseLimitMs })
  await invoked
}
