import { request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream'
import { respond } from './incoming-call.ts'
import type { IncomingCall } from './incoming-call.ts'
import { encodePath } from './path.ts'

const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
]

/**
 * Passes a call to the worker's own HTTP server and its response back, both as streams. Only that response counts: if a
 * handler throws or returns nothing, there is none, so the caller waits until `responseLimitMs` is over and gets a 500
 * (239 s, seen with host 4.1037). A worker that dies before responding gives a 502.
 */
export function proxyToWorker(
  call: IncomingCall,
  options: { workerUrl: string; invocationId: string; responseLimitMs: number },
): Promise<void> {
  const { request, response } = call
  const url = new URL(options.workerUrl)
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !hopByHop.includes(name) && name !== 'host'),
  )
  return new Promise((resolve) => {
    const outgoing = httpRequest({
      hostname: url.hostname,
      port: url.port,
      method: call.method,
      path: encodePath(call.path.decoded, true) + call.rawQuery,
      headers: {
        ...headers,
        'x-ms-invocation-id': options.invocationId,
        'x-forwarded-host': request.headers.host ?? 'localhost',
        'x-forwarded-proto': 'http',
      },
      agent: false,
    })
    function finish(status: number): void {
      clearTimeout(limit)
      outgoing.destroy()
      respond(call, status)
      resolve()
    }
    const limit = setTimeout(() => finish(500), options.responseLimitMs)
    outgoing.on('error', () => finish(502))
    outgoing.on('response', (incoming) => {
      clearTimeout(limit)
      copyHead(incoming, call)
      pipeline(incoming, response, () => resolve())
    })
    // A caller that disconnects ends the worker's request, too.
    response.on('close', () => {
      clearTimeout(limit)
      outgoing.destroy()
      resolve()
    })
    pipeline(request, outgoing, () => undefined)
  })
}

function copyHead(incoming: IncomingMessage, { response }: IncomingCall): void {
  response.statusCode = incoming.statusCode ?? 502
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined && !hopByHop.includes(name)) response.setHeader(name, value)
  }
  response.flushHeaders()
}
