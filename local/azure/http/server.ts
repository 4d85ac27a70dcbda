import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { faultReply } from '../control/faults.ts'
import type { Faults, Fault } from '../control/faults.ts'
import type { RequestLog } from '../control/requests.ts'
import { IssuerError } from '../identity/issuer.ts'
import type { Timers } from '../timers.ts'
import { armError, AzureError } from './exchange.ts'
import type { Reply, Call } from './exchange.ts'

const bodyLimit = 4 * 1024 * 1024
/** Logged status of a call whose caller hung up before the response. */
const hungUp = 499

/** What the request listener needs. `reply` finds the handler and admits the caller. */
export interface Listening {
  readonly reply: (call: Call) => Promise<{ reply: Reply; call: Call }>
  readonly faults: Faults
  readonly requests: Pick<RequestLog, 'add'>
  readonly timers: Timers
  readonly log: (line: string) => void
}

/** Reads a request, plays faults, responds, and logs. Errors become error bodies of Azure or OAuth. */
export async function serve(
  listening: Listening,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const started = performance.now()
  const call = await readCall(request)
  const { reply, clientId } = await play(listening, call, request)
  if (reply === 'reset') request.socket.destroy()
  const isGone = typeof reply === 'string' || response.destroyed
  if (!isGone) send(call, response, reply)
  if (call.path.startsWith('/_simulator/')) return
  listening.requests.add({
    time: new Date().toISOString(),
    method: call.method,
    path: call.path,
    query: call.query.toString(),
    status: isGone ? hungUp : reply.status,
    clientId,
    ms: Math.round(performance.now() - started),
    body: loggedBody(call),
  })
}

async function play(
  listening: Listening,
  call: Call,
  request: IncomingMessage,
): Promise<{ reply: Reply | 'silence' | 'reset'; clientId: string | null }> {
  const fault = call.path.startsWith('/_simulator/')
    ? undefined
    : listening.faults.take(call.method, call.path)
  if (fault?.when === 'before') {
    await hold(listening, fault)
    if (request.socket.destroyed) return { reply: 'silence', clientId: null }
    const instead = fault.reset ? 'reset' : faultReply(fault)
    if (instead !== undefined) return { reply: instead, clientId: null }
  }
  const real = await realReply(listening, call)
  if (fault?.when === 'after') {
    await hold(listening, fault)
    const instead = fault.reset ? 'reset' : faultReply(fault)
    if (instead !== undefined) return { ...real, reply: instead }
  }
  return real
}

/** Waits as the fault says. "forever" keeps the caller waiting until it gives up or the server stops. */
async function hold(listening: Listening, fault: Fault): Promise<void> {
  if (fault.holdMs === 'forever') await new Promise<never>(() => undefined)
  else if (fault.holdMs !== undefined) await listening.timers.sleep(fault.holdMs)
}

async function realReply(
  listening: Listening,
  call: Call,
): Promise<{ reply: Reply; clientId: string | null }> {
  try {
    const done = await listening.reply(call)
    return { reply: done.reply, clientId: done.call.caller?.clientId ?? null }
  } catch (error) {
    return { reply: errorReply(listening, error), clientId: null }
  }
}

function errorReply(listening: Listening, error: unknown): Reply {
  if (error instanceof AzureError) {
    return { status: error.status, body: armError(error), headers: error.headers }
  }
  if (error instanceof IssuerError) {
    const status = error.error === 'invalid_client' ? 401 : 400
    const body = { error: error.error, error_description: error.message, error_codes: [] }
    return { status, body }
  }
  listening.log(`Internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  const body = { error: { code: 'InternalServerError', message: 'The simulated Azure failed; see its log.' } }
  return { status: 500, body }
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = chunk as Buffer
    size += bytes.length
    if (size <= bodyLimit) chunks.push(bytes)
  }
  const url = request.url ?? '/'
  const cut = url.indexOf('?')
  const path = cut === -1 ? url : url.slice(0, cut)
  return {
    method: request.method ?? 'GET',
    path: `/${path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeSegment)
      .join('/')}`,
    query: new URLSearchParams(cut === -1 ? '' : url.slice(cut + 1)),
    headers: request.headers,
    rawBody: Buffer.concat(chunks).toString('utf8'),
    params: new Map(),
    origin: `https://${request.headers.host ?? 'localhost'}`,
    caller: undefined,
  }
}

/** An encoded slash (%2F) belongs to its segment and stays encoded. */
function decodeSegment(segment: string): string {
  try {
    const text = decodeURIComponent(segment)
    return text.includes('/') ? segment : text
  } catch {
    return segment
  }
}

function send(call: Call, response: ServerResponse, reply: Reply): void {
  const id = randomUUID()
  response.statusCode = reply.status
  response.setHeader('x-ms-request-id', id)
  response.setHeader('x-ms-correlation-request-id', id)
  response.setHeader('Cache-Control', 'no-cache')
  const clientRequestId = call.headers['x-ms-client-request-id']
  if (typeof clientRequestId === 'string') response.setHeader('x-ms-client-request-id', clientRequestId)
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value)
  if (reply.text === undefined && reply.body === undefined) {
    response.end()
    return
  }
  const text = reply.text ?? JSON.stringify(reply.body)
  if (!response.hasHeader('Content-Type')) {
    response.setHeader('Content-Type', 'application/json; charset=utf-8')
  }
  response.setHeader('Content-Length', Buffer.byteLength(text))
  response.end(call.method === 'HEAD' ? undefined : text)
}

function loggedBody(call: Call): unknown {
  if (call.rawBody === '' || /\/token$/i.test(call.path)) return null
  try {
    return JSON.parse(call.rawBody) as unknown
  } catch {
    return call.rawBody.slice(0, 2000)
  }
}
