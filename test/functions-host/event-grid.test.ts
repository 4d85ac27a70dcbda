import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appHttp, startTestHost } from './support.ts'
import type { TestHost } from './support.ts'

let host: TestHost
beforeAll(async () => {
  host = await startTestHost({ appFolder: appHttp })
})
afterAll(() => host.stop())

const hook = '/runtime/webhooks/EventGrid?functionName=event&code=events'

function event(id: string, subject = 's') {
  return {
    id,
    topic: '/subscriptions/x',
    subject,
    eventType: 'Microsoft.Resources.ResourceWriteSuccess',
    eventTime: '2026-11-21T00:00:00Z',
    data: { a: 1 },
    dataVersion: '2',
    metadataVersion: '1',
  }
}

function cloudEvent(id: string, subject = 's') {
  const { topic: source, eventType: type, eventTime: time, data } = event(id)
  return { specversion: '1.0', id, source, type, subject, time, data }
}

const eventType = { 'aeg-event-type': 'Notification', 'content-type': 'application/json' }
const cloudType = { 'aeg-event-type': 'Notification', 'content-type': 'application/cloudevents+json' }
const batchType = { 'aeg-event-type': 'Notification', 'content-type': 'application/cloudevents-batch+json' }

function deliver(body: unknown, headers: Record<string, string> = eventType, path = hook) {
  return host.ask('POST', path, {
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

function seenIds(kind = 'event'): string[] {
  return host.seen(kind).map((each) => (each['event'] as { id: string }).id)
}

describe('a delivery of events', () => {
  it('runs the function once per event, all at once, and answers 202 when all are done', async () => {
    // Each of these three goes on only when all three have begun.
    const response = await deliver(['t1', 't2', 't3'].map((id) => event(id, 'together')))
    expect(response).toMatchObject({ status: 202, body: '' })
    expect(seenIds()).toEqual(expect.arrayContaining(['t1', 't2', 't3']))
  })

  it('hands over the event unchanged, with its data as the only metadata', async () => {
    await deliver([event('u1')])
    const seen = host.seen('event').find((each) => (each['event'] as { id: string }).id === 'u1')
    expect(seen).toEqual({ kind: 'event', event: event('u1'), metadata: { data: { a: 1 } } })
  })

  it('runs a function of cardinality many once, with the whole array', async () => {
    const path = '/runtime/webhooks/EventGrid?functionName=batch&code=events'
    expect((await deliver([event('m1'), event('m2')], eventType, path)).status).toBe(202)
    expect(host.seen('batch').map((each) => each['event'])).toEqual([[event('m1'), event('m2')]])
  })

  it('answers 500 with the name of the function when one event fails, after the others have run', async () => {
    const response = await deliver([event('f1'), event('f2', 'FAIL'), event('f3')])
    expect(response).toMatchObject({
      status: 500,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: 'Exception while executing function: Functions.event',
    })
    expect(seenIds()).toEqual(expect.arrayContaining(['f1', 'f2', 'f3']))
  })

  it('takes a single event without an array, and an empty array', async () => {
    expect(await deliver(event('g1'))).toMatchObject({ status: 202, body: '' })
    expect(seenIds()).toContain('g1')
    expect(await deliver([])).toMatchObject({ status: 202, body: '' })
  })

  it('hands over a CloudEvent as sent, alone or in a batch', async () => {
    expect((await deliver(cloudEvent('c1'), cloudType)).status).toBe(202)
    expect((await deliver([cloudEvent('c2'), cloudEvent('c3')], batchType)).status).toBe(202)
    expect(host.seen('event').map((each) => each['event'])).toEqual(
      expect.arrayContaining([cloudEvent('c1'), cloudEvent('c2'), cloudEvent('c3')]),
    )
    expect((await deliver([cloudEvent('c4'), cloudEvent('c5', 'FAIL')], batchType)).status).toBe(500)
  })

  it.each([
    ['malformed JSON', '[{'],
    ['an empty body', ''],
    ['JSON that is no event', '[1]'],
  ])('answers 500 to %s without running the function', async (_, body) => {
    const before = host.seen('event').length
    expect(await deliver(body)).toMatchObject({ status: 500, body: '' })
    expect(host.seen('event')).toHaveLength(before)
  })
})

describe('the handshakes', () => {
  it('answers SubscriptionValidation with the code, as text', async () => {
    const validation = { ...event('v'), data: { validationCode: 'ABC', validationUrl: 'https://x' } }
    const response = await deliver([validation], { 'aeg-event-type': 'SubscriptionValidation' })
    expect(response.status).toBe(200)
    expect(response.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(response.body).toBe('{"validationResponse":"ABC"}')
    expect(seenIds()).not.toContain('v')
  })

  it('finds the code in a CloudEvent too, whose data is JSON within JSON', async () => {
    const validation = { ...cloudEvent('v'), data: JSON.stringify({ validationCode: 'XYZ' }) }
    const response = await deliver(validation, { 'aeg-event-type': 'SubscriptionValidation' })
    expect(response).toMatchObject({ status: 200, body: '{"validationResponse":"XYZ"}' })
  })

  it('answers 500 to a validation without a code', async () => {
    const response = await deliver([event('v')], { 'aeg-event-type': 'SubscriptionValidation' })
    expect(response).toMatchObject({ status: 500, body: '' })
  })

  it('answers OPTIONS with the origin that asks, but only to the key', async () => {
    const headers = { 'webhook-request-origin': 'eventgrid.azure.net' }
    const response = await host.ask('OPTIONS', hook, { headers })
    expect(response).toMatchObject({
      status: 200,
      headers: { 'webhook-allowed-origin': 'eventgrid.azure.net' },
    })
    expect((await host.ask('OPTIONS', hook.replace('&code=events', ''), { headers })).status).toBe(401)
  })

  it('answers 202 to Unsubscribe without running the function', async () => {
    expect((await deliver([event('x')], { 'aeg-event-type': 'Unsubscribe' })).status).toBe(202)
    expect(seenIds()).not.toContain('x')
  })

  it('answers 400 to a request without aeg-event-type, and to GET', async () => {
    expect((await deliver([event('h')], {})).status).toBe(400)
    expect((await deliver(cloudEvent('h'), { 'content-type': 'application/cloudevents+json' })).status).toBe(
      400,
    )
    expect((await host.ask('GET', hook)).status).toBe(400)
    expect(seenIds()).not.toContain('h')
  })
})

describe('who may call the webhook', () => {
  it.each([
    ['the wrong key', hook.replace('code=events', 'code=wrong')],
    ['no key', hook.replace('&code=events', '')],
  ])('answers 401 with WWW-Authenticate to %s', async (_, path) => {
    const response = await deliver([event('w')], eventType, path)
    expect(response).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' }, body: '' })
    expect(seenIds()).not.toContain('w')
  })

  it('takes the key from a header too, and the master key', async () => {
    const path = hook.replace('&code=events', '')
    for (const key of ['events', 'master']) {
      const response = await deliver([event(`by-${key}`)], { ...eventType, 'x-functions-key': key }, path)
      expect(response.status, key).toBe(202)
    }
  })

  it.each(['nosuch', 'EVENT', 'text'])(
    'answers 404 to the function name %s: unknown, of other case, or of another kind',
    async (name) => {
      const response = await deliver([event('n')], eventType, hook.replace('=event&', `=${name}&`))
      expect(response).toMatchObject({ status: 404, body: `cannot find function: '${name}'` })
    },
  )
})
