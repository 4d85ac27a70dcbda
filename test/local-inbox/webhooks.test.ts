import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Inbox } from '../../local/inbox/start.ts'
import { control, openTrustedInbox } from './support.ts'

let inbox: Inbox
beforeAll(async () => {
  inbox = await openTrustedInbox()
})
afterEach(() => control(inbox, 'POST', 'reset'))
afterAll(() => inbox.stop())

const event = JSON.stringify({
  specversion: '1.0',
  id: 'e1',
  source: '/approver',
  type: 'escalation.opened',
  subject: 'case-1',
  data: { requester: 'adf-prod' },
})

interface Sent {
  readonly body?: string
  readonly signed?: string
  readonly secret?: string
  readonly at?: Date
  readonly id?: string
}

function send({
  body = event,
  signed = body,
  secret = inbox.webhookSecret,
  at = new Date(),
  id = 'msg_1',
}: Sent = {}) {
  return fetch(inbox.webhookUrl('pager'), {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': 'application/cloudevents+json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, at, signed),
    },
    body,
  })
}

test('A signed webhook is verified and kept under its receiver, with the event in its title', async () => {
  expect((await send()).status).toBe(204)
  expect(inbox.messages()).toMatchObject([
    {
      to: ['pager'],
      title: 'escalation.opened: case-1',
      problems: [],
      content: { problem: undefined, raw: event },
    },
  ])
})

test('Webhooks of one subject are a thread, and one that comes again says so', async () => {
  await send()
  await send()
  const [first, second] = inbox.messages()
  expect(second?.threadKeys).toEqual(first?.threadKeys)
  expect(second?.repeatOf).toBe(first?.id)
})

describe('Kept, but refused with 401:', () => {
  const minutes = (count: number) => new Date(Date.now() + count * 60_000)
  test.each([
    ['a body that was changed', () => ({ signed: `${event} ` }), 'No matching signature found'],
    ['another secret', () => ({ secret: `whsec_${btoa('another secret')}` }), 'No matching signature found'],
    ['an old time', () => ({ at: minutes(-6) }), 'Message timestamp too old'],
    ['a time in the future', () => ({ at: minutes(6) }), 'Message timestamp too new'],
  ])('%s', async (_what, made, problem) => {
    expect((await send(made())).status).toBe(401)
    expect(inbox.messages()).toMatchObject([{ content: { problem } }])
  })

  test('no signature, and a body that is no event', async () => {
    const response = await fetch(inbox.webhookUrl('pager'), { method: 'POST', body: 'null' })
    expect(response.status).toBe(401)
    expect(inbox.messages()).toMatchObject([
      { title: 'Webhook', content: { problem: 'Missing required headers' } },
    ])
  })
})

describe('A fault of the receiver', () => {
  const fault = (body: Record<string, unknown>) =>
    control(inbox, 'POST', 'faults', { path: '^/webhooks/pager$', ...body })

  test('redirects, as a receiver must not', async () => {
    await fault({ status: 302, shape: 'empty', headers: { Location: 'http://169.254.169.254/' } })
    const response = await send()
    expect([response.status, response.headers.get('location')]).toEqual([302, 'http://169.254.169.254/'])
  })

  test('fails once, hangs, resets, and loses', async () => {
    await fault({ status: 503, times: 1 })
    expect((await send()).status).toBe(503)
    await fault({ reset: true, times: 1 })
    await expect(send()).rejects.toThrow('fetch failed')
    await fault({ holdMs: 300, times: 1 })
    const started = performance.now()
    expect((await send()).status).toBe(204)
    expect(performance.now() - started).toBeGreaterThan(290)
    await control(inbox, 'POST', 'losses', { via: 'webhook' })
    expect((await send()).status).toBe(204)
    expect(inbox.messages()).toHaveLength(1)
  })
})
