import { beforeEach, describe, expect, it } from 'vitest'
import { subjectId } from '../../../shared/domain/request.ts'
import type { ChainedEntry } from '../../../shared/ledger/ledger.ts'
import type { SubjectKey } from '../../../shared/ports/ledger.ts'
import { chainHash, chainStart } from '../../../shared/storage/chain.ts'
import { RowChanged, type Row } from '../../../shared/storage/guarded-table.ts'
import { MemoryLedger } from '../../support/memory-ledger.ts'
import type { MemoryTable } from '../../support/memory-table.ts'
import {
  connectionNamed,
  sampleConnection as connection,
  sampleNotification,
  sampleRequest,
  sampleTarget as target,
  stepTo,
} from '../../support/sample-request.ts'

const start = Date.parse('2026-11-21T08:00:00.000Z')
const other = connectionNamed('stlake.2')
const wholeTarget: SubjectKey = { kind: 'target', id: target }
let time: number
let memory: MemoryLedger

beforeEach(() => {
  time = start
  memory = new MemoryLedger(() => new Date(time))
})

const logged = (day = '2026-11-21'): Promise<ChainedEntry[]> =>
  Array.fromAsync(memory.ledger.entries(day, day))
const namesOf = (
  records: readonly { readonly request: { readonly subject: Parameters<typeof subjectId>[0] } }[],
) => records.map(({ request }) => subjectId(request.subject)).toSorted()
const messages = () => memory.unreadable.map(({ message }) => message)

function find(table: MemoryTable, rowKey: string, subject = connection): Row {
  const row = table
    .rows()
    .find(({ rowKey: key, columns }) => key === rowKey && columns['subjectId'] === subject.id.id)
  if (!row) throw new Error(`There is no row ${rowKey}.`)
  return row
}

/** Replaces columns of a row, as somebody could by hand. */
async function spoil(table: MemoryTable, row: Row, columns: Row['columns']): Promise<void> {
  await table.putDerived({ ...row, columns: { ...row.columns, ...columns } })
}

async function removeIndex(of: (row: Row) => boolean = () => true): Promise<number> {
  const rows = memory.index.rows().filter(of)
  for (const { partitionKey, rowKey } of rows) await memory.index.removeDerived(partitionKey, rowKey)
  return rows.length
}

describe('a record', () => {
  it('is read as it was written', async () => {
    const { notificationRef, ...record } = await memory.ledger.write(connection, undefined, stepTo('open'))
    expect(notificationRef).toBeUndefined()
    expect(await memory.ledger.read(connection)).toStrictEqual(record)
    expect(await memory.ledger.read(other)).toBeUndefined()
  })

  it('is named among all by its newest episode', async () => {
    const first = await memory.ledger.write(connection, undefined, stepTo('open'))
    await memory.ledger.write(connection, first, stepTo('applied'))
    await memory.ledger.write(other, undefined, stepTo('withdrawn', {}, other))
    const states = (await Array.fromAsync(memory.ledger.records())).map(({ request }) => request.state.name)
    expect(states.toSorted()).toEqual(['applied', 'withdrawn'])
  })

  it('has columns that people can read', async () => {
    await memory.ledger.write(connection, undefined, stepTo('open'))
    expect(find(memory.requests, 'state').columns).toMatchObject({
      schemaVersion: 1,
      subjectId: connection.id.id,
      state: 'open',
      episode: 1,
      sequence: 1,
    })
    expect(find(memory.requests, 'log:000001').columns).toMatchObject({
      schemaVersion: 1,
      at: '2026-11-21T08:00:00.000Z',
      kind: 'escalated',
      state: 'open',
      subjectId: connection.id.id,
      reason: 'No rule matched.',
      sequence: 1,
      previousHash: chainStart,
    })
  })
})

