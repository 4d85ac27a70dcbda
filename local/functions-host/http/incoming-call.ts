import type { IncomingMessage, ServerResponse } from 'node:http'
import { readPath } from './path.ts'
import type { RequestPath } from './path.ts'

/** One HTTP request and its response. */
export interface IncomingCall {
  request: IncomingMessage
  response: ServerResponse
  method: string
  path: RequestPath
  /** With the leading question mark, or empty. */
  rawQuery: string
  query: URLSearchParams
}

/** Reads a request of Node's server. */
export function readCall(request: IncomingMessage, response: ServerResponse): IncomingCall {
  const target = (request.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '').replace(/#.*$/s, '')
  const queryStart = target.indexOf('?')
  const rawPath = queryStart < 0 ? target : target.slice(0, queryStart)
  const rawQuery = queryStart < 0 ? '' : target.slice(queryStart)
  return {
    request,
    response,
    method: request.method ?? 'GET',
    path: readPath(rawPath === '' ? '/' : rawPath),
    rawQuery,
    query: new URLSearchParams(rawQuery),
  }
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

/** Request headers by lower-case name, repeated ones joined by a comma as ASP.NET does. */
export function joinedHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values]) => [name, (values ?? []).join(',')]),
  )
}

/** Responds without a body, or with a text. */
export function respond(
  call: IncomingCall,
  status: number,
  options: { text?: string; type?: string; headers?: Record<string, string> } = {},
): void {
  const { response } = call
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.statusCode = status
  for (const [name, value] of Object.entries(options.headers ?? {})) response.setHeader(name, value)
  if (options.text === undefined) {
    if (status !== 204) response.setHeader('Content-Length', 0)
    response.end()
    return
  }
  response.setHeader('Content-Type', options.type ?? 'text/plain; charset=utf-8')
  response.end(options.text)
}
