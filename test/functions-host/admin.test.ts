import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appHttp, startTestHost } from './support.ts'
import type { HostResponse, TestHost } from './support.ts'

let host: TestHost
beforeAll(async () => {
  host = await startTestHost({ appFolder: appHttp })
})
afterAll(() => host.stop())

function run(name: string, body: unknown, key = 'master'): Promise<HostResponse> {
  return host.ask('POST', `/admin/functions/${name}`, {
    headers: { 'x-functions-key': key, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

describe('the admin paths', () => {
  it('answer 401 with WWW-Authenticate to no key, 403 to a key that is not the master key', async () => {
    expect(await run('event', {}, '')).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
      body: '',
    })
    for (const key of ['function', 'events'])
      expect(await run('event', {}, key), key).toMatchObject({ status: 403, body: '' })
  })

  it('tell the state of the host', async () => {
    const path = '/admin/host/status'
    expect((await host.ask('GET', path)).status).toBe(401)
    const response = await host.ask('GET', `${path}?code=master`)
    expect(JSON.parse(response.body)).toMatchObject({ state: 'Running', version: '4.1037.0' })
  })

  it('answer 404 to an unknown function and to whatever else they do not know', async () => {
    expect(await run('nosuch', {})).toMatchObject({ status: 404, body: '' })
    expect((await host.ask('GET', '/admin/nosuch?code=master')).status).toBe(404)
    expect((await host.ask('GET', '/runtime/webhooks/nosuch?code=master')).status).toBe(404)
  })

  it('run an Event Grid function with the event given as input', async () => {
    const event = { id: 'by-hand', subject: 's', data: { a: 1 } }
    expect(await run('event', { input: JSON.stringify(event) })).toMatchObject({ status: 202, body: '' })
    const [seen] = await host.seenAtLeast('event', 1)
    expect(seen).toEqual({ kind: 'event', event, metadata: { data: { a: 1 } } })
  })

  it('answer 400 to a body that is no JSON, to an event that is none, and for an HTTP function', async () => {
    expect((await run('event', '{')).status).toBe(400)
    expect((await run('event', { input: 'no event' })).status).toBe(400)
    expect((await run('text', {})).status).toBe(400)
  })
})
