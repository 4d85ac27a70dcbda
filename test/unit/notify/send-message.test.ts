import { beforeEach, describe, expect, it } from 'vitest'
import { parseResourceId } from '../../../shared/domain/resource-id.ts'
import { deliverDue, deliverOne } from '../../../shared/notify/deliver.ts'
import { ChannelFailure } from '../../../shared/ports/message-channel.ts'
import { FakeDelivery, sampleRoute } from '../../support/fake-delivery.ts'
import { connectionNamed, sampleNotification } from '../../support/sample-request.ts'
import { confirmed, unproven } from '../cases/given.ts'

let delivery: FakeDelivery

beforeEach(() => {
  delivery = new FakeDelivery()
})

const mail = (name: string) =>
  ({ kind: 'email', name, to: [`${name}@contoso.com`], fromTag: undefined }) as const
/** Minute, channel, kind of message and number of requests. */
const said = () =>
  delivery.sent.map(
    ({ at, channel, message }) => `${minuteOf(at)} ${channel} ${message.kind} ${message.total}`,
  )
const minuteOf = (time: number) => (time - Date.parse('2026-11-21T08:00:00.000Z')) / 60_000
const messages = () =>
  delivery.memory.requests
    .rows()
    .flatMap(({ rowKey, columns }) => (rowKey.startsWith('message:') ? [columns] : []))
const down =
  (kind: 'busy' | 'failed' | 'refused' = 'failed', after?: number) =>
  () =>
    Promise.reject(new ChannelFailure(kind, 'It is down.', after))

