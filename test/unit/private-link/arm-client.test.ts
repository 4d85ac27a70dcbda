import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createArmClient, encodePath } from '../../../shared/private-link/arm/client.ts'
import { ArmError } from '../../../shared/private-link/arm/error.ts'
import { arm, clientOf, credential, failure, fakeAzure, now } from './fake-azure.ts'

describe('a call to ARM', () => {
  it('carries the token, the api version and the body', async () => {
    const fake = fakeAzure({ 'PUT /subscriptions/x/a': { status: 200, body: { ok: true } } })
    const response = await clientOf(fake).request('PUT', '/subscriptions/x/a', '2020-01-01', {
      properties: {},
    })
    expect(response.body).toEqual({ ok: true })
    expect(fake.calls[0]?.url.href).toBe(`${arm}/subscriptions/x/a?api-version=2020-01-01`)
    expect(fake.calls[0]?.token).toBe(`Bearer for ${arm}/.default`)
    expect(fake.calls[0]?.body).toEqual({ properties: {} })
  })

  it('goes below the path of its endpoint', async () => {
    const fake = fakeAzure({ 'GET /synapse/ws/a': { status: 200, body: [] } })
    await clientOf(fake, `${arm}/synapse/ws/`).request('GET', '/a', '1')
    expect(fake.calls).toHaveLength(1)
  })

  it.each(['http://arm.test', 'ftp://arm.test', 'arm.test', 'https://user@arm.test', 'https://arm.test?a=b'])(
    'is refused to the endpoint %s',
    (endpoint) => {
      const options = { endpoint, credential, scope: 's', userAgent: 'test', now }
      expect(() => createArmClient(options)).toThrow(/must be an https address/)
    },
  )

  it('reads code, message and Retry-After of an error', async () => {
    const reply = failure(429, 'TooManyRequests', 'Slow down.', { 'retry-after': '17' })
    const error = await caught(clientOf(fakeAzure({ 'GET /a': reply })).request('GET', '/a', '1'))
    expect(error).toMatchObject({
      status: 429,
      code: 'TooManyRequests',
      message: 'Slow down.',
      retryAfterSeconds: 17,
    })
  })

  it.each([
    [{ code: 'Flat', message: 'm' }, 'Flat', 'm'],
    [{ error: 'invalid_grant' }, 'invalid_grant', 'GET returned 400'],
    ['<html>', 'Http400', 'GET returned 400'],
    [undefined, 'Http400', 'GET returned 400'],
  ])('understands the error body %j', async (body, code, message) => {
    const error = await caught(
      clientOf(fakeAzure({ 'GET /a': { status: 400, body } })).request('GET', '/a', '1'),
    )
    expect(error).toMatchObject({ code, message })
  })

  it('reads a Retry-After that is a date', async () => {
    const reply = failure(503, 'Busy', 'Busy', { 'retry-after': 'Fri, 20 Nov 2026 10:01:30 GMT' })
    const error = await caught(clientOf(fakeAzure({ 'PUT /a': reply })).request('PUT', '/a', '1'))
    expect(error.retryAfterSeconds).toBe(90)
  })

  it('tries a read twice when the server fails, and a write once', async () => {
    const fake = fakeAzure({ 'GET /a': failure(500, 'Oops'), 'PUT /a': failure(500, 'Oops') })
    expect((await caught(clientOf(fake).request('GET', '/a', '1'))).status).toBe(500)
    expect(fake.calls).toHaveLength(2)
    expect((await caught(clientOf(fake).request('PUT', '/a', '1'))).status).toBe(500)
    expect(fake.calls).toHaveLength(3)
  })

  it('is not repeated when it was throttled', async () => {
    const fake = fakeAzure({ 'GET /a': failure(429, 'TooManyRequests', 'x', { 'retry-after': '1' }) })
    await caught(clientOf(fake).request('GET', '/a', '1'))
    expect(fake.calls).toHaveLength(1)
  })

  it('fails with status 0 when nobody answers in time', async () => {
    const sockets: Socket[] = []
    const silent = createServer((socket) => sockets.push(socket))
    const port = await listening(silent)
    const endpoint = `https://127.0.0.1:${port}`
    const options = { endpoint, credential, scope: 's', userAgent: 'test', now, timeoutMilliseconds: 50 }
    const error = await caught(createArmClient(options).request('PUT', '/a', '1'))
    expect(error).toMatchObject({ status: 0, code: 'Timeout' })
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => silent.close(resolve))
  })

  it('refuses an answer that is not JSON', async () => {
    const fake = fakeAzure({ 'GET /a': { status: 200, text: '<html>login</html>' } })
    expect((await caught(clientOf(fake).request('GET', '/a', '1'))).code).toBe('UnreadableResponse')
  })
})