describe('the log', () => {
  it('chains each entry to the one before, over the exact text that is stored', async () => {
    const first = await memory.ledger.write(connection, undefined, stepTo('applying'))
    await memory.ledger.write(connection, first, stepTo('applied'))
    const [one, two] = await logged()
    expect([one?.previousHash, two?.previousHash]).toEqual([chainStart, one?.hash])
    const text = find(memory.requests, 'log:000002').columns['entry'] as string
    expect(two?.hash).toBe(chainHash(one?.hash ?? '', text))
    expect((await memory.ledger.read(connection))?.hash).toBe(two?.hash)
  })

  it('lists the days of a span, both included, oldest first', async () => {
    let record
    for (const day of ['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02']) {
      const entry = { at: `${day}T12:00:00.000Z` }
      record = await memory.ledger.write(connection, record, stepTo('open', { entry }))
    }
    const days = await Array.fromAsync(memory.ledger.entries('2026-02-28', '2026-03-01'))
    expect(days.map(({ entry }) => entry.at.slice(0, 10))).toEqual(['2026-02-28', '2026-03-01'])
    expect(await Array.fromAsync(memory.ledger.entries('2026-03-01', '2026-02-28'))).toEqual([])
  })

  it('has the entry of a decision by its id alone', async () => {
    const decisionId = memory.ledger.nextEntryId(connection, undefined, 1)
    const first = await memory.ledger.write(connection, undefined, stepTo('open', { entry: { decisionId } }))
    await memory.ledger.write(connection, first, stepTo('applied', { entry: { decisionId: 'other' } }))
    await memory.ledger.write(other, undefined, stepTo('open', {}, other))
    expect(await memory.ledger.entryOf(decisionId)).toMatchObject({ decisionId, sequence: 1, state: 'open' })
    const keyStart = decisionId.split('.')[0] ?? ''
    for (const odd of [`${keyStart}.1.2`, `${keyStart}.2.1`, `${keyStart}.1`, "x' or 1 eq 1", '']) {
      expect(await memory.ledger.entryOf(odd)).toBeUndefined()
    }
  })
})

describe('what is unfinished', () => {
  it('on a target is what is open or being applied, the target itself included', async () => {
    await memory.ledger.write(connection, undefined, stepTo('applying'))
    await memory.ledger.write(other, undefined, stepTo('applied', {}, other))
    await memory.ledger.write(wholeTarget, undefined, stepTo('open', {}, wholeTarget))
    expect(namesOf(await memory.ledger.unfinishedOn(target))).toEqual([target.id, connection.id.id])
  })
})

describe('requests in a state', () => {
  it('are listed by their newest episode, first seen first', async () => {
    const earlier = sampleRequest('open', { firstSeenAt: '2026-11-20T08:00:00.000Z' }, other)
    const record = await memory.ledger.write(connection, undefined, stepTo('open'))
    await memory.ledger.write(other, undefined, stepTo('open', { request: earlier }, other))
    const inState = async (state: 'open' | 'applied') =>
      (await Array.fromAsync(memory.ledger.inState(state))).map(({ request }) => subjectId(request.subject))
    expect(await inState('open')).toEqual([other.id.id, connection.id.id])
    const applied = await memory.ledger.write(connection, record, stepTo('applied'))
    expect([await inState('open'), await inState('applied')]).toEqual([[other.id.id], [connection.id.id]])
    const again = sampleRequest('applied', { episode: 2, firstSeenAt: '2026-11-22T08:00:00.000Z' })
    await memory.ledger.write(connection, applied, stepTo('applied', { request: again }))
    expect(await inState('applied')).toEqual([connection.id.id])
    expect(memory.index.rows().filter(({ partitionKey }) => partitionKey === 'state:applied')).toHaveLength(1)
  })

  it('are not listed by a pointer that a later episode has left behind', async () => {
    const applied = await memory.ledger.write(connection, undefined, stepTo('applied'))
    memory.hook = (when, call) => {
      if (when === 'before' && call === 'index.remove') throw new RowChanged('Somebody wrote.')
    }
    const again = sampleRequest('applied', { episode: 2, firstSeenAt: '2026-11-22T08:00:00.000Z' })
    await memory.ledger.write(connection, applied, stepTo('applied', { request: again }))
    memory.hook = () => undefined
    expect(await Array.fromAsync(memory.ledger.inState('applied'))).toHaveLength(1)
  })
})