describe('a message', () => {
  it.each([
    ['Microsoft.Storage/storageAccounts', /^az network private-endpoint-connection approve --id '/],
    ['Microsoft.Cache/redisEnterprise', /^az rest --method put .*privateEndpoints\/pe-1.*"Approved"/],
    ['Contoso.Unknown/things', undefined],
  ])(
    'has the commands that work for the type %s, and times in the zone of the app',
    async (type, command) => {
      const group = sampleNotification().targetId.split('/providers/')[0] ?? ''
      const targetId = `${group}/providers/${type}/n`
      const id = parseResourceId(`${targetId}/privateEndpointConnections/c`)
      if (!id) throw new Error('The id of the connection is none.')
      const endpointId = `${group}/providers/Microsoft.Network/privateEndpoints/pe-1`
      const subject = { kind: 'connection', targetId, connectionId: id.id, endpointId } as const
      await deliverOne(
        delivery.ports(),
        await delivery.ask('c', { targetId }, { subject }, { kind: 'connection', id }),
      )
      await delivery.pass(2)
      const message = delivery.sent[0]?.message
      const approve = message?.requests[0]?.commands?.approve
      if (command) expect(approve).toMatch(command)
      else expect(approve).toBeUndefined()
      expect(message?.timeZone).toBe('Europe/Berlin')
    },
  )
})

describe('requests of one requester', () => {
  it('are one message after a minute, and late ones a follow-up in the same thread', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await deliverOne(delivery.ports(), await delivery.ask(name))
    expect(delivery.hinted.map(({ afterSeconds }) => afterSeconds)).toEqual([60])
    await delivery.pass(2)
    await delivery.ask('e')
    await delivery.pass(2)
    expect(said()).toEqual(['1 mail question 4', '3.5 mail follow-up 1'])
    const [first, second] = delivery.sent.map(({ message }) => message)
    expect(second).toMatchObject({ inReplyTo: first?.id, case: { id: first?.case.id } })
    expect(first).toMatchObject({ inReplyTo: undefined, case: { kind: 'group' } })
    expect(delivery.logged).toHaveLength(5)
  })

  it('are announced for their time, and sent by that hint', async () => {
    await deliverOne(delivery.ports(), await delivery.ask('a'))
    delivery.time += 60_000
    await deliverOne(delivery.ports(), delivery.hinted[0]?.ref ?? '')
    expect(said()).toEqual(['1 mail question 1'])
  })

  it('of high risk are sent at once, those that wait with them', async () => {
    await deliverOne(delivery.ports(), await delivery.ask('a', {}, { proof: unproven('no-endpoint-id') }))
    expect(said()).toEqual([])
    await deliverOne(delivery.ports(), await delivery.ask('b', {}, { proof: unproven('tenant-unknown') }))
    expect(said()).toEqual(['0 mail question 2'])
    expect(delivery.sent[0]?.message).toMatchObject({
      risk: 'high',
      requests: [{ flags: ['It is not known which tenant the endpoint belongs to.'] }, {}],
    })
  })

  it('that nobody has to review any more are left out, and nothing is sent when none is left', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await delivery.ask(name)
    await deliverDue(delivery.ports())
    for (const [name, state] of [
      ['a', 'applied'],
      ['b', 'withdrawn'],
      ['c', 'decided-elsewhere'],
    ] as const)
      await delivery.end(name, state)
    await delivery.pass(2)
    expect(said()).toEqual(['1 mail question 1'])
    await delivery.ask('e')
    await deliverDue(delivery.ports())
    await delivery.end('e')
    await delivery.pass(3)
    expect(said()).toHaveLength(1)
    expect(messages().map(({ state }) => state)).toEqual(['sent', 'dropped'])
    expect(delivery.linesWith('notification.dropped')).toHaveLength(1)
  })

  it('that should not have happened are said also when they are over', async () => {
    await deliverOne(
      delivery.ports({ settings: { ...delivery.ports().settings, windowMs: 60_000 } }),
      await delivery.ask('a'),
    )
    await delivery.ask('b', { severity: 'alarm', code: 'changed-outside' })
    await delivery.end('b')
    await delivery.pass(1)
    expect(said()).toEqual(['0.5 mail alarm 2'])
  })

  it('that ask anew are named once, by their newest question', async () => {
    await delivery.ask('a')
    await deliverDue(delivery.ports())
    await delivery.ask('a', { sentence: 'Another message.' })
    await delivery.pass(2)
    expect(delivery.sent[0]?.message).toMatchObject({ total: 1, requests: [{ reason: 'Another message.' }] })
  })

  it('whose record cannot be read are said all the same', async () => {
    await delivery.ask('a')
    await deliverDue(delivery.ports())
    for (const row of delivery.memory.requests.rows().filter(({ rowKey }) => rowKey === 'state'))
      await delivery.memory.requests.putDerived({ ...row, columns: { ...row.columns, request: '{}' } })
    await delivery.pass(2)
    expect(said()).toEqual(['1 mail question 1'])
    expect(delivery.memory.unreadable).toHaveLength(1)
  })
})

describe('a burst case', () => {
  it('is one message whatever its size', async () => {
    for (let count = 0; count < 30; count += 1)
      await delivery.ask(`n${count}`, { severity: 'alarm', caseId: 'c' })
    await deliverDue(delivery.ports())
    await delivery.pass(2)
    for (let count = 30; count < 60; count += 1)
      await delivery.ask(`n${count}`, { severity: 'alarm', caseId: 'c' })
    await delivery.pass(200)
    expect(said()).toEqual(['1 mail alarm 30'])
    expect(delivery.sent[0]?.message).toMatchObject({ case: { kind: 'burst' }, risk: 'high' })
    expect(delivery.sent[0]?.message.requests).toHaveLength(20)
    expect(delivery.logged.map(({ id }) => id)).toEqual(['c'])
  })
})

describe('competing claims', () => {
  it('are one question that shows both, seconds later', async () => {
    const proof = unproven('competing-claim')
    const endpoint = (group: string) =>
      `/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/resourceGroups/${group}/providers/Microsoft.Network/privateEndpoints/adf.one`
    for (const name of ['a', 'b']) {
      const { id } = connectionNamed(name)
      const subject = {
        kind: 'connection',
        connectionId: id.id,
        targetId: id.id,
        endpointId: endpoint(name),
      } as const
      await delivery.ask(
        name,
        {},
        { proof, subject: { ...subject, targetId: sampleNotification().targetId } },
      )
      await deliverDue(delivery.ports())
      expect(said()).toEqual([])
      delivery.time += 1_500
    }
    await deliverDue(delivery.ports())
    expect(said()).toEqual(['0.05 mail question 2'])
    expect(delivery.sent[0]?.message).toMatchObject({
      case: { kind: 'competing-claims' },
      title: '2 connections to stlake claim one endpoint name',
    })
  })
})

