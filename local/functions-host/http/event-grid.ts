import type { EventGridFunction, FunctionDefinition } from '../functions.ts'
import type { Invoke } from '../invoker.ts'
import type { TypedData } from '../rpc.ts'
import type { Caller } from './authorization.ts'
import { respond, readBody } from './incoming-call.ts'
import type { IncomingCall } from './incoming-call.ts'

const path = '/runtime/webhooks/eventgrid'
const reason = 'EventGrid trigger fired'

/**
 * Creates the webhook `/runtime/webhooks/EventGrid?functionName=NAME`. One failing event gives a 500 for the whole
 * delivery, although the others have run; a body without events gives a 500 without any run (all seen with host 4.1037
 * and the Event Grid extension 3.3.0).
 */
export function createEventGridWebhook(functions: FunctionDefinition[], invoke: Invoke) {
  return async (call: IncomingCall, caller: Caller): Promise<boolean> => {
    if (call.path.decoded.toLowerCase().replace(/\/$/, '') !== path) return false
    if (caller === 'none') {
      respond(call, 401, { headers: { 'WWW-Authenticate': 'Bearer' } })
    } else if (caller === 'function') {
      respond(call, 403)
    } else {
      await deliver(call, functions, invoke)
    }
    return true
  }
}

async function deliver(call: IncomingCall, functions: FunctionDefinition[], invoke: Invoke): Promise<void> {
  const name = call.query.get('functionName') ?? ''
  const definition = functions.find((each) => each.name === name)
  if (definition?.kind !== 'eventGrid') {
    respond(call, 404, { text: `cannot find function: '${name}'` })
    return
  }
  const origin = call.request.headers['webhook-request-origin']
  if (call.method === 'OPTIONS' && typeof origin === 'string') {
    respond(call, 200, { headers: { 'Webhook-Allowed-Origin': origin } })
    return
  }
  const kind = String(call.request.headers['aeg-event-type'] ?? '').toLowerCase()
  if (kind === 'unsubscribe') respond(call, 202)
  else if (kind === 'subscriptionvalidation') respondToValidation(call, await readEvents(call))
  else if (kind === 'notification') await notify(call, definition, await readEvents(call), invoke)
  else respond(call, 400)
}

type Event = Record<string, unknown>

/**
 * The events of a delivery, a single one as an array; undefined when the body is not JSON or contains something else.
 */
async function readEvents(call: IncomingCall): Promise<Event[] | undefined> {
  try {
    const parsed: unknown = JSON.parse((await readBody(call.request)).toString())
    const list: unknown[] = Array.isArray(parsed) ? parsed : [parsed]
    return list.every(isEvent) ? list : undefined
  } catch {
    return undefined
  }
}

function isEvent(value: unknown): value is Event {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function respondToValidation(call: IncomingCall, events: Event[] | undefined): void {
  const code = validationData(events?.[0]?.['data'])['validationCode']
  if (typeof code === 'string') respond(call, 200, { text: JSON.stringify({ validationResponse: code }) })
  else respond(call, 500)
}

/** The data of a validation event; in the CloudEvent schema it is JSON within JSON (read in the extension's source). */
function validationData(data: unknown): Event {
  try {
    const parsed: unknown = typeof data === 'string' ? JSON.parse(data) : data
    return isEvent(parsed) ? parsed : {}
  } catch {
    return {}
  }
}

async function notify(
  call: IncomingCall,
  definition: EventGridFunction,
  events: Event[] | undefined,
  invoke: Invoke,
): Promise<void> {
  if (!events) {
    respond(call, 500)
    return
  }
  const runs = definition.many ? [events] : events
  const results = await Promise.all(runs.map((value) => invoke(definition, eventTrigger(value))))
  if (results.some((result) => result.error !== undefined)) {
    respond(call, 500, { text: `Exception while executing function: Functions.${definition.name}` })
  } else respond(call, 202)
}

/** An event (or, for `cardinality: 'many'`, all of a delivery) as the worker gets it; `data` is the only metadata. */
export function eventTrigger(value: Event | Event[]) {
  const data = Array.isArray(value) ? value.map((event) => event['data']) : value['data']
  const metadata: Record<string, TypedData> =
    data === undefined ? {} : { data: { json: JSON.stringify(data) } }
  return { value: { json: JSON.stringify(value) }, metadata, reason }
}
