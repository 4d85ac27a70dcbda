import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { retryAfterSeconds } from '../../domain/retry-after.ts'
import { inTime, type Waiting } from './in-time.ts'

/** A body to be sent, with a time for all of it: looking up, connecting, sending, and the response. */
export interface Post extends Waiting {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** How the host is looked up; undefined: as usual. */
  readonly lookup: LookupFunction | undefined
}

/** What came back. */
export interface PostResponse {
  readonly status: number
  readonly retryAfterSeconds: number | undefined
  /** `error.code` of a JSON body: one word. */
  readonly code: string | undefined
}

const maxBodyBytes = 4_096
const maxRetryAfterSeconds = 3_600

/**
 * Sends a body once, without following redirects.
 * @throws ChannelFailure when there is no response. Its message names the host only.
 */
export function post(sent: Post): Promise<PostResponse> {
  return inTime(sent, async (signal) => {
    const response = await respond(sent, signal)
    const retryAfter = retryAfterSeconds(response.headers['retry-after'], new Date(), maxRetryAfterSeconds)
    const status = response.statusCode ?? 0
    const code = isAccepted(status) ? undefined : codeIn(await beginningOf(response))
    response.destroy()
    return { status, retryAfterSeconds: retryAfter, code }
  })
}

/** True for any 2xx. */
export function isAccepted(status: number): boolean {
  return status >= 200 && status <= 299
}

function respond({ url, headers, body, lookup }: Post, signal: AbortSignal): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      // A connection of its own: what was checked for one message says nothing about an old connection.
      agent: false as const,
      signal,
      ...(lookup && { lookup }),
    }
    request(url, options, resolve).on('error', reject).end(body)
  })
}

/** As far as it says anything. A response that breaks off has its status all the same. */
async function beginningOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of response) {
      chunks.push(chunk as Buffer)
      bytes += (chunk as Buffer).length
      if (bytes > maxBodyBytes) break
    }
  } catch {
    // The status has been received, and says more than the body.
  }
  return Buffer.concat(chunks).subarray(0, maxBodyBytes).toString()
}

/** Nothing else of a body is shown: it may repeat what was sent, or the URL. */
function codeIn(body: string): string | undefined {
  return /"code"\s*:\s*"([A-Za-z][A-Za-z0-9_.]{2,60})"/.exec(body)?.[1]
}
