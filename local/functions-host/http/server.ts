import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { StartFailure, messageOf, stackOf } from '../failure.ts'
import type { HostKeys } from '../keys.ts'
import type { Log } from '../logger.ts'
import { identifyCaller } from './authorization.ts'
import type { Caller } from './authorization.ts'
import { respond, readCall } from './incoming-call.ts'
import type { IncomingCall } from './incoming-call.ts'

/** Responds to a call that belongs to it; false leaves the call to the next handler. */
export type CallHandler = (call: IncomingCall, caller: Caller) => Promise<boolean>

export interface ServerOptions {
  port: number
  keys: HostKeys
  customHeaders: Record<string, string>
  log: Log
  /** Resolves to the handlers, in the order in which they are tried, when the app is loaded. */
  handlers: Promise<CallHandler[]>
}

// Kestrel's defaults; the function timeout limits how long a handler may take.
const kestrelLimits = { maxHeaderSize: 32_768, keepAliveTimeout: 130_000, requestTimeout: 0 }

/**
 * Listens on loopback (port 0: any free one). Every response has `Server: Kestrel` and the custom headers of host.json,
 * also those of the webhook and of failures (seen with host 4.1037).
 * @throws StartFailure when the port is taken or cannot be used
 */
export async function startServer(options: ServerOptions): Promise<{ server: Server; port: number }> {
  const server = createServer(kestrelLimits, (request, response) => {
    response.setHeader('Server', 'Kestrel')
    for (const [name, value] of Object.entries(options.customHeaders)) response.setHeader(name, value)
    const call = readCall(request, response)
    handle(call, options).catch((error: unknown) => {
      options.log('error', 'Host.Http', `${call.method} ${call.path.decoded}: ${stackOf(error)}`)
      respond(call, 500)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      reject(
        new StartFailure(
          taken ? `Port ${options.port} is taken: another program listens there.` : messageOf(error),
        ),
      )
    })
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const address = server.address()
  return { server, port: typeof address === 'object' && address ? address.port : options.port }
}

async function handle(call: IncomingCall, options: ServerOptions): Promise<void> {
  const caller = identifyCaller(call, options.keys)
  for (const handler of await options.handlers) {
    if (await handler(call, caller)) return
  }
  respond(call, 404)
}
