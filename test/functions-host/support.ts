import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished } from 'vitest'
import { startHost } from '../../local/functions-host/host.ts'
import type { Host, HostOptions } from '../../local/functions-host/host.ts'

export const appHttp = fileURLToPath(new URL('./app-http', import.meta.url))
export const appStorage = fileURLToPath(new URL('./app-storage', import.meta.url))
export const appTimers = fileURLToPath(new URL('./app-timers', import.meta.url))

export const keys = { masterKey: 'master', functionKey: 'function', eventGridKey: 'events' }

/** What a handler of a test app wrote down. */
export interface Seen {
  kind: string
  [field: string]: unknown
}

export interface HostResponse {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

export interface Question {
  headers?: OutgoingHttpHeaders
  body?: string | Buffer
}

export interface TestHost extends Host {
  log: string[]
  ask: (method: string, path: string, question?: Question) => Promise<HostResponse>
  /** What the handlers of this app saw so far. */
  seen: (kind: string) => Seen[]
  /** Waits until so many of a kind have been seen. */
  seenAtLeast: (kind: string, count: number) => Promise<Seen[]>
}

/** A folder of its own for a test; the returned function removes it. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'functions-host-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Starts a test app in a host on a free port; stopping the host removes what it recorded. */
export async function startTestHost(
  options: Partial<HostOptions> & { appFolder: string },
): Promise<TestHost> {
  const folder = temporaryFolder()
  const record = join(folder.path, 'record')
  const log: string[] = []
  const host = await startHost({
    port: 0,
    keys,
    write: (line) => log.push(line),
    ...options,
    env: { PATH: process.env['PATH'], RECORD: record, AzureWebJobsDisableHomepage: 'true', ...options.env },
  }).catch((error: unknown) => {
    folder.remove()
    throw error
  })
  return {
    ...host,
    log,
    ask: (method, path, question) => ask(host.port, method, path, question),
    seen: (kind) => readRecord(record, kind),
    seenAtLeast: (kind, count) => recordedAtLeast(record, kind, count),
    stop: async () => {
      await host.stop()
      folder.remove()
    },
  }
}

/** Starts a host for one test; it is stopped at the end of the test, if the test has not done so. */
export async function startOwnHost(options: Partial<HostOptions> & { appFolder: string }): Promise<TestHost> {
  const host = await startTestHost(options)
  onTestFinished(() => host.stop())
  return host
}

export function readRecord(file: string, kind: string): Seen[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return []
  }
  const lines = text.split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as Seen).filter((each) => each.kind === kind)
}

export async function recordedAtLeast(file: string, kind: string, count: number): Promise<Seen[]> {
  await expect
    .poll(() => readRecord(file, kind).length, { timeout: 15_000, interval: 50 })
    .toBeGreaterThanOrEqual(count)
  return readRecord(file, kind)
}

/** Sends a request as it is written: no dots resolved, no method refused. */
export function ask(
  port: number,
  method: string,
  path: string,
  question: Question = {},
): Promise<HostResponse> {
  const { headers = {}, body } = question
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, method, path, headers: { ...headers, ...length }, agent: false },
      (incoming) => {
        const parts: Buffer[] = []
        incoming.on('data', (part: Buffer) => parts.push(part))
        incoming.on('error', reject)
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(parts).toString(),
          }),
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** What the `shown` handler of the HTTP app answers. */
export interface Shown {
  function: string
  method: string
  path: string
  params: Record<string, string>
  query: [string, string][]
  headers: Record<string, string>
  body: string
}

export function shown(response: HostResponse): Shown {
  expect(response.status, response.body).toBe(200)
  return JSON.parse(response.body) as Shown
}
