import { beforeEach, describe, expect, it } from 'vitest'
import type { Notification } from '../../../shared/domain/notification.ts'
import { backoffSeconds } from '../../../shared/notify/backoff.ts'
import { deliverDue, deliverOne, type DeliveryPorts } from '../../../shared/notify/deliver.ts'
import type { ChannelPort } from '../../../shared/ports/channel.ts'
import type { OutboxRef } from '../../../shared/ports/outbox.ts'
import { MemoryLedger } from '../../support/memory-ledger.ts'
import { connectionNamed, sampleNotification, stepTo } from '../../support/sample-request.ts'

const start = Date.parse('2026-11-21T08:00:00.000Z')
const caseId = '0123456789abcdef0123.1.1'
let time: number
let memory: MemoryLedger
let sent: string[]
let lines: { message: string; facts: Record<string, unknown> | undefined }[]
let ports: DeliveryPorts

function channel(name: string, refuses: (notification: Notification) => boolean = () => false): ChannelPort {
  return {
    name,
    send: (notification) => {
      if (refuses(notification)) return Promise.reject(new Error(`${name} is down`))
      sent.push(`${name} ${notification.id}`)
      return Promise.resolve()
    },
  }
}

beforeEach(() => {
  time = start
  memory = new MemoryLedger(() => new Date(time))
  sent = []
  lines = []
  const line = (message: string, facts?: Record<string, unknown>) => void lines.push({ message, facts })
  ports = {
    outbox: memory.outbox,
    channels: [channel('log')],
    log: { info: line, warn: line, error: line },
    random: () => 1,
  }
})

async function waiting(id: string, change: Partial<Notification> = {}): Promise<OutboxRef> {
  const subject = connectionNamed(id.replaceAll('.', '-'))
  const notification = sampleNotification({ id, decisionId: id, ...change })
  const { notificationRef } = await memory.ledger.write(
    subject,
    undefined,
    stepTo('open', { notification }, subject),
  )
  if (notificationRef === undefined) throw new Error('There is no notification.')
  return notificationRef
}

const deliveredAt = () =>
  memory.requests
    .rows()
    .filter(({ rowKey }) => rowKey.startsWith('outbox:'))
    .map(({ columns }) => columns['deliveredAt'] !== '')

describe('delivering', () => {
  it('one sends it once, however often it is asked for', async () => {
    const ref = await waiting('a')
    await deliverOne(ports, ref)
    await deliverOne(ports, ref)
    await deliverDue(ports)
    expect([sent, lines]).toEqual([['log a'], []])
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
    time += 60_000
    await deliverDue(ports)
    expect(sent).toEqual(['log a'])
  })
})

describe('what cannot be delivered', () => {
  it('is tried again later and later, for ever, aloud, and keeps nobody else', async () => {
    let isDown = true
    ports = { ...ports, channels: [channel('log', ({ id }) => isDown && id === 'bad')] }
    await waiting('bad')
    await waiting('good')
    await deliverDue(ports)
    expect(sent).toEqual(['log good'])
    expect(lines).toEqual([
      {
        message: 'A notification could not be delivered; it is tried again.',
        facts: {
          metric: 'outbox.failed',
          ...{ id: 'bad', decisionId: 'bad', attempts: 1, afterSeconds: 10 },
          error: 'log: Error: log is down',
        },
      },
    ])
    time += 9_999
    await deliverDue(ports)
    expect(lines).toHaveLength(1)
    for (const seconds of [20, 40, 80, 160, 320, 600, 600]) {
      time += 1_000_000
      await deliverDue(ports)
      expect(lines.at(-1)?.facts).toMatchObject({ afterSeconds: seconds })
    }
    isDown = false
    time += 1_000_000
    await deliverDue(ports)
    expect(sent).toEqual(['log good', 'log bad'])
  })

  it('through one channel is not sent again through the others', async () => {
    let isDown = true
    ports = { ...ports, channels: [channel('a'), channel('b', () => isDown), channel('c')] }
    const ref = await waiting('n')
    await deliverOne(ports, ref)
    expect(sent).toEqual(['a n', 'c n'])
    isDown = false
    time += 10_000
    await deliverOne(ports, ref)
    expect(sent).toEqual(['a n', 'c n', 'b n'])
    expect(memory.requests.rows().at(-1)?.columns).toMatchObject({ sentThrough: '["a","c","b"]' })
  })

  it('because a channel throws at once, is no other matter', async () => {
    const throws: ChannelPort = {
      name: 'log',
      send: () => {
        throw new Error('broken')
      },
    }
    await deliverOne({ ...ports, channels: [throws] }, await waiting('n'))
    expect(lines[0]?.facts).toMatchObject({ error: 'log: Error: broken' })
  })

  it('because its row cannot be read, keeps nobody else', async () => {
    const ref = await waiting('bad')
    await waiting('good')
    const [row] = memory.requests.rows().filter(({ columns }) => columns['notification'])
    if (row) await memory.requests.putDerived({ ...row, columns: { ...row.columns, notification: '{}' } })
    await deliverDue(ports)
    expect(sent).toEqual(['log good'])
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
    expect(sent).toEqual(['log good'])
    expect(lines).toEqual([
      {
        message: 'A notification could not be taken from the outbox; it is tried again.',
        facts: { metric: 'outbox.failed', ref, error: 'Error: unplugged' },
      },
    ])
    await deliverDue(ports)
    expect(sent).toEqual(['log good', 'log bad'])
  })
})

describe('a burst case', () => {
  it('is sent once for all of its requests, the one that opened it included', async () => {
    for (const id of [caseId, 'b', 'c']) await waiting(id, { caseId })
    await deliverDue(ports)
    expect(sent).toEqual([`log ${caseId}`])
    expect(deliveredAt()).toEqual([true, true, true, true])
    await waiting('late', { caseId })
    await deliverDue(ports)
    expect(sent).toHaveLength(1)
  })

  it('says what the request said that came first, and which case it is', async () => {
    const seen: Notification[] = []
    const keeping: ChannelPort = {
      name: 'log',
      send: (one) => {
        seen.push(one)
        return Promise.resolve()
      },
    }
    const ref = await waiting('b', { caseId, sentence: 'Too many.' })
    await deliverOne({ ...ports, channels: [keeping] }, ref)
    expect(seen).toEqual([sampleNotification({ id: caseId, decisionId: 'b', caseId, sentence: 'Too many.' })])
  })

  it('that cannot be delivered is tried again by itself', async () => {
    let isDown = true
    ports = { ...ports, channels: [channel('log', () => isDown)] }
    await deliverOne(ports, await waiting('b', { caseId }))
    expect(deliveredAt()).toEqual([true, false])
    isDown = false
    time += 10_000
    await deliverDue(ports)
    expect(sent).toEqual([`log ${caseId}`])
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
