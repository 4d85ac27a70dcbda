import { describe, expect, it } from 'vitest'
import { createMessageChannels } from '../../../shared/channels/create-message-channels.ts'
import { ChannelFailure, type MessageChannel } from '../../../shared/ports/message-channel.ts'
import { sampleMessage } from '../../support/sample-message.ts'
import { receiver, type Respond } from './receiver.ts'

const secretPath = '/powerautomate/secret-path?sig=secret-signature'
const never = new AbortController().signal

function channelTo(url: string, timeoutMs = 2_000): MessageChannel {
  const settings: Readonly<Record<string, string>> = {
    OPS_URL: url,
    TEAMS_URL_HOSTS: 'localhost,nowhere.invalid',
  }
  const { channels, problems } = createMessageChannels(
    [{ kind: 'teams', name: 'ops', urlSetting: 'OPS_URL' }],
    (name) => settings[name],
    { credential: { getToken: () => Promise.resolve(null) }, now: () => new Date(), timeoutMs },
  )
  const [channel] = channels
  if (channel === undefined) throw new Error(JSON.stringify(problems))
  return channel
}

async function failureOf(sending: Promise<unknown>): Promise<ChannelFailure> {
  const error: unknown = await sending.catch((one: unknown) => one)
  expect(error).toBeInstanceOf(ChannelFailure)
  expect(shownBy(error as Error)).not.toMatch(/secret/)
  return error as ChannelFailure
}

/** All that a log could show of an error. */
function shownBy(error: Error): string {
  const cause = error.cause === undefined ? '' : JSON.stringify(error.cause)
  return `${String(error)} ${error.stack ?? ''} ${cause} ${JSON.stringify(error)}`
}

async function sendTo(respond: Respond, timeoutMs?: number, signal = never) {
  const { port, received } = await receiver(respond)
  const sending = channelTo(`http://localhost:${port}${secretPath}`, timeoutMs).send(
    sampleMessage(),
    [],
    signal,
  )
  return { sending, received }
}

describe('a Teams channel', () => {
  it.each([200, 202, 204])(
    'takes a %i for accepted, and has posted one card to the whole URL',
    async (status) => {
      const { sending, received } = await sendTo((response) => response.writeHead(status).end())
      await expect(sending).resolves.toEqual({ status, reference: undefined })
      expect(received.map(({ url }) => url)).toEqual([secretPath])
      expect(received[0]?.headers['content-type']).toBe('application/json')
      expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({ type: 'message', attachments: [{}] })
    },
  )

  it('takes a 202 with a body that never ends for accepted', async () => {
    const { sending } = await sendTo((response) => response.writeHead(202).write('{'), 500)
    await expect(sending).resolves.toEqual({ status: 202, reference: undefined })
  })

  it.each([
    ['429 with seconds', 429, { 'retry-after': '17' }, 'busy', 17],
    ['429 without Retry-After', 429, {}, 'busy', undefined],
    ['429 with nonsense', 429, { 'retry-after': 'soon' }, 'busy', undefined],
    ['503 with seconds', 503, { 'retry-after': '5' }, 'busy', 5],
    ['429 for ever', 429, { 'retry-after': '999999999' }, 'busy', 3_600],
    ['500', 500, {}, 'failed', undefined],
    ['502', 502, {}, 'failed', undefined],
    ['408', 408, {}, 'failed', undefined],
    ['400', 400, {}, 'refused', undefined],
    ['401', 401, {}, 'refused', undefined],
    ['404', 404, {}, 'refused', undefined],
    ['413', 413, {}, 'refused', undefined],
    ['a redirect', 302, { location: 'http://localhost:1/secret' }, 'refused', undefined],
  ] as const)('after %s is: %s %j → %s', async (_, status, headers, kind, seconds) => {
    const { sending, received } = await sendTo((response) =>
      response
        .writeHead(status, headers)
        .end('{"error":{"code":"SomeCode","message":"sig=secret-signature"}}'),
    )
    const failure = await failureOf(sending)
    expect(failure).toMatchObject({ kind, retryAfterSeconds: seconds })
    expect(failure.message).toContain(`status ${status} (SomeCode)`)
    expect(received).toHaveLength(1)
  })

  it('says what to do where the workflow is switched off', async () => {
    const { sending } = await sendTo((response) =>
      response.writeHead(404).end('{"error":{"code":"WorkflowTriggerIsNotEnabled"}}'),
    )
    expect((await failureOf(sending)).message).toBe(
      'the workflow responded with status 404 (WorkflowTriggerIsNotEnabled): it was deleted or switched off; switch it on, or make a new one and put its URL into the setting',
    )
  })

  it('gives up a workflow that hangs, after its time', async () => {
    const { sending } = await sendTo(() => undefined, 300)
    expect(await failureOf(sending)).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/^localhost:\d+ sent no response within 0\.3 s$/) as string,
    })
  })

  it('gives up a refusal whose body never ends', async () => {
    const { sending } = await sendTo((response) => response.writeHead(400).write('{'), 300)
    expect((await failureOf(sending)).kind).toMatch(/failed|refused/)
  })

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    const { sending } = await sendTo(
      () => {
        stop.abort(new Error('secret'))
      },
      5_000,
      stop.signal,
    )
    expect(await failureOf(sending)).toMatchObject({ kind: 'failed' })
  })

  it('after a reset does not know whether the card was taken', async () => {
    const { sending } = await sendTo((response) => response.socket?.destroy())
    const { kind, message } = await failureOf(sending)
    expect(kind).toBe('failed')
    expect(message).toMatch(/^localhost:\d+ closed the connection without a response$/)
  })

  it('reads no more of a refusal than it needs', async () => {
    const { sending } = await sendTo((response) => {
      response.writeHead(400)
      response.end(`${' '.repeat(5_000_000)}{"code":"TooLate"}`)
    })
    expect((await failureOf(sending)).message).not.toContain('TooLate')
  })

  it('says that nobody listens', async () => {
    const sending = channelTo(`http://localhost:1${secretPath}`).send(sampleMessage(), [], never)
    expect((await failureOf(sending)).message).toBe('localhost:1 refused the connection')
  })

  it('says that the host is gone', async () => {
    const sending = channelTo(`https://nowhere.invalid${secretPath}`).send(sampleMessage(), [], never)
    expect(await failureOf(sending)).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/nowhere\.invalid/) as string,
    })
  })
})
