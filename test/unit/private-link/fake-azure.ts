import type { TokenCredential } from '@azure/core-auth'
import { createHttpHeaders, type HttpClient, RestError } from '@azure/core-rest-pipeline'
import type { Log } from '../../../shared/ports/log.ts'
import { type ArmClient, createArmClient } from '../../../shared/private-link/arm/client.ts'
import type { Clock } from '../../../shared/private-link/arm/waiting.ts'

export const arm = 'https://arm.test'

export interface Reply {
  /** 0: the connection is cut before there is a response. */
  readonly status: number
  readonly body?: unknown
  /** Sent as it is instead of `body`. */
  readonly text?: string
  readonly headers?: Record<string, string>
}

export interface SentCall {
  readonly method: string
  readonly url: URL
  readonly token: string | undefined
  readonly ifMatch: string | undefined
  readonly body: unknown
}

/** Answers by `METHOD /path`; several replies are given one after the other, the last one for ever. */
export type Replies = Record<string, Reply | readonly Reply[]>

export interface FakeAzure {
  readonly httpClient: HttpClient
  readonly calls: SentCall[]
  readonly replies: Replies
}

/** A http client that answers from a table and remembers what was sent. What is not in the table is a 500. */
export function fakeAzure(replies: Replies): FakeAzure {
  const calls: SentCall[] = []
  const given = new Map<string, number>()
  const httpClient: HttpClient = {
    sendRequest(request) {
      const url = new URL(request.url)
      const body: unknown = typeof request.body === 'string' ? JSON.parse(request.body) : undefined
      const { method, headers } = request
      calls.push({ method, url, token: headers.get('authorization'), ifMatch: headers.get('if-match'), body })
      const key = `${request.method} ${url.pathname}`
      const reply = pick(replies[key], given, key)
      if (reply.status === 0) {
        return Promise.reject(new RestError('socket hang up', { code: 'ECONNRESET', request }))
      }
      return Promise.resolve({
        request,
        status: reply.status,
        headers: createHttpHeaders(reply.headers),
        bodyAsText: reply.text ?? (reply.body === undefined ? '' : JSON.stringify(reply.body)),
      })
    },
  }
  return { httpClient, calls, replies }
}

function pick(reply: Reply | readonly Reply[] | undefined, given: Map<string, number>, key: string): Reply {
  if (reply === undefined) return failure(501, 'NotInTheFake', `Nothing is prepared for ${key}.`)
  if (!isSequence(reply)) return reply
  const at = given.get(key) ?? 0
  given.set(key, at + 1)
  const found = reply[Math.min(at, reply.length - 1)]
  if (!found) throw new Error(`No replies are left for ${key}.`)
  return found
}

function isSequence(reply: Reply | readonly Reply[]): reply is readonly Reply[] {
  return Array.isArray(reply)
}

export function failure(status: number, code: string, message = code, headers = {}): Reply {
  return { status, body: { error: { code, message } }, headers }
}

/** Gives a token that names the scope it was made for. */
export const credential: TokenCredential = {
  getToken(scopes) {
    const scope = Array.isArray(scopes) ? scopes.join(' ') : scopes
    return Promise.resolve({ token: `for ${scope}`, expiresOnTimestamp: Date.now() + 3_600_000 })
  },
}

export const now = (): Date => new Date('2026-11-20T10:00:00Z')

export function clientOf(fake: FakeAzure, endpoint = arm): ArmClient {
  const { httpClient } = fake
  return createArmClient({
    endpoint,
    credential,
    scope: `${arm}/.default`,
    userAgent: 'test',
    now,
    httpClient,
  })
}

export interface FakeClock extends Clock {
  readonly waits: number[]
}

/** Time that passes only by waiting. */
export function fakeClock(): FakeClock {
  let at = 0
  const waits: number[] = []
  return {
    waits,
    milliseconds: () => at,
    wait(milliseconds) {
      at += milliseconds
      waits.push(milliseconds)
      return Promise.resolve()
    },
  }
}

export interface FakeLog extends Log {
  readonly lines: { readonly level: string; readonly message: string; readonly facts: unknown }[]
}

export function fakeLog(): FakeLog {
  const lines: FakeLog['lines'] = []
  const write =
    (level: string) =>
    (message: string, facts?: unknown): void => {
      lines.push({ level, message, facts })
    }
  return { lines, info: write('info'), warn: write('warn'), error: write('error') }
}
