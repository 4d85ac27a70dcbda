import { beforeEach, describe, expect, it } from 'vitest'
import { NotificationLines } from '../../../shared/channels/log/notification-lines.ts'
import type { ChannelDefinition } from '../../../shared/domain/route.ts'
import { deliverDue, deliverOne } from '../../../shared/notify/deliver.ts'
import { ChannelFailure } from '../../../shared/ports/message-channel.ts'
import { FakeDelivery, sampleRoute } from '../../support/fake-delivery.ts'
import { connectionNamed } from '../../support/sample-request.ts'

let delivery: FakeDelivery

const hours = (count: number) => count * 60
const mail = (name: string): ChannelDefinition => ({
  ...{ kind: 'email', name, to: [`${name}@contoso.com`], fromTag: undefined },
})
/** `{minute} {channel} {kind} {outcomes}` of each message. */
const said = () =>
  delivery.sent.map(({ at, channel, message: { kind, requests } }) => {
    const minute = (at - Date.parse('2026-11-21T08:00:00Z')) / 60_000
    return [minute, channel, kind, ...requests.map(({ outcome }) => outcome ?? '-')].join(' ')
  })
const threadOf = (index: number) => {
  const message = delivery.sent[index]?.message
  return message?.inReplyTo ?? message?.id
}

beforeEach(() => {
  delivery = new FakeDelivery()
})

describe('an outcome', () => {
  it('goes to everybody who was notified, in the same thread, also where that was a fallback', async () => {
    delivery.routing = {
      channels: [mail('a'), mail('c')],
      routes: [sampleRoute({ channels: ['a'], fallback: ['c'] })],
    }
    delivery.behaviour.set('a', () => {
      throw new ChannelFailure('refused', 'No.')
    })
    await delivery.ask('x')
    await delivery.pass(2)
    delivery.behaviour.clear()
    await delivery.end('x', 'applied', 'Approved by Kim.')
    await delivery.pass(3)
    expect(said()).toEqual([
      '1.5 c question -',
      ...['3.5 a outcome Approved by Kim.', '3.5 c outcome Approved by Kim.'],
    ])
    expect(threadOf(2)).toBe(delivery.sent[0]?.message.id)
    expect(delivery.sent.at(-1)?.message.requests[0]?.reason).toBe('No rule matched.')
  })

  it('of a question that was not sent yet is not said: the question is not, either', async () => {
    await delivery.ask('x')
    await deliverDue(delivery.ports())
    await delivery.end('x')
    await delivery.pass(5)
    expect(said()).toEqual([])
  })

  it('of a question that was not even handed over waits for it, and is not said', async () => {
    const question = await delivery.ask('x')
    const ref = await delivery.end('x')
    await deliverOne(delivery.ports(), ref)
    expect(delivery.logged).toEqual([])
    await deliverOne(delivery.ports(), question)
    await delivery.pass(5)
    expect(said()).toEqual([])
    expect(delivery.logged.map(({ kind }) => kind)).toEqual(['question', 'outcome'])
    expect(await delivery.memory.outbox.due(10)).toEqual([])
  })

  it('of an alarm is said after it', async () => {
    await delivery.ask('x', { severity: 'alarm' })
    await delivery.end('x')
    await delivery.pass(5)
    expect(said()).toEqual(['0.5 mail alarm -', '2 mail outcome It is withdrawn.'])
  })

  it('of a question that no channel took is not said', async () => {
    delivery.behaviour.set('mail', () => {
      throw new ChannelFailure('busy', 'Later.', 3600)
    })
    await delivery.ask('x')
    await delivery.pass(5)
    await delivery.end('x')
    await delivery.pass(30)
    delivery.behaviour.clear()
    await delivery.pass(120)
    expect(said()).toEqual([])
  })

  it('joins the case of its question, also after a quiet hour in which a newer case began', async () => {
    await delivery.ask('x')
    await delivery.pass(hours(3))
    await delivery.ask('y')
    await delivery.pass(5)
    await delivery.end('x')
    await delivery.pass(5)
    await delivery.end('y', 'decided-elsewhere')
    await delivery.pass(5)
    expect(said().map((line) => line.replace(/^[0-9.]+ /, ''))).toEqual([
      'mail question -',
      'mail question -',
      'mail outcome It is withdrawn.',
      'mail outcome It is decided-elsewhere.',
    ])
    expect(threadOf(2)).toBe(threadOf(0))
    expect(threadOf(3)).toBe(threadOf(1))
    expect(threadOf(0)).not.toBe(threadOf(1))
    const [first, , third] = delivery.sent.map(({ message }) => message.case.id)
    expect(third).toBe(first)
  })

  it('of a request of which people were notified twice is said in each group once', async () => {
    await delivery.ask('x')
    await delivery.pass(2)
    await delivery.ask('x', { caseId: 'beef00beef00beef00be.1.1' })
    await delivery.pass(2)
    await delivery.ask('x')
    await delivery.pass(2)
    await delivery.end('x')
    await delivery.pass(70)
    const outcomes = delivery.sent.filter(({ message }) => message.kind === 'outcome')
    expect(outcomes.map(({ message }) => message.case.kind).toSorted()).toEqual(['burst', 'single'])
    expect(new Set(outcomes.map(({ message }) => message.inReplyTo)).size).toBe(2)
  })

  it('of more than one request is a digest, at most once an hour', async () => {
    for (const name of ['a', 'b', 'c']) await delivery.ask(name)
    await delivery.pass(2)
    await delivery.end('a')
    await delivery.pass(5)
    await delivery.end('b')
    await delivery.end('c')
    await delivery.pass(90)
    expect(said().slice(1)).toEqual([
      '3.5 mail outcome It is withdrawn.',
      '63.5 mail outcome It is withdrawn. It is withdrawn.',
    ])
  })

  it('is a line of the log that alarms nobody, also while no channel is defined', async () => {
    delivery.routing = { channels: [], routes: [] }
    const ports = delivery.ports()
    const notificationLog = new NotificationLines(ports.log)
    await delivery.ask('x')
    await delivery.end('x', 'applied', 'Approved by Kim.')
    await delivery.pass(5, { ...ports, notificationLog })
    expect(delivery.linesWith('notification')).toMatchObject([{ level: 'warn' }])
    expect(delivery.linesWith('notification.outcome')).toMatchObject([
      {
        level: 'info',
        message: 'A request of which people were notified has ended.',
        facts: { sentence: 'Approved by Kim.', connection: connectionNamed('x').id.id },
      },
    ])
  })
})

