import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Inbox } from '../../../local/inbox/start.ts'
import { createMessageChannels } from '../../../shared/channels/create-message-channels.ts'
import type { ChannelDefinition } from '../../../shared/domain/route.ts'
import { type CheckableChannel, ChannelFailure } from '../../../shared/ports/message-channel.ts'
import { openTrustedInbox } from '../../local-inbox/support.ts'
import { receiver } from './receiver.ts'

const never = new AbortController().signal
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const teams: ChannelDefinition = { kind: 'teams', name: 'ops', urlSetting: 'OPS_URL' }
const mail: ChannelDefinition = { kind: 'email', name: 'owners', to: ['kim@contoso.com'], fromTag: undefined }
const hookTo = (url: string): ChannelDefinition => ({
  ...{ kind: 'webhook', name: 'pager', url, secretSetting: 'SECRET' },
})

let inbox: Inbox
beforeAll(async () => {
  inbox = await openTrustedInbox()
})
afterAll(() => inbox.stop())

function channelOf(definition: ChannelDefinition, settings: Record<string, string>): CheckableChannel {
  const all = { TEAMS_URL_HOSTS: 'localhost', WEBHOOK_ALLOW_PRIVATE: 'true', SECRET: secret, ...settings }
  const { channels, problems } = createMessageChannels(
    [definition],
    (name) => (all as Record<string, string>)[name],
    { credential: { getToken: () => Promise.resolve(null) }, now: () => new Date(), timeoutMs: 2_000 },
  )
  const [channel] = channels
  if (channel === undefined) throw new Error(JSON.stringify(problems))
  return channel
}

async function failureOf(checking: Promise<unknown>): Promise<string> {
  const error: unknown = await checking.catch((one: unknown) => one)
  expect(error).toBeInstanceOf(ChannelFailure)
  return (error as Error).message
}

const smtpOf = (url: string) => ({
  ...{ MAIL_FROM: 'a@contoso.com', SMTP_HOST: new URL(url).hostname, SMTP_PORT: new URL(url).port },
})

describe('a channel is reached, and nothing is sent', () => {
  it.each<[string, () => CheckableChannel, RegExp]>([
    ['Teams', () => channelOf(teams, { OPS_URL: inbox.teamsUrl('ops') }), /^localhost:\d+ was reached/],
    ['a webhook', () => channelOf(hookTo(inbox.webhookUrl('pager')), {}), /^localhost:\d+ was reached/],
    [
      'Azure Communication Services',
      () => channelOf(mail, { MAIL_FROM: 'a@contoso.com', ACS_ENDPOINT: inbox.emailService }),
      /^localhost:\d+ was reached/,
    ],
    [
      'an SMTP server',
      () => channelOf(mail, smtpOf(inbox.smtp)),
      /^The SMTP server 127\.0\.0\.1 was reached/,
    ],
  ])('%s', async (_, channel, found) => {
    const sentence = await channel().check(never)
    expect(sentence).toMatch(found)
    expect(sentence).not.toMatch(/sig=|whsec_/)
    expect(inbox.messages()).toEqual([])
  })
})

describe('a channel that is not reached says why', () => {
  const nowhere = 'https://nowhere.invalid/x?sig=secret-part'
  it.each<[string, () => CheckableChannel, RegExp]>([
    [
      'a host that is not known',
      () => channelOf(teams, { OPS_URL: nowhere, TEAMS_URL_HOSTS: 'nowhere.invalid' }),
      /^nowhere\.invalid is not known to DNS|^DNS did not respond when nowhere\.invalid/,
    ],
    [
      'a webhook whose name has a private address',
      () => channelOf(hookTo('https://localhost/x'), { WEBHOOK_ALLOW_PRIVATE: 'false' }),
      /^localhost has an address that is not public/,
    ],
    [
      'an SMTP server where nobody listens',
      () => channelOf(mail, smtpOf('smtp://127.0.0.1:9')),
      /^the SMTP server 127\.0\.0\.1 was not reached \(ECONNREFUSED\)/,
    ],
  ])('%s', async (_, channel, why) => {
    const sentence = await failureOf(channel().check(never))
    expect(sentence).toMatch(why)
    expect(sentence).not.toContain('secret-part')
  })

  it('a certificate that is not valid', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }])
    const { port, received } = await receiver((response) => response.end(), { key, cert })
    const checking = channelOf(teams, { OPS_URL: `https://localhost:${port}/x` }).check(never)
    expect(await failureOf(checking)).toMatch(/^the TLS certificate of localhost:\d+ is not valid/)
    expect(received).toEqual([])
  })

  it('a server that says nothing, within its time', async () => {
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => {
      silent.listen(0, '127.0.0.1', resolve)
    })
    onTestFinished(() => {
      silent.close()
    })
    const { port } = silent.address() as AddressInfo
    const checking = channelOf(teams, { OPS_URL: `https://localhost:${port}/x` }).check(never)
    expect(await failureOf(checking)).toMatch(/sent no response within 2 s$/)
  })

  it('a check that is stopped', async () => {
    const checking = channelOf(teams, { OPS_URL: inbox.teamsUrl('ops') }).check(AbortSignal.abort())
    expect(await failureOf(checking)).toMatch(/was stopped/)
  })
})
