import { beforeEach, describe, expect, it } from 'vitest'
import { LedgerConflict } from '../../../shared/ports/ledger.ts'
import { MemoryLedger } from '../../support/memory-ledger.ts'
import {
  connectionNamed,
  sampleConnection,
  sampleNotification,
  sampleRequest,
  sampleTarget,
  stepTo,
} from '../../support/sample-request.ts'

const start = Date.parse('2026-11-21T08:00:00.000Z')
const tenMinutesMs = 600_000
const wholeTarget = { kind: 'target', id: sampleTarget } as const
let time: number
let memory: MemoryLedger

beforeEach(() => {
  time = start
  memory = new MemoryLedger(() => new Date(time))
})

const partitions = () =>
  memory.index
    .rows()
    .map(({ partitionKey }) => partitionKey.split(':')[0])
    .toSorted()

/** A step that dies just before its transaction. */
async function announceOnly(): Promise<void> {
  memory.hook = (when, call) => {
    if (when === 'before' && call === 'requests.transaction') throw new Error('dead')
  }
  const step = stepTo('open', { notification: sampleNotification() })
  await expect(memory.ledger.write(sampleConnection, undefined, step)).rejects.toThrow('dead')
  memory.hook = () => undefined
}

async function readAll(): Promise<void> {
  expect(await memory.ledger.unfinishedOn(sampleTarget)).toEqual([])
  expect(await memory.ledger.unfinishedTargets()).toEqual([])
  expect(await Array.fromAsync(memory.ledger.inState('open'))).toEqual([])
  expect(await memory.outbox.due(10)).toEqual([])
}

describe('an index row that nothing bears out', () => {
  it('is left while the step that it announces may be on its way, and removed after that', async () => {
    await announceOnly()
    time += tenMinutesMs
    await readAll()
    expect(partitions()).toEqual(['due', 'state', 'target'])
    time += 1
    await readAll()
    expect(partitions()).toEqual([])
  })

  it('by target, is removed by the sweep over all targets, too', async () => {
    await announceOnly()
    time += tenMinutesMs + 1
    expect(await memory.ledger.unfinishedTargets()).toEqual([])
    expect(partitions()).toEqual(['due', 'state'])
  })

  it('is left when the record was written meanwhile', async () => {
    await announceOnly()
    time += tenMinutesMs + 1
    await memory.ledger.write(sampleConnection, undefined, stepTo('open'))
    expect(await memory.ledger.unfinishedOn(sampleTarget)).toHaveLength(1)
    expect(partitions()).toEqual(['day', 'due', 'state', 'target'])
  })

  it('is left by a step that did not write it: another one may need it', async () => {
    const record = await memory.ledger.write(sampleConnection, undefined, stepTo('open'))
    for (const row of memory.index.rows()) await memory.index.putDerived(row)
    await memory.ledger.write(sampleConnection, record, stepTo('withdrawn'))
    expect(partitions()).toEqual(['day', 'day', 'ended-on', 'state', 'state', 'target'])
    time += tenMinutesMs + 1
    await readAll()
    expect(partitions()).toEqual(['day', 'day', 'ended-on', 'state'])
  })
})

describe('a step', () => {
  it('writes the pointers it needs once, and none that are there', async () => {
    const calls: string[] = []
    memory.hook = (when, call) => {
      if (when === 'before') calls.push(call)
    }
    const opened = await memory.ledger.write(sampleConnection, undefined, stepTo('open'))
    const again = await memory.ledger.write(sampleConnection, opened, stepTo('open'))
    const read = await memory.ledger.read(sampleConnection)
    await memory.ledger.write(sampleConnection, read, stepTo('withdrawn'))
    expect(calls).toEqual([
      ...['index.putDerived', 'index.putDerived', 'requests.transaction', 'index.putDerived'],
      ...['requests.transaction', 'index.putDerived'],
      'requests.read',
      ...['index.putDerived', 'requests.transaction', 'index.putDerived', 'index.putDerived'],
      ...['index.remove', 'index.remove'],
    ])
    expect(again.version).toBe(read?.version)
  })

  it('says where its notification waits, and has none without one', async () => {
    const step = stepTo('open', { notification: sampleNotification() })
    const record = await memory.ledger.write(sampleConnection, undefined, step)
    expect(record.notificationRef).toMatch(/^[0-9a-f]{64}:outbox:000001$/)
    expect(await memory.outbox.due(10)).toEqual([record.notificationRef])
    const next = await memory.ledger.write(sampleConnection, record, stepTo('applying'))
    expect(next.notificationRef).toBeUndefined()
  })

  it('that somebody else took already leaves nothing behind but index rows', async () => {
    const first = await memory.ledger.write(sampleConnection, undefined, stepTo('open'))
    await memory.ledger.write(sampleConnection, first, stepTo('applying'))
    const step = stepTo('withdrawn', { notification: sampleNotification() })
    const late = memory.ledger.write(sampleConnection, first, step)
    await expect(late).rejects.toThrow(LedgerConflict)
    await expect(late).rejects.toMatchObject({
      message: 'Somebody else wrote first.',
      cause: { name: 'RowChanged' },
    })
    expect(memory.requests.rows().map(({ rowKey }) => rowKey)).toEqual(['state', 'log:000001', 'log:000002'])
    expect(await memory.ledger.unfinishedOn(sampleTarget)).toHaveLength(1)
  })

  it('that storage refuses for another reason says that reason', async () => {
    memory.hook = (when, call) => {
      if (when === 'before' && call === 'requests.transaction') throw new Error('unplugged')
    }
    await expect(memory.ledger.write(sampleConnection, undefined, stepTo('open'))).rejects.toThrow(
      'unplugged',
    )
  })

  it('on a target that is no ARM id is refused', async () => {
    const request = sampleRequest('open', { subject: { kind: 'target', targetId: 'x' } })
    await expect(memory.ledger.write(wholeTarget, undefined, stepTo('open', { request }))).rejects.toThrow(
      'The target id "x" is not an ARM id.',
    )
  })
})

