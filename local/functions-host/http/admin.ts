import type { FunctionDefinition } from '../functions.ts'
import type { Invoke, Trigger } from '../invoker.ts'
import { queueTrigger } from '../queues/message.ts'
import type { Caller } from './authorization.ts'
import { eventTrigger } from './event-grid.ts'
import { respond, readBody } from './incoming-call.ts'
import type { IncomingCall } from './incoming-call.ts'

export interface AdminOptions {
  functions: FunctionDefinition[]
  invoke: Invoke
  /** The trigger value of a timer that is run by hand. */
  timerTrigger: (name: string) => Trigger
  /** The response of `GET /admin/host/status`. */
  status: () => Record<string, unknown>
}

/** Creates the handler of `/admin/…`, which needs the master key (401, 403 and 202 seen with host 4.1037). */
export function createAdmin(options: AdminOptions) {
  return async (call: IncomingCall, caller: Caller): Promise<boolean> => {
    const path = call.path.decoded.replace(/\/$/, '')
    if (!/^\/admin(\/|$)/i.test(path)) return false
    if (caller === 'none') respond(call, 401, { headers: { 'WWW-Authenticate': 'Bearer' } })
    else if (caller !== 'master') respond(call, 403)
    else if (/^\/admin\/host\/status$/i.test(path) && call.method === 'GET') {
      respond(call, 200, { text: JSON.stringify(options.status()), type: 'application/json; charset=utf-8' })
    } else {
      const name = /^\/admin\/functions\/([^/]+)$/i.exec(path)?.[1]
      if (name === undefined || call.method !== 'POST') respond(call, 404)
      else await runByHand(call, name, options)
    }
    return true
  }
}

async function runByHand(call: IncomingCall, name: string, options: AdminOptions): Promise<void> {
  const definition = options.functions.find((each) => each.name.toLowerCase() === name.toLowerCase())
  if (!definition) {
    respond(call, 404)
    return
  }
  const input = readInput((await readBody(call.request)).toString())
  const trigger = input === undefined ? undefined : triggerByHand(definition, input, options)
  if (!trigger) {
    respond(call, 400)
    return
  }
  respond(call, 202)
  await options.invoke(definition, trigger)
}

/** The `input` of the body, empty if there is none; undefined for a body that is no JSON object. */
function readInput(body: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body === '' ? '{}' : body)
    if (typeof parsed !== 'object' || parsed === null) return undefined
    const input: unknown = (parsed as Record<string, unknown>)['input'] ?? ''
    return typeof input === 'string' ? input : JSON.stringify(input)
  } catch {
    return undefined
  }
}

function triggerByHand(
  definition: FunctionDefinition,
  input: string,
  options: AdminOptions,
): Trigger | undefined {
  const reason = 'This function was programmatically called via the host APIs.'
  switch (definition.kind) {
    case 'timer':
      return { ...options.timerTrigger(definition.name), reason }
    case 'queue': {
      const message = {
        text: input,
        dequeueCount: 0,
        insertedOn: new Date(),
        expiresOn: 'never',
        nextVisibleOn: 'never',
      } as const
      return { ...queueTrigger(message, definition.queueName), reason }
    }
    case 'eventGrid':
      return eventByHand(input, reason)
    case 'http':
      // The real host turns the input into a request; the caller can send that request directly.
      return undefined
  }
}

function eventByHand(input: string, reason: string): Trigger | undefined {
  try {
    return { ...eventTrigger(JSON.parse(input) as Record<string, unknown>), reason }
  } catch {
    return undefined
  }
}