describe('a channel that fails', () => {
  beforeEach(() => {
    delivery.routing = {
      channels: [mail('a'), mail('b'), mail('c')],
      routes: [sampleRoute({ channels: ['a', 'b'], fallback: ['c'] })],
    }
  })

  it('is tried again by itself, with what is the same message to it', async () => {
    delivery.behaviour.set('a', down())
    await delivery.ask('x')
    await delivery.pass(2)
    expect(said()).toEqual(['1.5 b question 1'])
    expect(delivery.linesWith('outbox.failed')[0]?.facts).toMatchObject({
      channel: 'a',
      attempts: 1,
      afterSeconds: 10,
    })
    delivery.behaviour.delete('a')
    await delivery.pass(2)
    expect(said()).toEqual(['1.5 b question 1', '2.5 a question 1'])
    expect(delivery.sent[0]?.message.id).toBe(delivery.sent[1]?.message.id)
    expect(messages()).toMatchObject([{ state: 'sent', nobodyAt: '' }])
  })

  it('for five minutes is helped out by the next one, once', async () => {
    delivery.behaviour.set('a', down())
    await delivery.ask('x')
    await delivery.pass(60)
    expect(said()).toEqual(['1.5 b question 1', '6.5 c question 1'])
    expect(messages()).toMatchObject([{ state: 'waiting' }])
    expect(delivery.linesWith('notification.nobody')).toEqual([])
  })

  it('because it refuses is helped out at once, and tried again in an hour', async () => {
    delivery.behaviour.set('a', down('refused'))
    await delivery.ask('x')
    await delivery.pass(3)
    expect(said()).toEqual(['1.5 b question 1', '1.5 c question 1'])
    delivery.behaviour.delete('a')
    await delivery.pass(57)
    expect(said()).toHaveLength(2)
    await delivery.pass(3)
    expect(said().at(-1)).toBe('61.5 a question 1')
  })

  it('because it is busy is not tried before the time it asked for, an hour at most', async () => {
    delivery.behaviour.set('a', down('busy', 600))
    await delivery.ask('x')
    await delivery.pass(10)
    expect(delivery.linesWith('outbox.failed')).toHaveLength(1)
    await delivery.pass(5)
    expect(delivery.linesWith('outbox.failed')).toHaveLength(2)
    delivery.behaviour.set('a', down('busy', 90_000))
    await delivery.pass(12)
    expect(delivery.linesWith('outbox.failed').at(-1)?.facts).toMatchObject({ afterSeconds: 3600 })
  })

  it('by hanging delays neither the others nor the messages after it', async () => {
    delivery.behaviour.set('a', () => new Promise(() => undefined))
    for (let count = 0; count < 40; count += 1)
      await delivery.ask(`n${count}`, {}, { proof: unproven(), subject: targetOf(count) })
    const begun = performance.now()
    await delivery.pass(2)
    // One time limit for each of the first that run at once, whatever their number.
    expect(performance.now() - begun).toBeLessThan(3_000)
    expect(said().length).toBeGreaterThan(0)
    expect(delivery.linesWith('outbox.failed')[0]?.facts).toMatchObject({ channel: 'a' })
  })

  it('keeps no other message from its place', async () => {
    delivery.behaviour.set('a', down())
    delivery.behaviour.set('b', down())
    await delivery.ask('x')
    await delivery.pass(2)
    delivery.behaviour.clear()
    await delivery.ask('y', {}, { proof: confirmed() })
    await delivery.pass(2)
    expect(said().filter((text) => text.includes(' a '))).toHaveLength(2)
  })

  it('for a week is given up, and its message has failed for good', async () => {
    for (const name of ['a', 'b', 'c']) delivery.behaviour.set(name, down('refused'))
    await delivery.ask('x')
    await delivery.pass(2)
    for (let hour = 0; hour < 7 * 24 + 2; hour += 1) {
      delivery.time += 3_600_000
      await deliverDue(delivery.ports())
    }
    expect(messages()).toMatchObject([{ state: 'failed' }])
    expect(delivery.linesWith('outbox.gave-up')).toHaveLength(1)
    expect(await delivery.memory.cases.due(10)).toEqual([])
  })
})