describe('a reminder', () => {
  it('is in the thread of its question, with those of others, and of what still waits', async () => {
    for (const name of ['a', 'b', 'c']) await delivery.ask(name)
    await delivery.pass(hours(4))
    for (const name of ['a', 'b', 'c']) await delivery.remind(name)
    await delivery.end('c')
    await delivery.pass(5)
    expect(
      said()
        .map((line) => line.replace(/^[0-9.]+ mail /, ''))
        .toSorted(),
    ).toEqual(['outcome It is withdrawn.', 'question - - -', 'reminder - -'])
    expect([threadOf(1), threadOf(2)]).toEqual([threadOf(0), threadOf(0)])
    const reminder = delivery.sent.find(({ message }) => message.kind === 'reminder')
    expect(reminder?.message.summary).toContain('Nobody has decided them since the last message.')
  })

  it('is a warning in the log with a metric of its own', async () => {
    const ports = delivery.ports()
    await delivery.ask('x')
    await delivery.remind('x')
    await delivery.pass(5, { ...ports, notificationLog: new NotificationLines(ports.log) })
    expect(delivery.linesWith('notification')).toHaveLength(1)
    expect(delivery.linesWith('notification.reminder')).toMatchObject([
      { level: 'warn', message: 'A request still waits for manual review.' },
    ])
  })

  it('does not keep a case going: requests that come after it are a new one', async () => {
    await delivery.ask('x')
    await delivery.pass(hours(4))
    await delivery.remind('x')
    await delivery.pass(2)
    await delivery.ask('y')
    await delivery.pass(5)
    expect(threadOf(2)).toBe(delivery.sent[2]?.message.id)
    expect(new Set(delivery.sent.map(({ message }) => message.case.id)).size).toBe(2)
  })
})