describe('names in a path', () => {
  it('cannot end it, begin a query or a fragment', () => {
    expect(encodePath('/a b/c?d=e/f#g/h%2Fi')).toBe('/a%20b/c%3Fd%3De/f%23g/h%252Fi')
  })

  it.each(['/a/../b', '/a/./b', '/a//b', '//host/a', '/a/', 'a', 'https://elsewhere.test/a', ''])(
    'cannot climb or change the host: %s',
    (path) => {
      expect(() => encodePath(path)).toThrow(/not a path/)
    },
  )
})

describe('a token', () => {
  it.each([
    'https://elsewhere.test/page2',
    'https://arm.test.elsewhere.test/page2',
    'https://arm.test:444/page2',
    'http://arm.test/page2',
    'https://arm.test@elsewhere.test/page2',
    'https://user:pw@arm.test/page2',
    '//elsewhere.test/page2',
    'page2',
  ])('is not sent to the next page %s', async (nextLink) => {
    const fake = fakeAzure({ 'GET /list': { status: 200, body: { value: [1], nextLink } } })
    const error = await caught(clientOf(fake).list('/list', '1'))
    expect(error.code).toBe('ForeignLink')
    expect(fake.calls).toHaveLength(1)
  })

  it.each([301, 302, 307, 308])('does not follow a redirect of status %d anywhere', async (status) => {
    const headers = { location: 'https://elsewhere.test/a' }
    const fake = fakeAzure({ 'GET /a': { status, headers } })
    expect((await caught(clientOf(fake).request('GET', '/a', '1'))).status).toBe(status)
    expect(fake.calls.map(({ url }) => url.host)).toEqual(['arm.test'])
  })
})

describe('a redirect', () => {
  it('is not followed at home either: no call of ours is answered with one', async () => {
    const fake = fakeAzure({
      'GET /a': { status: 307, headers: { location: `${arm}/b` } },
      'GET /b': { status: 200 },
    })
    expect(await caught(clientOf(fake).request('GET', '/a', '1'))).toMatchObject({
      status: 307,
      code: 'Http307',
    })
    expect(fake.calls).toHaveLength(1)
  })
})

describe('a list', () => {
  it('is read to its last page', async () => {
    const fake = fakeAzure({
      'GET /list': { status: 200, body: { value: [1, 2], nextLink: `${arm}/page2?x=1` } },
      'GET /page2': { status: 200, body: { value: [3], nextLink: '' } },
    })
    expect(await clientOf(fake).list('/list', '1')).toEqual([1, 2, 3])
    expect(fake.calls[1]?.url.search).toBe('?x=1')
  })

  it('may be a bare array', async () => {
    const fake = fakeAzure({ 'GET /list': { status: 200, body: [1, 2] } })
    expect(await clientOf(fake).list('/list', '1')).toEqual([1, 2])
  })

  it.each([{}, { value: null }, { value: {} }, 'text', { value: [], nextLink: 7 }, undefined])(
    'that is %j is not taken for empty',
    async (body) => {
      const error = await caught(
        clientOf(fakeAzure({ 'GET /list': { status: 200, body } })).list('/list', '1'),
      )
      expect(error.code).toBe('UnreadableList')
    },
  )

  it('whose pages go round in a circle is given up', async () => {
    const fake = fakeAzure({ 'GET /list': { status: 200, body: { value: [1], nextLink: `${arm}/list` } } })
    expect((await caught(clientOf(fake).list('/list', '1'))).code).toBe('EndlessList')
    expect(fake.calls.length).toBeLessThan(5)
  })

  it('fails as a whole when one page fails', async () => {
    const fake = fakeAzure({
      'GET /list': { status: 200, body: { value: [1], nextLink: `${arm}/page2` } },
      'GET /page2': failure(403, 'AuthorizationFailed'),
    })
    expect((await caught(clientOf(fake).list('/list', '1'))).status).toBe(403)
  })
})

async function caught(promise: Promise<unknown>): Promise<ArmError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ArmError)) throw new Error(`Expected an ArmError, got ${String(error)}`)
  return error
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
