import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Received {
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export type Respond = (response: ServerResponse, received: Received) => void

/** A receiver on this machine for one test: its port, and what it got. */
export async function receiver(
  respond: Respond,
  tls?: { readonly key: string; readonly cert: string },
): Promise<{ readonly port: number; readonly received: readonly Received[] }> {
  const received: Received[] = []
  const listener: RequestListener = (request, response) => {
    void readBody(request).then((body) => {
      const got = { url: request.url ?? '', headers: request.headers, body }
      received.push(got)
      respond(response, got)
    })
  }
  const server = tls === undefined ? createServer(listener) : createHttpsServer(tls, listener)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, received }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}
