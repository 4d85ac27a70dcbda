import { beforeEach, describe, expect, it } from 'vitest'
import type { OutboxPort, OutboxRef } from '../../../shared/ports/outbox.ts'
import { MemoryLedger } from '../../support/memory-ledger.ts'
import {
  connectionNamed,
  sampleConnection,
  sampleNotification,
  stepTo,
} from '../../support/sample-request.ts'

const start = Date.parse('2026-11-21T08:00:00.000Z')
let time: number
let memory: MemoryLedger
let outbox: OutboxPort

beforeEach(() => {
  time = start
  memory = new MemoryLedger(() => new Date(time))
  outbox = memory.outbox
})

async function waiting(
  name = 'a',
  change: Parameters<typeof sampleNotification>[0] = {},
): Promise<OutboxRef> {
  const subject = connectionNamed(name)
  const at = new Date(time).toISOString()
  const step = stepTo('open', { notification: sampleNotification(change), entry: { at } }, subject)
  const { notificationRef } = await memory.ledger.write(subject, undefined, step)
  if (notificationRef === undefined) throw new Error('There is no notification.')
  return notificationRef
}

async function claimed(ref: OutboxRef) {
  const found = await outbox.claim(ref)
  if (!found) throw new Error('Nothing to claim.')
  return found
}

const stored = () => {
  const rows = memory.requests.rows().filter(({ rowKey }) => rowKey.startsWith('outbox:'))
  return rows.map(({ columns }) => columns)
}
const dueTimes = () =>
  memory.index
    .rows()
    .filter(({ partitionKey }) => partitionKey === 'due')
    .map(({ rowKey }) => (Date.parse(rowKey.slice(0, 24)) - start) / 1000)
    .toSorted((a, b) => a - b)

describe('what is due', () => {
  it('comes longest waiting first, and no more than asked for', async () => {
    const refs: OutboxRef[] = []
    for (const name of ['a', 'b', 'c']) {
      refs.push(await waiting(name))
      time += 1000
    }
    expect(await outbox.due(10)).toEqual(refs)
    expect(await outbox.due(2)).toEqual(refs.slice(0, 2))
    time = start - 1
    expect(await outbox.due(10)).toEqual([])
    time = start
    expect(await outbox.due(10)).toEqual(refs.slice(0, 1))
  })

  it('is named once, however many index rows name it', async () => {
    const ref = await waiting()
    const [row] = memory.index.rows().filter(({ partitionKey }) => partitionKey === 'due')
    if (row) await memory.index.putDerived({ ...row, rowKey: row.rowKey.replace('2026', '2025') })
    expect(await outbox.due(10)).toEqual([ref])
  })

  it('is not what cannot be read: that is reported, and put off for ten minutes', async () => {
    await waiting()
    const rows = memory.requests.rows().filter(({ rowKey }) => rowKey.startsWith('outbox:'))
    for (const row of rows)
      await memory.requests.putDerived({ ...row, columns: { ...row.columns, attempts: -1 } })
    const good = await waiting('b')
    expect(await outbox.due(1)).toEqual([good])
    expect(memory.unreadable.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Row "outbox:000001" .* field "attempts" is -1, .*Otherwise delete the row/),
    ])
    expect(dueTimes()).toEqual([0, 600])
    expect(await outbox.due(10)).toEqual([good])
    expect(memory.unreadable).toHaveLength(1)
    time += 600_000
    await outbox.due(10)
    expect(memory.unreadable).toHaveLength(2)

    for (const row of rows) await memory.requests.putDerived(row)
    time += 600_000
    expect(await outbox.due(10)).toHaveLength(2)
  })

  it('is reported when its time has no milliseconds, which its key needs', async () => {
    await waiting()
    const at = { dueAt: '2026-11-21T08:00:00Z' }
    for (const row of memory.requests.rows().filter(({ rowKey }) => rowKey.startsWith('outbox:')))
      await memory.requests.putDerived({ ...row, columns: { ...row.columns, ...at } })
    for (const { partitionKey, rowKey } of memory.index.rows())
      await memory.index.removeDerived(partitionKey, rowKey)
    await memory.ledger.repairIndexes(new Date(start))
    expect(memory.unreadable.map(({ message }) => message)).toEqual([
      expect.stringContaining(
        'field "dueAt" is "2026-11-21T08:00:00Z", expected a UTC time with milliseconds',
      ),
    ])
    expect(dueTimes()).toEqual([])
  })

  it('cannot be read when storage cannot', async () => {
    await waiting()
    memory.hook = (when, call) => {
      if (when === 'before' && call === 'requests.read') throw new Error('unplugged')
    }
    await expect(outbox.due(1)).rejects.toThrow('unplugged')
  })
})