function targetOf(count: number) {
  const targetId = sampleNotification().targetId
  return {
    kind: 'connection',
    connectionId: `${targetId}/privateEndpointConnections/n${count}`,
    targetId,
    endpointId: undefined,
  } as const
}

describe('nobody notified', () => {
  it('is an error, once an hour, counted until somebody is', async () => {
    delivery.behaviour.set('mail', down())
    await delivery.ask('x')
    await delivery.pass(31)
    expect(delivery.linesWith('notification.nobody')).toEqual([])
    await delivery.pass(12)
    expect(delivery.linesWith('notification.nobody')).toHaveLength(1)
    expect(delivery.linesWith('notification.nobody')[0]).toMatchObject({ level: 'error' })
    expect(await delivery.memory.cases.nobodyNotified()).toBe(1)
    await delivery.pass(65)
    expect(delivery.linesWith('notification.nobody')).toHaveLength(2)
    delivery.behaviour.clear()
    await delivery.pass(15)
    expect(said()).toHaveLength(1)
    expect(await delivery.memory.cases.nobodyNotified()).toBe(0)
  })

  it('because every channel is gone is said at once', async () => {
    delivery.unusable = ['mail']
    await delivery.ask('x')
    await delivery.pass(2)
    expect(delivery.linesWith('notification.nobody')[0]?.facts).toMatchObject({
      error: 'No channel of its route exists.',
    })
    expect(await delivery.memory.cases.nobodyNotified()).toBe(1)
  })

  it('while the routes cannot be read: the message waits, and is sent afterwards', async () => {
    const broken = delivery.ports({ routes: { current: () => Promise.reject(new Error('unplugged')) } })
    await delivery.ask('x')
    await delivery.pass(5, broken)
    expect(delivery.logged).toHaveLength(1)
    expect(delivery.linesWith('notification.route').length).toBeGreaterThan(1)
    expect(delivery.linesWith('notification.nobody')).toHaveLength(1)
    await delivery.pass(12)
    expect(said()).toHaveLength(1)
  })

  it('is no word for an app without channels: the log is its only one', async () => {
    delivery.routing = { channels: [], routes: [] }
    await delivery.ask('x')
    await delivery.pass(90)
    expect(delivery.logged).toHaveLength(1)
    expect(delivery.lines.filter(({ level }) => level === 'error')).toEqual([])
    expect(messages()).toMatchObject([{ state: 'dropped' }])
  })
})

describe('a route by tag', () => {
  const tag = { name: 'team', value: 'lake' }
  beforeEach(() => {
    delivery.routing = {
      channels: [mail('mail'), mail('lake')],
      routes: [
        sampleRoute({ name: 'lake', channels: ['lake'], targetTags: [tag], isDefault: false }),
        sampleRoute(),
      ],
    }
  })

  it('takes a request to a target with that tag', async () => {
    await delivery.ask('x', {}, { context: { targetTags: [tag] } })
    await delivery.pass(2)
    expect(said()).toEqual(['1.5 lake question 1'])
    expect(delivery.linesWith('notification.route')).toEqual([])
  })

  it('is passed over where the tags are not known, which the log says', async () => {
    await delivery.ask('x')
    await delivery.pass(2)
    expect(said()).toEqual(['1.5 mail question 1'])
    expect(delivery.linesWith('notification.route')).toMatchObject([
      { level: 'warn', message: 'The tags of a target are not known; routes by tag do not apply.' },
    ])
  })
})