describe('what was approved lately on a target', () => {
  const approved = (at: number) => ({
    request: sampleRequest('applied', {
      state: { name: 'applied', outcome: 'approve', at: new Date(at).toISOString() },
    }),
  })
  const since = (at: number) => memory.ledger.approvedOn(sampleTarget, new Date(at))

  async function approve(): Promise<void> {
    const record = await memory.ledger.write(sampleConnection, undefined, stepTo('applying'))
    await memory.ledger.write(sampleConnection, record, stepTo('applied', approved(time)))
  }

  it('is listed for as long as it is asked for, and is not unfinished', async () => {
    await approve()
    expect(await since(start)).toMatchObject([{ request: { state: { name: 'applied' } } }])
    expect(await since(start + 1)).toEqual([])
    expect(await memory.ledger.unfinishedOn(sampleTarget)).toEqual([])
    expect(await memory.ledger.unfinishedTargets()).toEqual([])
  })

  it('however long it had waited before', async () => {
    const record = await memory.ledger.write(sampleConnection, undefined, stepTo('open'))
    time += 2 * tenMinutesMs
    await memory.ledger.write(sampleConnection, record, stepTo('applied', approved(time)))
    await memory.ledger.unfinishedOn(sampleTarget)
    await memory.ledger.unfinishedTargets()
    expect(await since(time)).toHaveLength(1)
  })

  it('leaves no index row behind after ten minutes', async () => {
    await approve()
    time += tenMinutesMs + 1
    await memory.ledger.unfinishedOn(sampleTarget)
    expect(partitions()).toEqual(['day', 'day', 'ended-on', 'state'])
  })

  it('holds nothing that was rejected', async () => {
    const record = await memory.ledger.write(sampleConnection, undefined, stepTo('applying'))
    const state = { name: 'applied', outcome: 'reject', at: new Date(time).toISOString() } as const
    await memory.ledger.write(
      sampleConnection,
      record,
      stepTo('applied', { request: sampleRequest('applied', { state }) }),
    )
    expect(await since(start)).toEqual([])
    expect(partitions()).not.toContain('target')
  })

  it('is unknown while a record of the target cannot be read', async () => {
    await approve()
    const [row] = memory.requests.rows()
    if (!row) throw new Error('There is no row.')
    await memory.requests.putDerived({ ...row, columns: { ...row.columns, request: '{' } })
    expect(await since(start)).toBeUndefined()
  })
})

it('every row carries the version of its schema', async () => {
  const step = stepTo('open', { notification: sampleNotification({ caseId: 'd.1.1' }) })
  await memory.ledger.write(sampleConnection, undefined, step)
  const rows = [...memory.requests.rows(), ...memory.index.rows()]
  expect(rows).toHaveLength(3 + 4)
  for (const { columns } of rows) expect(columns['schemaVersion']).toBe(1)
})

it('each target is named once, whatever waits on it', async () => {
  const other = connectionNamed('stlake.2')
  await memory.ledger.write(sampleConnection, undefined, stepTo('open'))
  await memory.ledger.write(other, undefined, stepTo('applying', {}, other))
  await memory.ledger.write(wholeTarget, undefined, stepTo('open', {}, wholeTarget))
  expect(await memory.ledger.unfinishedTargets()).toEqual([sampleTarget.id])
  expect(await memory.ledger.unfinishedOn(sampleTarget)).toHaveLength(3)
})
