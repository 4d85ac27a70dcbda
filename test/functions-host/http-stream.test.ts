import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appHttp, shown, startOwnHost, startTestHost } from './support.ts'
import type { TestHost } from './support.ts'

const responseLimitMs = 700

let host: TestHost
beforeAll(async () => {
  host = await startTestHost({
    appFolder: appHttp,
    env: { HTTP_STREAM: '1' },
    streamResponseLimitMs: responseLimitMs,
  })
})
afterAll(() => host.stop())

async function get(path: string) {
  return shown(await host.ask('GET', path))
}

describe('an app with enableHttpStream', () => {
  it('gets the request and gives the answer piece by piece', async () => {
    const outgoing = request({
      port: host.port,
      host: '127.0.0.1',
      method: 'POST',
      path: '/echo',
      agent: false,
    })
    outgoing.write('first')
    const incoming = await new Promise<IncomingMessage>((resolve) => outgoing.on('response', resolve))
    const pieces = incoming[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    expect(String((await pieces.next()).value)).toBe('first')
    outgoing.end('second')
    expect(String((await pieces.next()).value)).toBe('second')
    expect((await pieces.next()).done).toBe(true)
  })

  it('answers with x-ms-invocation-id and the custom headers', async () => {
    const { headers, body } = await host.ask('GET', '/text')
    expect(body).toBe('some text')
    expect(headers['x-ms-invocation-id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', server: 'Kestrel' })
  })

  it('takes a body of a megabyte', async () => {
    const response = await host.ask('POST', '/upload', { body: Buffer.alloc(1_000_000) })
    expect(JSON.parse(response.body)).toEqual({ bytes: 1_000_000 })
  })

  it('sees the names of the query among its parameters, without the key; the parameters of the route win', async () => {
    expect((await get('/any/q?x=1&y=%20z&rest=shadow')).params).toEqual({ rest: 'q', x: '1', y: ' z' })
    expect((await get('/keyed?code=function&z=1')).params).toEqual({ z: '1' })
    expect((await get('/any/q?x=1&x=2')).params).toEqual({ rest: 'q', x: '2' })
  })

  it('sees repeated names of the query one by one', async () => {
    expect((await get('/any/q?x=1&x=2')).query).toEqual([
      ['x', '1'],
      ['x', '2'],
    ])
  })

  it('sees %2F of the path as %252F in the URL', async () => {
    expect((await get('/any/a%2Fb/c%20d')).path).toBe('/any/a%252Fb/c%20d')
    expect((await get('/any/..%2fy')).path).toBe('/any/..%252fy')
  })

  it('sees the headers that the caller sent, the spoofed ones too', async () => {
    const headers = { 'x-ms-client-principal': 'spoof', 'x-forwarded-for': '1.2.3.4', 'x-thing': 'A' }
    expect(shown(await host.ask('GET', '/any/h', { headers })).headers).toMatchObject(headers)
  })

  it('leaves the caller waiting when the handler throws, until the limit brings a 500', async () => {
    const started = performance.now()
    const response = await host.ask('GET', '/throws')
    expect(response).toMatchObject({ status: 500, body: '' })
    expect(performance.now() - started).toBeGreaterThanOrEqual(responseLimitMs - 5)
  })

  it('leaves the caller waiting when the handler returns undefined', async () => {
    const started = performance.now()
    expect((await host.ask('GET', '/nothing')).status).toBe(500)
    expect(performance.now() - started).toBeGreaterThanOrEqual(responseLimitMs - 5)
  })

  it('does not count the limit while an answer is on its way', async () => {
    const outgoing = request({
      port: host.port,
      host: '127.0.0.1',
      method: 'POST',
      path: '/echo',
      agent: false,
    })
    outgoing.write('first')
    const incoming = await new Promise<IncomingMessage>((resolve) => outgoing.on('response', resolve))
    const pieces = incoming[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    await pieces.next()
    // Another call runs into the limit meanwhile, so the limit of this one is over too.
    await host.ask('GET', '/nothing')
    outgoing.end('late')
    expect(String((await pieces.next()).value)).toBe('late')
  })

  it('gives a 502 to the call in work when it ends, and serves the next one', async () => {
    const other = await startOwnHost({ appFolder: appHttp, env: { HTTP_STREAM: '1' } })
    const crashed = await other.ask('GET', '/crash')
    await expect.poll(() => other.log.some((line) => line.includes('started again'))).toBe(true)
    const next = await other.ask('GET', '/text')
    await other.stop()
    expect(crashed).toMatchObject({ status: 502, body: '' })
    expect(next.body).toBe('some text')
  })
})