describe('the repair of index rows', () => {
  const since = new Date(start)

  it('restores what is missing, counts it, and leaves what is there', async () => {
    await memory.ledger.write(connection, undefined, stepTo('open', { notification: sampleNotification() }))
    await memory.ledger.write(other, undefined, stepTo('applied', {}, other))
    const sorted = () =>
      memory.index.rows().toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    const before = sorted()
    expect(await memory.ledger.repairIndexes(since)).toBe(0)
    expect(await removeIndex()).toBe(7)
    expect(await memory.ledger.repairIndexes(since)).toBe(7)
    expect(sorted()).toEqual(before)
  })

  it('looks only at what was touched since', async () => {
    await memory.ledger.write(connection, undefined, stepTo('open'))
    await removeIndex()
    expect(await memory.ledger.repairIndexes(new Date(start + 1))).toBe(0)
  })

  it('leaves delivered notifications undelivered by nobody', async () => {
    const step = stepTo('open', { notification: sampleNotification() })
    const { notificationRef } = await memory.ledger.write(connection, undefined, step)
    const claimed = await memory.outbox.claim(notificationRef ?? '')
    if (!claimed) throw new Error('It is not due.')
    await memory.outbox.delivered(claimed, 'c-1')
    await removeIndex(({ partitionKey }) => partitionKey === 'due')
    expect(await memory.ledger.repairIndexes(since)).toBe(0)
  })

  it('restores more rows than it writes at once', async () => {
    for (let number = 0; number < 100; number += 1) {
      const subject = connectionNamed(`many.${number}`)
      await memory.ledger.write(subject, undefined, stepTo('open', {}, subject))
    }
    const removed = await removeIndex()
    expect(removed).toBe(300)
    expect(await memory.ledger.repairIndexes(since)).toBe(removed)
  })

  it('does not count a row that somebody else writes meanwhile', async () => {
    await memory.ledger.write(connection, undefined, stepTo('applied'))
    await removeIndex(({ partitionKey }) => partitionKey.startsWith('day:'))
    memory.hook = (when, call) => {
      if (when === 'before' && call === 'index.insert') throw new RowChanged('It is there.')
    }
    expect(await memory.ledger.repairIndexes(since)).toBe(0)
    memory.hook = (when, call) => {
      if (when === 'before' && call === 'index.insert') throw new TypeError('Storage is away.')
    }
    await expect(memory.ledger.repairIndexes(since)).rejects.toThrow('Storage is away.')
  })

  it('leaves out columns that the log does not have', async () => {
    await memory.ledger.write(connection, undefined, stepTo('applied'))
    const days = () => memory.index.rows().filter(({ partitionKey }) => partitionKey === 'day:2026-11-21')
    const before = days()
    await removeIndex(({ partitionKey }) => partitionKey.startsWith('day:'))
    await spoil(memory.requests, find(memory.requests, 'log:000001'), { note: 'by hand' })
    expect(await memory.ledger.repairIndexes(since)).toBe(1)
    expect(days()).toEqual(before)
  })
})

