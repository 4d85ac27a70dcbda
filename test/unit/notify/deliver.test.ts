import { beforeEach, describe, expect, it } from 'vitest'
import type { Notification } from '../../../shared/domain/notification.ts'
import { backoffSeconds } from '../../../shared/notify/backoff.ts'
import { deliverDue, deliverOne } from '../../../shared/notify/deliver.ts'
import type { DeliveryPorts } from '../../../shared/notify/ports.ts'
import type { NotificationLog } from '../../../shared/ports/notification-log.ts'
import type { OutboxRef } from '../../../shared/ports/outbox.ts'
import { FakeDelivery } from '../../support/fake-delivery.ts'
import type { MemoryLedger } from '../../support/memory-ledger.ts'
import { connectionNamed, sampleNotification, stepTo } from '../../support/sample-request.ts'

const caseId = '0123456789abcdef0123.1.1'
let delivery: FakeDelivery
let memory: MemoryLedger
let sent: string[]
let ports: DeliveryPorts

function logThat(refuses: (notification: Notification) => boolean = () => false): NotificationLog {
  return {
    write: (notification) => {
      if (refuses(notification)) return Promise.reject(new Error('the log is down'))
      sent.push(notification.id)
      return Promise.resolve()
    },
  }
}

beforeEach(() => {
  delivery = new FakeDelivery()
  delivery.routing = { channels: [], routes: [] }
  memory = delivery.memory
  sent = []
  ports = delivery.ports({ notificationLog: logThat(), outbox: memory.outbox })
})

async function waiting(
  id: string,
  change: Partial<Notification> = {},
  at = '2026-11-21T08:00:00.000Z',
): Promise<OutboxRef> {
  const subject = connectionNamed(id.replaceAll('.', '-'))
  const notification = sampleNotification({ id, decisionId: id, ...change })
  const { notificationRef } = await memory.ledger.write(
    subject,
    undefined,
    stepTo('open', { notification, entry: { at } }, subject),
  )
  if (notificationRef === undefined) throw new Error('There is no notification.')
  return notificationRef
}

const errors = () =>
  delivery.lines.flatMap(({ level, message, facts }) => (level === 'error' ? [{ message, facts }] : []))
const deliveredAt = () =>
  memory.requests
    .rows()
    .filter(({ rowKey }) => rowKey.startsWith('outbox:'))
    .map(({ columns }) => columns['deliveredAt'] !== '')

describe('handing over', () => {
  it('one sends it once, however often it is asked for', async () => {
    const ref = await waiting('a')
    await deliverOne(ports, ref)
    await deliverOne(ports, ref)
    await deliverDue(ports)
    expect([sent, errors()]).toEqual([['a'], []])
  })

  it('what is due sends everything, however much it is, and each once', async () => {
    for (let count = 0; count < 40; count += 1) await waiting(`n${String(count)}`)
    await deliverDue(ports)
    expect(new Set(sent).size).toBe(40)
    expect(sent).toHaveLength(40)
    await deliverDue(ports)
    expect(sent).toHaveLength(40)
  })

  it('by two hosts sends each once', async () => {
    for (let count = 0; count < 10; count += 1) await waiting(`n${String(count)}`)
    const other = { ...ports, outbox: memory.anotherHost().outbox }
    await Promise.all([deliverDue(ports), deliverDue(other), deliverDue(ports)])
    expect(sent).toHaveLength(10)
  })

  it('is taken over from one who died over it, after a minute', async () => {
    const ref = await waiting('a')
    await memory.outbox.claim(ref)
    await deliverDue(ports)
    expect(sent).toEqual([])
    delivery.time += 60_000
    await deliverDue(ports)
    expect(sent).toEqual(['a'])
  })
})

