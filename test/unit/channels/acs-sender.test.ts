import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
  RestError,
} from '@azure/core-rest-pipeline'
import { describe, expect, it } from 'vitest'
import { AcsSender } from '../../../shared/channels/email/acs-sender.ts'
import { EmailChannel } from '../../../shared/channels/email/email-channel.ts'
import { ChannelFailure } from '../../../shared/ports/message-channel.ts'
import { sampleMessage, sampleMessages } from '../../support/sample-message.ts'

type Respond = (request: PipelineRequest) => Omit<PipelineResponse, 'request'>

const token = 'eyJ.secret-token'

function response(status: number, headers: Record<string, string> = {}, body: unknown = {}) {
  return { status, headers: createHttpHeaders(headers), bodyAsText: JSON.stringify(body) }
}

/** As the service takes a mail: 202, and the state when asked. */
const taken: Respond = ({ method, headers, url }) =>
  method === 'POST'
    ? response(
        202,
        {
          'operation-location': `https://${new URL(url).host}/emails/operations/x?api-version=1`,
          'retry-after': '60',
        },
        { id: headers.get('operation-id'), status: 'Running' },
      )
    : response(200, { 'retry-after': '60' }, { id: 'x', status: 'Running' })

function channel(respond: Respond, timeoutMs = 5_000) {
  const requests: PipelineRequest[] = []
  const httpClient: HttpClient = {
    sendRequest: (request) => {
      requests.push(request)
      return Promise.resolve({ ...respond(request), request })
    },
  }
  const sender = new AcsSender({
    endpoint: 'https://contoso.communication.azure.com',
    from: 'approver@contoso.com',
    domain: 'own',
    credential: { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    timeoutMs,
    httpClient,
  })
  return { channel: new EmailChannel('owners', sender), requests }
}

const never = new AbortController().signal
const to = ['kim@contoso.com', 'alex@contoso.com']

function posts(requests: readonly PipelineRequest[]) {
  return requests.filter(({ method }) => method === 'POST')
}

async function failure(respond: Respond, signal = never, timeoutMs?: number): Promise<ChannelFailure> {
  const error: unknown = await channel(respond, timeoutMs)
    .channel.send(sampleMessage(), to, signal)
    .catch((one: unknown) => one)
  expect(error).toBeInstanceOf(ChannelFailure)
  return error as ChannelFailure
}

describe('Azure Communication Services', () => {
  it('gets one request with both parts, no tracking, and the headers of a thread', async () => {
    const { channel: owners, requests } = channel(taken)
    await owners.send(sampleMessages['reminder'] ?? sampleMessage(), to, never)
    const [sent] = posts(requests)
    expect(posts(requests)).toHaveLength(1)
    const body = JSON.parse(sent?.body as string) as Record<string, unknown>
    expect(body).toMatchObject({
      senderAddress: 'approver@contoso.com',
      recipients: { to: [{ address: 'kim@contoso.com' }, { address: 'alex@contoso.com' }] },
      content: { subject: 'Reminder: Unknown requester asks for stlake (blob)' },
      userEngagementTrackingDisabled: true,
      headers: { 'In-Reply-To': expect.stringMatching(/^<\w+@contoso\.com>$/) as string },
    })
    expect(body).not.toHaveProperty('attachments')
    expect(sent?.headers.get('authorization')).toBe(`Bearer ${token}`)
  })

  it('is asked for the state once at most, and never waited for', async () => {
    const { channel: owners, requests } = channel(taken)
    await owners.send(sampleMessage(), to, never)
    expect(requests.length).toBeLessThanOrEqual(2)
  })

  it('gets the same operation id for the same message to the same people, and another for others', async () => {
    const { channel: owners, requests } = channel(taken)
    const first = await owners.send(sampleMessage(), to, never)
    await owners.send(sampleMessage(), to.toReversed(), never)
    await owners.send(sampleMessage(), ['kim@contoso.com'], never)
    await owners.send(sampleMessage({ id: 'other' }), to, never)
    const ids = posts(requests).map(({ headers }) => headers.get('operation-id'))
    expect(ids[0]).toBe(first.reference)
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(ids[1]).toBe(ids[0])
    expect(new Set(ids).size).toBe(3)
  })

  it('has taken the mail although the state cannot be read', async () => {
    const { channel: owners } = channel((request) =>
      request.method === 'POST' ? taken(request) : response(429, { 'retry-after': '900' }),
    )
    await expect(owners.send(sampleMessage(), to, never)).resolves.toHaveProperty('reference')
  })

  it.each([
    ['is busy, and says until when', 429, { 'retry-after': '120' }, 'busy', 120],
    ['is busy, and does not say until when', 429, {}, 'busy', undefined],
    ['is busy for ever', 429, { 'retry-after': '99999999' }, 'busy', 3_600],
    ['refuses the mail', 400, {}, 'refused', undefined],
    ['refuses the identity', 401, {}, 'refused', undefined],
    ['misses a role', 403, {}, 'refused', undefined],
    ['is not there', 404, {}, 'refused', undefined],
    ['fails', 500, {}, 'failed', undefined],
    ['is down', 503, {}, 'failed', undefined],
  ] as const)('%s: %i', async (_, status, headers, kind, seconds) => {
    const secret = { error: { code: 'SomeCode', message: 'kim@contoso.com said secret-body' } }
    const { requests, channel: owners } = channel(() => response(status, { ...headers }, secret))
    const error: unknown = await owners.send(sampleMessage(), to, never).catch((one: unknown) => one)
    expect(error).toMatchObject({ kind, retryAfterSeconds: seconds })
    expect((error as Error).message).toContain(`status ${status} (SomeCode)`)
    expect((error as Error).message).not.toMatch(/secret|kim/)
    expect(posts(requests)).toHaveLength(1)
  })

  it('is not reached', async () => {
    const { kind, message } = await failure(() => {
      throw new RestError('getaddrinfo ENOTFOUND contoso', { code: 'ENOTFOUND' })
    })
    expect(kind).toBe('failed')
    expect(message).toBe('Azure Communication Services was not reached (ENOTFOUND)')
  })

  it('is not asked without a token', async () => {
    const { kind, message } = await failure(() => {
      throw Object.assign(new Error('secret'), { name: 'CredentialUnavailableError' })
    })
    expect(kind).toBe('failed')
    expect(message).toBe('the identity of the app got no token for Azure Communication Services')
  })

  it('is not asked when sending was stopped', async () => {
    expect((await failure(taken, AbortSignal.abort())).kind).toBe('failed')
  })
})

describe('an email channel', () => {
  it.each([
    ['nobody', []],
    ['no address', ['kim']],
    ['a display name', ['Kim <kim@contoso.com>']],
    ['a new header', ['kim@contoso.com\r\nBcc: evil@evil.example']],
    ['two in one', ['kim@contoso.com,evil@evil.example']],
    ['more than a mail can have', Array.from({ length: 51 }, (_, index) => `a${index}@contoso.com`)],
  ])('sends nothing to %s', async (_, recipients) => {
    const { channel: owners, requests } = channel(taken)
    await expect(owners.send(sampleMessage(), recipients, never)).rejects.toMatchObject({ kind: 'refused' })
    expect(requests).toEqual([])
  })
})