describe('a row that cannot be used', () => {
  it('is refused with which row, which field, expected, actual, and what to do', async () => {
    await memory.ledger.write(connection, undefined, stepTo('open'))
    await spoil(memory.requests, find(memory.requests, 'state'), { schemaVersion: 2 })
    await expect(memory.ledger.read(connection)).rejects.toThrow(
      /^Row "state" of partition "[0-9a-f]{64}" in table "requests" cannot be used: field "schemaVersion" is 2, expected 1\. Run the version of this app that wrote it, or do as follows\. Otherwise move all rows of this partition to another table: what waits is then reviewed as a new request\.$/,
    )
  })

  it('keeps neither the others of its target from being listed, nor its target from being named', async () => {
    await memory.ledger.write(connection, undefined, stepTo('open'))
    await memory.ledger.write(other, undefined, stepTo('open', {}, other))
    await spoil(memory.requests, find(memory.requests, 'state'), { request: '{"episode":1}' })
    expect(namesOf(await memory.ledger.unfinishedOn(target))).toEqual([other.id.id])
    expect(messages()).toEqual([
      expect.stringContaining('field "request.subject" is missing, expected object'),
    ])
    await spoil(memory.requests, find(memory.requests, 'state', other), { request: 'x' })
    expect(await memory.ledger.unfinishedTargets()).toEqual([target.id])
    expect(await Array.fromAsync(memory.ledger.records())).toEqual([])
    expect(await Array.fromAsync(memory.ledger.inState('open'))).toEqual([])
    memory.unreadable.length = 0
    expect(await memory.ledger.repairIndexes(new Date(start))).toBe(0)
    expect(messages()).toHaveLength(2)
    await expect(memory.ledger.read(other)).rejects.toThrow('field "request" is "x", expected JSON')
  })

  it.each([
    ['targetId', { kind: 'connection', connectionId: connection.id.id, targetId: 'stlake' }],
    ['targetId', { kind: 'target', targetId: `${target.id}/` }],
    ['connectionId', { kind: 'connection', connectionId: '', targetId: target.id }],
  ])('because its %s is no ARM id is reported, and the others are repaired', async (field, subject) => {
    await memory.ledger.write(connection, undefined, stepTo('open'))
    await memory.ledger.write(other, undefined, stepTo('open', {}, other))
    const row = find(memory.requests, 'state')
    const request = JSON.parse(String(row.columns['request'])) as object
    await spoil(memory.requests, row, { request: JSON.stringify({ ...request, subject }) })
    await removeIndex(({ partitionKey }) => !partitionKey.startsWith('day:'))
    expect(await memory.ledger.repairIndexes(new Date(start))).toBe(2)
    const sentence = new RegExp(`field "request.subject.${field}" is ".*, expected the id of a resource`)
    expect(messages()).toEqual([expect.stringMatching(sentence)])
    expect(namesOf(await memory.ledger.unfinishedOn(target))).toEqual([other.id.id])
  })

  it.each([
    ['request', 'of a target', { kind: 'target', targetId: connection.id.id }],
    [
      'request',
      'of another connection',
      { kind: 'connection', connectionId: other.id.id, targetId: target.id },
    ],
    ['lastEntry', 'of a target', { kind: 'target', targetId: connection.id.id }],
    [
      'lastEntry',
      'of another connection',
      { kind: 'connection', connectionId: other.id.id, targetId: target.id },
    ],
  ])('because its %s is %s, which contradicts its key, is refused', async (column, _, subject) => {
    await memory.ledger.write(connection, undefined, stepTo('open'))
    const row = find(memory.requests, 'state')
    const value = JSON.parse(String(row.columns[column])) as object
    await spoil(memory.requests, row, { [column]: JSON.stringify({ ...value, subject }) })
    await expect(memory.ledger.read(connection)).rejects.toThrow(
      `field "${column}.subject" is the ${subject.kind} ${'connectionId' in subject ? subject.connectionId : subject.targetId}, expected the subject of this partition`,
    )
  })

  it('of the log, because its entry is about a target and its key about a connection, is refused', async () => {
    const { lastEntry } = await memory.ledger.write(connection, undefined, stepTo('open'))
    const row = find(memory.requests, 'log:000001')
    const subject = { kind: 'target', targetId: target.id }
    await spoil(memory.requests, row, { entry: JSON.stringify({ ...lastEntry, subject }) })
    await expect(memory.ledger.entryOf(`${row.partitionKey.slice(0, 20)}.1.1`)).rejects.toThrow(
      `field "entry.subject" is the target ${target.id}, expected the subject of this partition`,
    )
  })

  it('keeps its pointers, however old they are', async () => {
    await memory.ledger.write(connection, undefined, stepTo('open'))
    await spoil(memory.requests, find(memory.requests, 'state'), { request: 'x' })
    time += 3_600_000
    await Array.fromAsync(memory.ledger.inState('open'))
    await memory.ledger.unfinishedOn(target)
    expect(memory.index.rows()).toHaveLength(3)
  })

  it('of a day is reported with its fix, and the other entries are told', async () => {
    const first = await memory.ledger.write(connection, undefined, stepTo('open'))
    await memory.ledger.write(connection, first, stepTo('applied'))
    const [row] = memory.index.rows().filter(({ partitionKey }) => partitionKey === 'day:2026-11-21')
    if (!row) throw new Error('There is no row of the day.')
    await spoil(memory.index, row, { previousHash: 'x' })
    expect((await logged()).map(({ entry }) => entry.sequence)).toEqual([2])
    expect(messages()).toEqual([
      expect.stringMatching(
        /in table "index" cannot be used: field "previousHash" is "x", expected regex\. Delete the row: the sweep writes it anew from the log of the request\.$/,
      ),
    ])
  })

  it('of the log stops whoever asks for that entry', async () => {
    const decisionId = memory.ledger.nextEntryId(connection, undefined, 1)
    await memory.ledger.write(connection, undefined, stepTo('open', { entry: { decisionId } }))
    await spoil(memory.requests, find(memory.requests, 'log:000001'), { hash: 'x' })
    await expect(memory.ledger.entryOf(decisionId)).rejects.toThrow('field "hash" is "x", expected regex')
  })

  it.each([`x${'0'.repeat(64)}`, `${'0'.repeat(64)}x`, '0'.repeat(63)])(
    'is one whose hash is %s',
    async (hash) => {
      await memory.ledger.write(connection, undefined, stepTo('open'))
      await spoil(memory.requests, find(memory.requests, 'state'), { hash })
      await expect(memory.ledger.read(connection)).rejects.toThrow('field "hash"')
    },
  )

  it('is no reason to hide what storage says', async () => {
    await memory.ledger.write(connection, undefined, stepTo('open'))
    memory.hook = (_when, call) => {
      if (call === 'requests.read') throw new TypeError('Storage is away.')
    }
    await expect(memory.ledger.unfinishedOn(target)).rejects.toThrow('Storage is away.')
  })
})