describe('what cannot be delivered', () => {
  it('is tried again later and later, for ever, aloud, and keeps nobody else', async () => {
    let isDown = true
    ports = { ...ports, notificationLog: logThat(({ id }) => isDown && id === 'bad') }
    await waiting('bad')
    await waiting('good')
    await deliverDue(ports)
    expect(sent).toEqual(['good'])
    expect(errors()).toEqual([
      {
        message: 'A notification could not be delivered; it is tried again.',
        facts: {
          metric: 'outbox.failed',
          ...{ id: 'bad', decisionId: 'bad', attempts: 1, afterSeconds: 10 },
          error: 'Error: the log is down',
        },
      },
    ])
    delivery.time += 9_999
    await deliverDue(ports)
    expect(errors()).toHaveLength(1)
    for (const seconds of [20, 40, 80, 160, 320, 600, 600]) {
      delivery.time += 1_000_000
      await deliverDue(ports)
      expect(errors().at(-1)?.facts).toMatchObject({ afterSeconds: seconds })
    }
    isDown = false
    delivery.time += 1_000_000
    await deliverDue(ports)
    expect(sent).toEqual(['good', 'bad'])
  })

  it('because the log throws at once, is no other matter', async () => {
    const throws: NotificationLog = {
      write: () => {
        throw new Error('broken')
      },
    }
    await deliverOne({ ...ports, notificationLog: throws }, await waiting('n'))
    expect(errors()[0]?.facts).toMatchObject({ error: 'Error: broken' })
  })

  it('because its row cannot be read, keeps nobody else', async () => {
    const ref = await waiting('bad')
    await waiting('good')
    const [row] = memory.requests.rows().filter(({ columns }) => columns['notification'])
    if (row) await memory.requests.putDerived({ ...row, columns: { ...row.columns, notification: '{}' } })
    await deliverDue(ports)
    expect(sent).toEqual(['good'])
    expect(memory.unreadable).toHaveLength(1)
    await expect(deliverOne(ports, ref)).rejects.toThrow('field "notification.id" is missing')
  })

  it('because storage refuses it, is said once a run and tried at the next', async () => {
    const ref = await waiting('bad')
    await waiting('good')
    const claim = memory.outbox.claim.bind(memory.outbox)
    const failing = Object.assign(Object.create(memory.outbox) as typeof memory.outbox, {
      due: (max: number) => memory.outbox.due(max),
      delivered: memory.outbox.delivered.bind(memory.outbox),
      claim: (asked: OutboxRef) => (asked === ref ? Promise.reject(new Error('unplugged')) : claim(asked)),
    })
    await deliverDue({ ...ports, outbox: failing })
    expect(sent).toEqual(['good'])
    expect(errors()).toEqual([
      {
        message: 'A notification could not be taken from the outbox; it is tried again.',
        facts: { metric: 'outbox.failed', ref, error: 'Error: unplugged' },
      },
    ])
    await deliverDue(ports)
    expect(sent).toEqual(['good', 'bad'])
  })
})

it('what storage refuses, however much it is, keeps nobody from what waits behind it', async () => {
  const bad = new Set<OutboxRef>()
  for (let count = 0; count < 40; count += 1) bad.add(await waiting(`bad${String(count)}`))
  delivery.time += 1000
  await waiting('good', {}, delivery.now.toISOString())
  const failing = Object.assign(Object.create(memory.outbox) as typeof memory.outbox, {
    due: (max: number) => memory.outbox.due(max),
    delivered: memory.outbox.delivered.bind(memory.outbox),
    claim: (ref: OutboxRef) =>
      bad.has(ref) ? Promise.reject(new Error('unplugged')) : memory.outbox.claim(ref),
  })
  await deliverDue({ ...ports, outbox: failing })
  expect(sent).toEqual(['good'])
  expect(errors()).toHaveLength(40)
})

describe('a burst case', () => {
  it('is said once for all of its requests, the one that opened it included', async () => {
    for (const id of [caseId, 'b', 'c']) await waiting(id, { caseId })
    await deliverDue(ports)
    expect(sent).toEqual([caseId])
    expect(deliveredAt()).toEqual([true, true, true])
    await waiting('late', { caseId })
    await deliverDue(ports)
    expect(sent).toHaveLength(1)
  })

  it('says what the request said that came first, and which case it is', async () => {
    const seen: Notification[] = []
    const keeping: NotificationLog = {
      write: (one) => {
        seen.push(one)
        return Promise.resolve()
      },
    }
    const ref = await waiting('b', { caseId, sentence: 'Too many.' })
    await deliverOne({ ...ports, notificationLog: keeping }, ref)
    expect(seen).toEqual([sampleNotification({ id: caseId, decisionId: 'b', caseId, sentence: 'Too many.' })])
  })

  it('that the log did not take is said again, although it was joined', async () => {
    let isDown = true
    ports = { ...ports, notificationLog: logThat(() => isDown) }
    await deliverOne(ports, await waiting('b', { caseId }))
    await deliverOne(ports, await waiting('c', { caseId }))
    expect(deliveredAt()).toEqual([false, true])
    isDown = false
    delivery.time += 10_000
    await deliverDue(ports)
    expect([sent, deliveredAt()]).toEqual([[caseId], [true, true]])
  })
})

describe('the time until the next try', () => {
  it.each([
    [0, 0, 5],
    [0, 1, 10],
    [1, 0.5, 15],
    [5, 1, 320],
    [6, 1, 600],
    [2000, 0, 300],
  ])('after %i tries, at %f, is %f seconds', (attempts, random, seconds) => {
    expect(backoffSeconds(attempts, random)).toBe(seconds)
  })
})
