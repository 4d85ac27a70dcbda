import type { Cookie, InvocationResult } from '../rpc.ts'
import { respond } from './incoming-call.ts'
import type { IncomingCall } from './incoming-call.ts'

const sameSiteTexts = { none: undefined, lax: 'lax', strict: 'strict', explicitNone: 'none' } as const

/** `Set-Cookie` as ASP.NET writes it; without a path of its own a cookie gets "/" (order seen with host 4.1037). */
export function formatCookie(cookie: Cookie): string {
  const seconds = cookie.expires?.value?.seconds
  const sameSite = sameSiteTexts[cookie.sameSite ?? 'none']
  const parts = [
    `${cookie.name}=${encodeURIComponent(cookie.value)}`,
    seconds === undefined ? undefined : `expires=${new Date(seconds * 1000).toUTCString()}`,
    typeof cookie.maxAge?.value === 'number' ? `max-age=${Math.trunc(cookie.maxAge.value)}` : undefined,
    cookie.domain?.value ? `domain=${cookie.domain.value}` : undefined,
    `path=${cookie.path?.value ?? '/'}`,
    cookie.secure?.value === true ? 'secure' : undefined,
    sameSite === undefined ? undefined : `samesite=${sameSite}`,
    cookie.httpOnly?.value === true ? 'httponly' : undefined,
  ]
  return parts.filter((part) => part !== undefined).join('; ')
}

/** Responds with what the function returned: 204 for nothing, 500 and no body for an error (seen with 4.1037). */
export function sendResult(call: IncomingCall, result: InvocationResult): void {
  const http = result.returnValue?.http
  if (result.error !== undefined || !http) {
    respond(call, result.error === undefined ? 204 : 500)
    return
  }
  const { response } = call
  response.statusCode = Number(http.statusCode ?? 200)
  for (const [name, value] of Object.entries(http.headers ?? {})) response.setHeader(name, value)
  const cookies = (http.cookies ?? []).map(formatCookie)
  if (cookies.length > 0) response.setHeader('Set-Cookie', cookies)
  const body = http.body?.bytes ?? http.body?.string ?? ''
  // When the head is sent first, Node cannot count the body, and chunks it as Kestrel does.
  if (body.length > 0) response.flushHeaders()
  response.end(body)
}
