import { describe, expect, it } from 'vitest'
import type { MessageChannel } from '../../../shared/ports/message-channel.ts'
import { FakeDelivery, sampleRoute } from '../../support/fake-delivery.ts'
import {
  type BrokenChannel,
  brokenBy,
  brokenSmtp,
  channelTo,
  type HttpsChannel,
  httpsChannels,
  httpsFaults,
  smtpFaults,
  smtpTo,
  takes,
  untrusted,
} from './broken-channels.ts'
import { receiver, type Respond } from './receiver.ts'

/** A request whose message goes through a channel of the network, with another to help out. */
function deliveryThrough(channel: MessageChannel) {
  const delivery = new FakeDelivery()
  const helped: string[] = []
  const helper: MessageChannel = {
    ...{ name: 'helper', kind: 'webhook', limits: [], limitKey: 'helper' },
    send: ({ id }) => Promise.resolve(void helped.push(id)).then(() => ({ reference: undefined })),
  }
  const routing = {
    channels: [
      channel.kind === 'email'
        ? ({ kind: 'email', name: 'broken', to: ['ops@contoso.com'], fromTag: undefined } as const)
        : ({ kind: 'teams', name: 'broken', urlSetting: 'BROKEN' } as const),
      { kind: 'teams', name: 'helper', urlSetting: 'HELPER' } as const,
    ],
    routes: [sampleRoute({ channels: ['broken'], fallback: ['helper'] })],
  }
  const current = { routing, channels: [channel, helper] }
  const ports = delivery.ports({ routes: { current: () => Promise.resolve(current) }, sendMs: 3_000 })
  const message = () =>
    delivery.memory.requests.rows().find(({ rowKey }) => rowKey.startsWith('message:'))?.columns
  return { delivery, ports, helped, message }
}

async function expectNothingLost({ channel, taken, heal }: BrokenChannel): Promise<void> {
  const { delivery, ports, helped, message } = deliveryThrough(channel)
  await delivery.ask('x')
  await delivery.pass(8, ports)
  expect(helped).toHaveLength(1)
  const alerts = delivery.linesWith('outbox.failed')
  expect(alerts[0]).toMatchObject({ level: 'error', facts: { channel: 'broken' } })
  expect(JSON.stringify(alerts)).not.toContain('secret-part')
  expect([taken(), message()?.['state']]).toEqual([0, 'waiting'])
  if (!heal) return
  heal()
  await delivery.pass(70, ports)
  expect([taken(), helped.length, message()?.['state']]).toEqual([1, 1, 'sent'])
}

const https = Object.keys(httpsChannels) as HttpsChannel[]
const httpsFaultNames = Object.keys(httpsFaults) as (keyof typeof httpsFaults)[]

describe('nothing is lost, an alert is raised, and the next channel is used', () => {
  it.each(https.flatMap((kind) => httpsFaultNames.map((fault) => [fault, kind] as const)))(
    'after %s of %s, which gets the message when it is well again',
    async (fault, kind) => {
      await expectNothingLost(await brokenBy(kind, fault))
    },
  )

  it.each(Object.keys(smtpFaults) as (keyof typeof smtpFaults)[])(
    'after %s of a mail server, which gets the message when it is well again',
    async (fault) => {
      await expectNothingLost(await brokenSmtp(fault))
    },
  )

  it.each(https)('when the name of %s is gone from DNS', async (kind) => {
    await expectNothingLost({ channel: httpsChannels[kind]('nowhere.invalid', 443), taken: () => 0 })
  })

  it('when the name of a mail server is gone from DNS', async () => {
    await expectNothingLost({ channel: smtpTo('nowhere.invalid', 25), taken: () => 0 })
  })

  it.each(https)('when the TLS certificate of %s is wrong', async (kind) => {
    const { port, received } = await receiver(takes, await untrusted())
    const channel = httpsChannels[kind]('localhost', port)
    await expectNothingLost({ channel, taken: () => received.length })
  })

  it.each(https)('when %s listens no more', async (kind) => {
    await expectNothingLost({ channel: httpsChannels[kind]('localhost', 1), taken: () => 0 })
  })
})

const json = { 'content-type': 'application/json' }
/** 202, with a body that never ends. */
const noEnd: Respond = (response) => {
  response.writeHead(202, json).write('{"id":"x",')
}
/** 202, and no response when the state is asked for. */
const noState: Respond = (response, received) => {
  if (received.body !== '') takes(response, received)
}

/** The app cannot know what becomes of it: reminders, and the other channels of a route, are for that. */
describe('202, and then nothing', () => {
  it.each([
    ['Teams', noEnd],
    ['a webhook', noEnd],
    ['Azure Communication Services', noState],
  ] as const)('of %s counts as sent: once, and no other channel is used', async (kind, respond) => {
    const { channel, taken } = await channelTo(kind, respond)
    const { delivery, ports, helped, message } = deliveryThrough(channel)
    await delivery.ask('x')
    await delivery.pass(70, ports)
    expect([taken(), helped.length, message()?.['state']]).toEqual([1, 0, 'sent'])
    expect(delivery.linesWith('outbox.failed')).toEqual([])
  })

  it('in the middle of what Azure Communication Services says may be a loss: the next channel is used', async () => {
    const { channel } = await channelTo('Azure Communication Services', noEnd)
    await expectNothingLost({ channel, taken: () => 0 })
  })
})
