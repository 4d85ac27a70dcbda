import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appHttp, shown, startOwnHost, startTestHost } from './support.ts'
import type { TestHost } from './support.ts'

let host: TestHost
beforeAll(async () => {
  host = await startTestHost({ appFolder: appHttp })
})
afterAll(() => host.stop())

async function get(path: string, headers: Record<string, string> = {}) {
  return shown(await host.ask('GET', path, { headers }))
}

describe('which function gets a request', () => {
  it('gives the app "/" when the route prefix is empty and the homepage is off', async () => {
    expect(await get('/')).toMatchObject({ function: 'home', path: '/', params: {} })
  })

  it('answers "/" with its own page when the homepage is on, though a function wants it', async () => {
    const other = await startOwnHost({ appFolder: appHttp, env: { AzureWebJobsDisableHomepage: 'false' } })
    const response = await other.ask('GET', '/')
    await other.stop()
    expect(response.status).toBe(200)
    expect(response.headers['content-type']).toBe('text/html')
  })

  it('tries the functions in alphabetical order of their names, not the more specific template first', async () => {
    expect(await get('/b/requests/7')).toMatchObject({ function: 'acatch', params: { rest: 'requests/7' } })
    expect(await get('/a/requests/mine')).toMatchObject({ function: 'item', params: { id: 'mine' } })
    expect(await get('/a/requests/7')).toMatchObject({ function: 'item', params: { id: '7' } })
    expect(await get('/a/zzz')).toMatchObject({ function: 'zcatch', params: { rest: 'zzz' } })
  })

  it('lets two functions share a template with different methods', async () => {
    expect(await get('/c/thing')).toMatchObject({ function: 'read' })
    expect(shown(await host.ask('POST', '/c/thing', { body: '' }))).toMatchObject({ function: 'write' })
  })

  it('answers 404, not 405, where the method is not declared, HEAD and OPTIONS included', async () => {
    for (const method of ['DELETE', 'HEAD', 'OPTIONS']) {
      expect(await host.ask(method, '/text'), method).toMatchObject({ status: 404, body: '' })
    }
  })

  it('answers HEAD where it is declared, with the headers and no body', async () => {
    const response = await host.ask('HEAD', '/')
    expect(response).toMatchObject({ status: 200, body: '' })
    expect(response.headers['content-type']).toBe('application/json')
  })

  it('takes GET and POST at a route of its name, open to all, for a function that says nothing', async () => {
    expect(await get('/defaults')).toMatchObject({ function: 'defaults' })
    expect(shown(await host.ask('POST', '/defaults', { body: 'x' }))).toMatchObject({ body: 'x' })
    expect((await host.ask('PUT', '/defaults', { body: 'x' })).status).toBe(404)
  })

  it('ignores case and a trailing slash', async () => {
    expect((await host.ask('GET', '/TEXT')).body).toBe('some text')
    expect((await host.ask('GET', '/text/')).body).toBe('some text')
  })

  it('answers 404 to an unknown path', async () => {
    expect(await host.ask('GET', '/none')).toMatchObject({ status: 404, body: '' })
  })

  it('heeds constraints and optional parameters', async () => {
    expect(await get('/d/12')).toMatchObject({ params: { id: '12' } })
    expect((await host.ask('GET', '/d/twelve')).status).toBe(404)
    expect(await get('/e/x')).toMatchObject({ params: { name: 'x' } })
    expect(await get('/e')).toMatchObject({ params: {} })
  })
})

describe('what the handler sees of the path and the query', () => {
  it('decodes parameters once but leaves an encoded slash', async () => {
    expect(await get('/any/a%2Fb/c%20d')).toMatchObject({
      params: { rest: 'a%2Fb/c d' },
      path: '/any/a%2Fb/c%20d',
    })
    expect(await get('/any/..%2fy')).toMatchObject({ params: { rest: '..%2fy' }, path: '/any/..%2fy' })
    expect(await get('/any/%2541')).toMatchObject({ params: { rest: '%41' } })
    expect(await get('/any/%E2%82%AC')).toMatchObject({ params: { rest: '€' }, path: '/any/%E2%82%AC' })
  })

  it('resolves dot segments, plain or encoded, before it looks for a function', async () => {
    expect(await get('/any/x/../y')).toMatchObject({ params: { rest: 'y' }, path: '/any/y' })
    expect(await get('/any/x/%2e%2e/y')).toMatchObject({ params: { rest: 'y' }, path: '/any/y' })
    expect(await get('/any/../c/thing')).toMatchObject({ function: 'read' })
  })

  it('answers 404 to a double slash', async () => {
    expect((await host.ask('GET', '/any//y')).status).toBe(404)
  })

  it('joins repeated query names by a comma', async () => {
    expect((await get('/any/q?x=1&x=2')).query).toEqual([['x', '1,2']])
  })

  it('keeps the query out of the parameters', async () => {
    const seen = await get('/any/q?x=1&y=%20z&rest=shadow')
    expect(seen.params).toEqual({ rest: 'q' })
    expect(seen.query).toEqual([
      ['x', '1'],
      ['y', ' z'],
      ['rest', 'shadow'],
    ])
  })

  it("hands on the caller's x-ms-client-principal and x-forwarded-for unchanged", async () => {
    const headers = {
      'x-ms-client-principal': 'spoof',
      'x-ms-client-principal-id': 'someone',
      'x-forwarded-for': '1.2.3.4',
    }
    expect((await get('/any/h', headers)).headers).toMatchObject(headers)
  })
})

