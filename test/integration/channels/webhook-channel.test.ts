import type { LookupFunction } from 'node:net'
import { generate } from 'selfsigned'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { publicLookup } from '../../../shared/channels/http/public-address.ts'
import { WebhookChannel } from '../../../shared/channels/webhook/webhook-channel.ts'
import { ChannelFailure } from '../../../shared/ports/message-channel.ts'
import { sampleMessage } from '../../support/sample-message.ts'
import { receiver, type Received } from './receiver.ts'

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const otherSecret = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
const never = new AbortController().signal

function channel(url: string, lookup?: LookupFunction, now = new Date(), secrets = [secret]) {
  return new WebhookChannel('pager', {
    url: new URL(url),
    signers: secrets.map((one) => new Webhook(one)),
    lookup,
    timeoutMs: 2_000,
    now: () => now,
  })
}

async function failureOf(sending: Promise<unknown>): Promise<ChannelFailure> {
  const error: unknown = await sending.catch((one: unknown) => one)
  expect(error).toBeInstanceOf(ChannelFailure)
  return error as ChannelFailure
}

function headersOf({ headers }: Received): Record<string, string> {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature']
  return Object.fromEntries(names.map((name) => [name, String(headers[name])]))
}

async function sent(now?: Date, secrets?: readonly string[]): Promise<Received> {
  const { port, received } = await receiver((response) => response.writeHead(204).end())
  await channel(`http://127.0.0.1:${port}/in`, undefined, now, [...(secrets ?? [secret])]).send(
    sampleMessage(),
    [],
    never,
  )
  const [first] = received
  if (first === undefined) throw new Error('Nothing was received.')
  return first
}

describe('a webhook', () => {
  it('sends a CloudEvent with a signature that the library verifies, under the id of the message', async () => {
    const got = await sent()
    expect(got.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8')
    expect(got.headers['webhook-id']).toBe('case-4711.question.1')
    expect(new Webhook(secret).verify(got.body, headersOf(got))).toMatchObject({
      specversion: '1.0',
      id: 'case-4711.question.1',
    })
  })

  it('has a signature that fails with another secret, another body, another id or an old time', async () => {
    const got = await sent()
    const headers = headersOf(got)
    const verify = (key: string, body: string, change = {}) =>
      new Webhook(key).verify(body, { ...headers, ...change })
    expect(() => verify(otherSecret, got.body)).toThrow()
    expect(() => verify(secret, got.body.replace('stlake', 'other'))).toThrow()
    expect(() => verify(secret, got.body, { 'webhook-id': 'other' })).toThrow()
    const old = await sent(new Date(Date.now() - 600_000))
    expect(() => new Webhook(secret).verify(old.body, headersOf(old))).toThrow(/too old/)
  })

  it('is verified by both secrets while one replaces the other', async () => {
    const got = await sent(undefined, [secret, otherSecret])
    expect(() => new Webhook(secret).verify(got.body, headersOf(got))).not.toThrow()
    expect(() => new Webhook(otherSecret).verify(got.body, headersOf(got))).not.toThrow()
  })

  it('follows no redirect', async () => {
    const inside = await receiver((response) => response.end())
    const { port } = await receiver((response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${inside.port}/` }).end(),
    )
    const { kind, message } = await failureOf(
      channel(`http://127.0.0.1:${port}/in`).send(sampleMessage(), [], never),
    )
    expect(kind).toBe('refused')
    expect(message).toContain('redirects are not followed')
    expect(inside.received).toEqual([])
  })

  it('sends nothing over TLS that it cannot verify', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }])
    const { port, received } = await receiver((response) => response.end(), { key, cert })
    const { kind, message } = await failureOf(
      channel(`https://localhost:${port}/in`).send(sampleMessage(), [], never),
    )
    expect(kind).toBe('failed')
    expect(message).toMatch(
      /^the TLS certificate of localhost:\d+ is not valid \(DEPTH_ZERO_SELF_SIGNED_CERT\): renew it$/,
    )
    expect(received).toEqual([])
  })
})

describe('a webhook to public addresses only', () => {
  async function listening() {
    return receiver((response) => response.end())
  }

  it('connects to no private address behind a name', async () => {
    const { port, received } = await listening()
    const { kind, message } = await failureOf(
      channel(`http://localhost:${port}/in`, publicLookup()).send(sampleMessage(), [], never),
    )
    expect(kind).toBe('refused')
    expect(message).toMatch(/has an address that is not public/)
    expect(received).toEqual([])
  })

  it('connects to no private address in place of a name', async () => {
    const { port, received } = await listening()
    for (const host of ['127.0.0.1', '0x7f.1', '[::ffff:127.0.0.1]']) {
      const sending = channel(`http://${host}:${port}/in`, publicLookup()).send(sampleMessage(), [], never)
      expect((await failureOf(sending)).kind).toBe('refused')
    }
    expect(received).toEqual([])
  })

  it('is looked up once: an answer that changes after the check is never asked for', async () => {
    const { port, received } = await listening()
    let lookups = 0
    const rebinding = publicLookup((_host, _options, callback) => {
      lookups += 1
      callback(null, [{ address: lookups === 1 ? '203.0.114.1' : '127.0.0.1', family: 4 }])
    })
    const stopping = AbortSignal.timeout(300)
    await failureOf(
      channel(`http://rebinding.example:${port}/in`, rebinding).send(sampleMessage(), [], stopping),
    )
    expect(lookups).toBe(1)
    const second = await failureOf(
      channel(`http://rebinding.example:${port}/in`, rebinding).send(sampleMessage(), [], never),
    )
    expect(second.kind).toBe('refused')
    expect(received).toEqual([])
  })

  it('connects to none of several addresses when one is private', async () => {
    const { port, received } = await listening()
    const mixed = publicLookup((_host, _options, callback) => {
      callback(null, [
        { address: '203.0.114.1', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ])
    })
    const sending = channel(`http://mixed.example:${port}/in`, mixed).send(sampleMessage(), [], never)
    expect((await failureOf(sending)).kind).toBe('refused')
    expect(received).toEqual([])
  })
})