describe('a route without channels', () => {
  it('is replaced by the default route, which the log says', async () => {
    const mine = sampleRoute({ name: 'mine', channels: ['gone'], isDefault: false })
    delivery.routing = { ...delivery.routing, routes: [mine, ...delivery.routing.routes] }
    await delivery.ask('x')
    await delivery.pass(2)
    expect(said()).toEqual(['1.5 mail question 1'])
    expect(delivery.linesWith('notification.route')[0]).toMatchObject({
      level: 'error',
      facts: { route: 'mine' },
    })
  })
})

describe('limits', () => {
  const fromMany = async (count: number, of = (number: number) => number) => {
    for (let number = 0; number < count; number += 1) {
      const sub = `0000${of(number)}`.slice(-4)
      const subject = connectionNamed(`n${number}`)
      const targetId = sampleNotification().targetId.replace('-1111-', `-${sub}-`)
      await delivery.ask(
        `n${number}`,
        { targetId, connectionId: undefined },
        { subject: { kind: 'target', targetId } },
        subject,
      )
    }
  }

  it('of a recipient: nine messages in an hour and one digest, which names all others', async () => {
    await fromMany(30)
    await delivery.pass(3)
    expect(said()).toEqual([...Array.from({ length: 9 }, () => '1.5 mail question 1'), '2.5 mail digest 21'])
    expect(delivery.sent.at(-1)?.message).toMatchObject({
      total: 21,
      title: expect.stringContaining('21 requests') as string,
    })
    expect(delivery.sent.at(-1)?.message.requests).toHaveLength(20)
    expect(messages().filter(({ state }) => state !== 'sent')).toEqual([])
  })

  it('of a source: half of them, so that an unknown requester cannot fill a mailbox', async () => {
    for (let number = 0; number < 12; number += 1) {
      const targetId = sampleNotification().targetId + String(number)
      await delivery.ask(
        `n${number}`,
        { targetId, connectionId: undefined },
        { subject: { kind: 'target', targetId } },
      )
    }
    await delivery.pass(3)
    expect(said()).toEqual([...Array.from({ length: 5 }, () => '1.5 mail question 1'), '2.5 mail digest 7'])
  })

  it('of a recipient hold for each mailbox, whichever channel it is in', async () => {
    const [first] = delivery.routing.channels
    if (first?.kind !== 'email') throw new Error('There is no mail.')
    delivery.routing = {
      channels: [first, { ...first, name: 'other', to: ['OPS@contoso.com', 'kim@contoso.com'] }],
      routes: [sampleRoute({ channels: ['mail', 'other'] })],
    }
    await fromMany(8)
    await delivery.pass(2)
    const toOps = delivery.sent.filter(({ recipients }) => recipients.includes('ops@contoso.com'))
    expect(toOps.filter(({ message }) => message.kind !== 'digest')).toHaveLength(9)
    expect(delivery.sent.filter(({ recipients }) => recipients.includes('kim@contoso.com'))).toHaveLength(8)
  })

  it('of a channel: the message waits, and has not failed', async () => {
    delivery.limits.set('mail', [{ max: 2, seconds: 120 }])
    await fromMany(5)
    await delivery.pass(8)
    const minutes = delivery.sent.map(({ at }) => minuteOf(at))
    expect(minutes).toHaveLength(5)
    expect([minutes[0], minutes[2], minutes[4]]).toEqual([1.5, 3.5, 5.5])
    expect(delivery.linesWith('outbox.failed')).toEqual([])
  })

  it('of a channel keep nobody from the digest: what waits stays counted at its recipient', async () => {
    delivery.limits.set('mail', [{ max: 3, seconds: 3600 }])
    await fromMany(30)
    await delivery.pass(250)
    expect(delivery.sent.map(({ message }) => message.kind).toSorted()).toEqual([
      'digest',
      ...Array.from({ length: 9 }, () => 'question'),
    ])
    expect(delivery.sent.reduce((sum, { message }) => sum + message.total, 0)).toBe(30)
  })

  it('count what was certainly not taken for nobody', async () => {
    delivery.behaviour.set('mail', down('busy', 60))
    await fromMany(9)
    await delivery.pass(2)
    delivery.behaviour.clear()
    await delivery.pass(2)
    expect(said()).toHaveLength(9)
  })
})