describe('a claim', () => {
  it('gives the notification to one, and to nobody else for a minute', async () => {
    const ref = await waiting()
    const first = await claimed(ref)
    expect(first).toMatchObject({
      ref,
      notification: sampleNotification(),
      recordKey: ref.slice(0, 64),
      attempts: 0,
    })
    expect(await outbox.claim(ref)).toBeUndefined()
    expect(await outbox.due(10)).toEqual([])
    time += 59_999
    expect(await outbox.claim(ref)).toBeUndefined()
    time += 1
    expect(await outbox.due(10)).toEqual([ref])
    expect(await claimed(ref)).toMatchObject({ attempts: 1 })
    expect(dueTimes()).toEqual([120])
  })

  it('that meets another at the row gets nothing', async () => {
    const ref = await waiting()
    const hosts = [memory.anotherHost(), memory.anotherHost(), memory.anotherHost()]
    const claims = await Promise.all(hosts.map((host) => host.outbox.claim(ref)))
    expect(claims.filter(Boolean)).toHaveLength(1)
    expect(stored()[0]).toMatchObject({ attempts: 1 })
  })

  it.each(['', 'x', `${'0'.repeat(64)}:outbox:000001`, `${'0'.repeat(64)}:state`])(
    'of %j finds nothing',
    async (ref) => {
      expect(await outbox.claim(ref)).toBeUndefined()
    },
  )

  it('of a row that cannot be read says so', async () => {
    const ref = await waiting()
    for (const row of memory.requests.rows().filter(({ rowKey }) => rowKey.startsWith('outbox:')))
      await memory.requests.putDerived({ ...row, columns: { ...row.columns, schemaVersion: 9 } })
    await expect(outbox.claim(ref)).rejects.toThrow('"schemaVersion" is 9, expected 1')
  })

  it('says why storage refused it', async () => {
    const ref = await waiting()
    memory.hook = (when, call) => {
      if (when === 'before' && call === 'requests.replace') throw new Error('unplugged')
    }
    await expect(outbox.claim(ref)).rejects.toThrow('unplugged')
  })
})

describe('what was delivered', () => {
  it('is kept with its time and channels, and is due no more', async () => {
    const ref = await waiting()
    const found = await claimed(ref)
    time += 2000
    await outbox.delivered(found, 'c-1')
    expect(stored()).toMatchObject([{ deliveredAt: '2026-11-21T08:00:02.000Z', attempts: 1, problem: '' }])
    expect(dueTimes()).toEqual([])
    time += 3_600_000
    expect([await outbox.due(10), await outbox.claim(ref)]).toEqual([[], undefined])
    expect(await memory.ledger.repairIndexes(new Date(0))).toBe(0)
  })

  it('by one who was too slow counts for nothing', async () => {
    const ref = await waiting()
    const slow = await claimed(ref)
    time += 60_000
    const fast = await claimed(ref)
    await outbox.delivered(slow, 'c-1')
    await outbox.failed(slow, 5, 'no')
    expect(stored()).toMatchObject([{ deliveredAt: '', attempts: 2, problem: '' }])
    expect(dueTimes()).toContain(120)
    await outbox.delivered(fast, 'c-1')
    expect(stored()).toMatchObject([{ deliveredAt: '2026-11-21T08:01:00.000Z' }])
    time += 3_600_000
    expect(await outbox.due(10)).toEqual([])
    expect(dueTimes()).toEqual([])
  })
})

describe('what failed', () => {
  it('is due again after a while, with what went wrong and what had gone right', async () => {
    const ref = await waiting()
    const found = await claimed(ref)
    await outbox.failed(found, 5, 'x'.repeat(1001))
    expect(stored()).toMatchObject([{ deliveredAt: '', attempts: 1, problem: 'x'.repeat(1000) }])
    expect(dueTimes()).toEqual([5])
    time += 4999
    expect(await outbox.claim(ref)).toBeUndefined()
    time += 1
    const again = await claimed(ref)
    expect(again).toMatchObject({ attempts: 1 })
    await outbox.delivered(again, 'c-1')
    expect(stored()).toMatchObject([{ attempts: 2, problem: '' }])
  })
})

describe('what failed and is due again at the very end of its claim', () => {
  it('stays in the index', async () => {
    const ref = await waiting()
    const found = await claimed(ref)
    time += 20_000
    await outbox.failed(found, 40, 'down')
    expect(dueTimes()).toEqual([60])
    time += 40_000
    expect(await outbox.due(10)).toEqual([ref])
  })
})

it('the case that a notification joined is known by its id', async () => {
  const id = memory.ledger.nextEntryId(connectionNamed('a'), undefined, 1)
  const ref = await waiting('a', { id })
  expect(await outbox.find(ref.slice(0, 64), id)).toMatchObject({ isDelivered: false, caseId: undefined })
  await outbox.delivered(await claimed(ref), 'c-1')
  expect(await outbox.find(ref.slice(0, 64), id)).toMatchObject({ isDelivered: true, caseId: 'c-1' })
  expect(await outbox.find(ref.slice(0, 64), 'x')).toBeUndefined()
})

it('a notification lies beside its record', async () => {
  await waiting()
  const keys = memory.requests.rows().map(({ partitionKey }) => partitionKey)
  expect(new Set(keys).size).toBe(1)
  expect(await memory.ledger.read(connectionNamed('a'))).toBeDefined()
  expect(await memory.ledger.read(sampleConnection)).toBeUndefined()
})