describe('what the caller gets', () => {
  it('is 204 for a handler that returns undefined or null', async () => {
    expect(await host.ask('GET', '/nothing')).toMatchObject({ status: 204, body: '' })
    expect(await host.ask('GET', '/null')).toMatchObject({ status: 204, body: '' })
  })

  it('is text/plain for a string body, chunked, from a server called Kestrel', async () => {
    const { headers, body } = await host.ask('GET', '/text')
    expect(body).toBe('some text')
    expect(headers).toMatchObject({
      'content-type': 'text/plain;charset=UTF-8',
      'transfer-encoding': 'chunked',
      server: 'Kestrel',
    })
  })

  it('is 500 without a body for a handler that throws or returns no object', async () => {
    expect(await host.ask('GET', '/throws')).toMatchObject({ status: 500, body: '' })
    expect(await host.ask('GET', '/number')).toMatchObject({ status: 500, body: '' })
    expect(host.log.join('\n')).toContain('thrown on purpose')
  })

  it('is status, headers and bytes as the handler gave them', async () => {
    expect(await host.ask('GET', '/teapot')).toMatchObject({
      status: 418,
      headers: { 'content-type': 'application/problem+json' },
      body: '{}',
    })
    expect((await host.ask('GET', '/bytes')).headers['content-type']).toBe('application/octet-stream')
    const upload = await host.ask('POST', '/upload', { body: Buffer.alloc(1_000_000, 200) })
    expect(JSON.parse(upload.body)).toEqual({ bytes: 1_000_000 })
  })

  it('has cookies written as ASP.NET writes them', async () => {
    const { status, headers } = await host.ask('GET', '/cookies')
    expect(status).toBe(302)
    expect(headers.location).toBe('/text')
    expect(headers['set-cookie']).toEqual([
      'a=1%202; path=/x; secure; samesite=lax; httponly',
      'b=2; expires=Tue, 01 Jan 2030 00:00:00 GMT; max-age=60; domain=example.org; path=/',
    ])
  })

  it('has the custom headers on every answer: 200, 401, 404, 500 and those of webhook and admin', async () => {
    const asked: [string, string, number][] = [
      ['GET', '/text', 200],
      ['GET', '/keyed', 401],
      ['GET', '/none', 404],
      ['GET', '/throws', 500],
      ['GET', '/runtime/webhooks/EventGrid?functionName=event&code=events', 400],
      ['GET', '/admin/host/status', 401],
    ]
    for (const [method, path, status] of asked) {
      const response = await host.ask(method, path)
      expect(response.status, path).toBe(status)
      expect(response.headers['x-content-type-options'], path).toBe('nosniff')
    }
  })
})

describe('keys', () => {
  it('wants a key for authLevel function, in the query or a header, and shows it to the handler', async () => {
    expect(await host.ask('GET', '/keyed')).toMatchObject({ status: 401, body: '' })
    expect((await host.ask('GET', '/keyed?code=wrong')).status).toBe(401)
    expect((await get('/keyed?code=function&z=1')).query).toEqual([
      ['code', 'function'],
      ['z', '1'],
    ])
    const byHeader = await host.ask('GET', '/keyed', { headers: { 'x-functions-key': 'function' } })
    expect(shown(byHeader).headers).toMatchObject({ 'x-functions-key': 'function' })
  })

  it('lets the master key open everything, and the Event Grid key no function', async () => {
    expect((await get('/keyed?code=master')).function).toBe('keyed')
    expect((await get('/for-the-master?code=master')).function).toBe('for-the-master')
    expect((await host.ask('GET', '/for-the-master?code=function')).status).toBe(401)
    expect((await host.ask('GET', '/keyed?code=events')).status).toBe(401)
  })
})

describe('the worker process', () => {
  it('gets the values of local.settings.json under the environment, arguments for Node, and none of the host keys', async () => {
    const other = await startOwnHost({
      appFolder: appHttp,
      env: {
        FROM_BOTH: 'environment',
        HOST_MASTER_KEY: 'secret',
        languageWorkers__node__arguments: '--no-deprecation',
      },
    })
    const response = await other.ask('GET', '/settings')
    await other.stop()
    expect(JSON.parse(response.body)).toEqual({
      local: 'local',
      both: 'environment',
      runtime: 'node',
      folder: appHttp,
      nodeArguments: ['--no-deprecation'],
    })
  })

  it('is started again when it ends; the call in work gets a 500, the next one is served', async () => {
    const other = await startOwnHost({ appFolder: appHttp })
    const before = other.workerPid()
    const [crashed, next] = await Promise.all([other.ask('GET', '/crash'), served(other)])
    await other.stop()
    expect(crashed).toMatchObject({ status: 500, body: '' })
    expect(next.pid).not.toBe(before)
  })

  async function served(other: TestHost): Promise<{ pid: number }> {
    await expect.poll(() => other.log.some((line) => line.includes('started again'))).toBe(true)
    return JSON.parse((await other.ask('GET', '/pid')).body) as { pid: number }
  }
})
