import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { subjectId } from '../../../shared/domain/request.ts'
import { parseResourceId } from '../../../shared/domain/resource-id.ts'
import { Ledger, type ChainedEntry } from '../../../shared/ledger/ledger.ts'
import type { UnreadableRow } from '../../../shared/ledger/unreadable-row.ts'
import { LedgerConflict, type SubjectKey } from '../../../shared/ports/ledger.ts'
import { chainHash, chainStart } from '../../../shared/storage/chain.ts'
import type { GuardedTable, Row, StoredRow } from '../../../shared/storage/guarded-table.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { newTable } from '../../support/ledger-tables.ts'
import {
  connectionNamed,
  sampleConnection as connection,
  sampleNotification,
  sampleRequest,
  sampleTarget as target,
  stepTo,
} from '../../support/sample-request.ts'

let azurite: Azurite
let ledger: Ledger
let index: GuardedTable
let requests: GuardedTable
let unreadable: UnreadableRow[]

beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())

beforeEach(async () => {
  requests = await newTable(azurite, 'requests')
  index = await newTable(azurite, 'index')
  unreadable = []
  ledger = new Ledger(requests, index, (problem) => unreadable.push(problem))
})

const other = connectionNamed('stlake.2')
const wholeTarget: SubjectKey = { kind: 'target', id: target }
const minuteAgo = () => new Date(Date.now() - 60_000)

async function logged(day = '2026-11-21'): Promise<ChainedEntry[]> {
  return Array.fromAsync(ledger.entries(day, day))
}

async function namesOn(): Promise<string[]> {
  return (await ledger.unfinishedOn(target)).map(({ request }) => subjectId(request.subject)).toSorted()
}

async function removeAll(filter: string): Promise<number> {
  const rows = await Array.fromAsync(index.query(filter))
  for (const row of rows) {
    await index.remove(String(row.columns['partitionKey']), String(row.columns['rowKey']), row.etag)
  }
  return rows.length
}

/** Replaces columns of a row, as somebody could by hand. */
async function spoil(table: GuardedTable, row: StoredRow | undefined, columns: Row['columns']) {
  if (!row) throw new Error('There is no such row.')
  const { partitionKey = '', rowKey = '', ...kept } = row.columns as Record<string, string>
  await table.putDerived({ partitionKey, rowKey, columns: { ...kept, ...columns } })
}

async function rowsOf(table: GuardedTable, filter: string): Promise<StoredRow[]> {
  return Array.fromAsync(table.query(filter))
}

describe('the ledger', () => {
  it('gives back what was written, in any case of the id', async () => {
    const step = stepTo('open')
    const written = await ledger.write(connection, undefined, step)
    const upper = parseResourceId(connection.id.id.toUpperCase())
    const { notificationRef, ...record } = written
    expect(notificationRef).toBeUndefined()
    expect(upper && (await ledger.read({ kind: 'connection', id: upper }))).toStrictEqual(record)
    expect(record).toMatchObject({ request: step.request, lastEntry: { ...step.entry, sequence: 1 } })
  })

  it('knows nothing of a connection that was never seen', async () => {
    expect(await ledger.read(connection)).toBeUndefined()
  })

  it('lets exactly one of twenty first writers win and tells the others', async () => {
    const tries = Array.from({ length: 20 }, () =>
      ledger.write(connection, undefined, stepTo('applying', { notification: sampleNotification() })),
    )
    const outcomes = await Promise.allSettled(tries)
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(lost).toHaveLength(19)
    for (const { reason } of lost) expect(reason).toBeInstanceOf(LedgerConflict)
    expect(await logged()).toHaveLength(1)
    expect(await rowsOf(requests, `RowKey ge 'outbox:' and RowKey lt 'outbox;'`)).toHaveLength(1)
  })

  it('lets exactly one of two writers go on from the same state', async () => {
    const first = await ledger.write(connection, undefined, stepTo('applying'))
    const outcomes = await Promise.allSettled([
      ledger.write(connection, first, stepTo('applied')),
      ledger.write(connection, first, stepTo('open')),
    ])
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await logged()).toHaveLength(2)
  })

  it('chains each entry to the one before, over the exact text that is stored', async () => {
    const first = await ledger.write(connection, undefined, stepTo('applying'))
    await ledger.write(connection, first, stepTo('applied'))
    const [one, two] = await logged()
    const texts = (await rowsOf(requests, `RowKey ge 'log:' and RowKey lt 'log;'`)).map(({ columns }) =>
      String(columns['entry']),
    )
    expect(one?.previousHash).toBe(chainStart)
    expect(two?.previousHash).toBe(one?.hash)
    expect(two?.hash).toBe(chainHash(one?.hash ?? '', texts[1] ?? ''))
    expect((await ledger.read(connection))?.hash).toBe(two?.hash)
  })

  it('numbers entries by subject and names decisions so that they can be found', async () => {
    expect(ledger.nextEntryId(connection, undefined, 2)).toMatch(/^[0-9a-f]{20}\.2\.1$/)
    const record = await ledger.write(connection, undefined, stepTo('open'))
    expect(ledger.nextEntryId(connection, record, 1)).toMatch(/^[0-9a-f]{20}\.1\.2$/)
  })

  it('keeps a target and a connection of the same id apart', async () => {
    const asConnection: SubjectKey = { kind: 'connection', id: target }
    await ledger.write(wholeTarget, undefined, stepTo('open', {}, wholeTarget))
    expect(await ledger.read(asConnection)).toBeUndefined()
    expect((await ledger.read(wholeTarget))?.request.subject).toEqual({ kind: 'target', targetId: target.id })
    const [one, two] = [wholeTarget, asConnection].map((key) => ledger.nextEntryId(key, undefined, 1))
    expect(one?.slice(0, 20)).not.toBe(two?.slice(0, 20))
  })

  it('lists what is unfinished on a target, the target itself included, and nothing that is finished', async () => {
    await ledger.write(connection, undefined, stepTo('open'))
    await ledger.write(other, undefined, stepTo('applied', {}, other))
    await ledger.write(wholeTarget, undefined, stepTo('open', {}, wholeTarget))
    expect(await namesOn()).toEqual([target.id, connection.id.id])
  })

  it.each(['open', 'applying'] as const)('lists %s as unfinished until it is finished', async (state) => {
    const record = await ledger.write(connection, undefined, stepTo(state))
    expect(await namesOn()).toEqual([connection.id.id])
    await ledger.write(connection, record, stepTo('withdrawn'))
    expect(await namesOn()).toEqual([])
    expect(await removeAll(`PartitionKey ge 'target:' and PartitionKey lt 'target;'`)).toBe(0)
  })

  it('names each target with something unfinished once', async () => {
    expect(await ledger.unfinishedTargets()).toEqual([])
    const first = await ledger.write(connection, undefined, stepTo('open'))
    const record = await ledger.write(other, undefined, stepTo('open', {}, other))
    expect(await ledger.unfinishedTargets()).toEqual([target.id])
    await ledger.write(other, record, stepTo('applied', {}, other))
    expect(await ledger.unfinishedTargets()).toEqual([target.id])
    await ledger.write(connection, first, stepTo('applied'))
    expect(await ledger.unfinishedTargets()).toEqual([])
  })

  it('finds an entry under its day again after a crash left the index row out', async () => {
    await ledger.write(connection, undefined, stepTo('open'))
    const [before] = await logged()
    await removeAll(`PartitionKey eq 'day:2026-11-21'`)
    expect(await logged()).toEqual([])
    expect(await ledger.repairIndexes(minuteAgo())).toBe(1)
    expect(await logged()).toEqual([before])
    expect(await ledger.repairIndexes(minuteAgo())).toBe(0)
  })

  it('tells the newest episode of every subject', async () => {
    const first = await ledger.write(connection, undefined, stepTo('open'))
    await ledger.write(connection, first, stepTo('applied'))
    await ledger.write(other, undefined, stepTo('applied', {}, other))
    const records = await Array.fromAsync(ledger.records())
    expect(
      records.toSorted((a, b) => (subjectId(a.request.subject) < subjectId(b.request.subject) ? -1 : 1)),
    ).toEqual([await ledger.read(connection), await ledger.read(other)])
    expect(records.map(({ request }) => request.state.name)).toEqual(['applied', 'applied'])
  })

  it('finds the entry of a decision by its id alone, and nothing by what is none', async () => {
    const decisionId = ledger.nextEntryId(connection, undefined, 1)
    const first = await ledger.write(connection, undefined, stepTo('open', { entry: { decisionId } }))
    await ledger.write(connection, first, stepTo('applied', { entry: { decisionId: 'other' } }))
    expect(await ledger.entryOf(decisionId)).toMatchObject({ decisionId, sequence: 1, state: 'open' })
    const start = decisionId.split('.')[0] ?? ''
    for (const odd of [`${start}.1.2`, `${start}.2.1`, `${start}.1`, "x' or 1 eq 1", '']) {
      expect(await ledger.entryOf(odd)).toBeUndefined()
    }
  })

  it('keeps what the requester wrote as it is, whatever it is', async () => {
    const requesterSaid = `');DROP <script>\u202E\u0000 ${'é'.repeat(300)}`
    await ledger.write(connection, undefined, stepTo('open', { entry: { requesterSaid } }))
    expect((await logged())[0]?.entry.requesterSaid).toBe(requesterSaid)
  })

  it('lists the days of a span, oldest first', async () => {
    const at = (day: string) => ({ entry: { at: `${day}T12:00:00.000Z` } })
    const first = await ledger.write(connection, undefined, stepTo('open', at('2026-11-20')))
    const second = await ledger.write(connection, first, stepTo('open', at('2026-11-21')))
    await ledger.write(connection, second, stepTo('open', at('2026-11-22')))
    const days = await Array.fromAsync(ledger.entries('2026-11-20', '2026-11-21'))
    expect(days.map(({ entry }) => entry.at.slice(0, 10))).toEqual(['2026-11-20', '2026-11-21'])
  })
})

describe('the index by state', () => {
  const inState = async (state: 'open' | 'applied') =>
    (await Array.fromAsync(ledger.inState(state))).map(({ request }) => subjectId(request.subject))

  it('lists the newest episode of every subject in its state only, first seen first', async () => {
    const earlier = sampleRequest('open', { firstSeenAt: '2026-11-20T08:00:00.000Z' }, other)
    const record = await ledger.write(connection, undefined, stepTo('open'))
    await ledger.write(other, undefined, stepTo('open', { request: earlier }, other))
    expect(await inState('open')).toEqual([other.id.id, connection.id.id])
    const applied = await ledger.write(connection, record, stepTo('applied'))
    expect(await inState('open')).toEqual([other.id.id])
    expect(await inState('applied')).toEqual([connection.id.id])
    const next = sampleRequest('applied', { episode: 2, firstSeenAt: '2026-11-22T08:00:00.000Z' })
    await ledger.write(connection, applied, stepTo('applied', { request: next }))
    expect(await inState('applied')).toEqual([connection.id.id])
    expect(await rowsOf(index, `PartitionKey eq 'state:applied'`)).toHaveLength(1)
  })
})

describe('the indexes', () => {
  it('are all restored by the repair, and only what is missing counts', async () => {
    await ledger.write(connection, undefined, stepTo('open', { notification: sampleNotification() }))
    await ledger.write(other, undefined, stepTo('applied', {}, other))
    const before = await rowsOf(index, `PartitionKey ge ''`)
    const places = (rows: readonly StoredRow[]) =>
      rows.map(({ columns }) => ({ ...columns, timestamp: undefined }))
    expect(before).toHaveLength(7)
    expect(await removeAll(`PartitionKey ge ''`)).toBe(7)
    expect(await ledger.repairIndexes(minuteAgo())).toBe(7)
    expect(places(await rowsOf(index, `PartitionKey ge ''`))).toEqual(places(before))
    await removeAll(`PartitionKey eq 'due'`)
    expect(await ledger.repairIndexes(new Date(Date.now() + 60_000))).toBe(0)
    expect(await ledger.repairIndexes(minuteAgo())).toBe(1)
  })
})

describe('a row that cannot be used', () => {
  const stateRow = async (subject = connection) => {
    const rows = await rowsOf(requests, `RowKey eq 'state'`)
    return rows.find(({ columns }) => columns['subjectId'] === subject.id.id)
  }

  it('is refused with which row, which field, expected, actual, and what to do', async () => {
    await ledger.write(connection, undefined, stepTo('open'))
    await spoil(requests, await stateRow(), { schemaVersion: 2 })
    await expect(ledger.read(connection)).rejects.toThrow(
      new RegExp(
        `^Row "state" of partition "[0-9a-f]{64}" in table "${requests.name}" cannot be used: field "schemaVersion" is 2, expected 1\\. Run the version .+ Otherwise move all rows`,
      ),
    )
  })

  it('keeps neither the others of its target from being listed, nor its target from being named', async () => {
    await ledger.write(connection, undefined, stepTo('open'))
    await ledger.write(other, undefined, stepTo('open', {}, other))
    await spoil(requests, await stateRow(), { request: '{"episode":1}' })
    expect(await namesOn()).toEqual([other.id.id])
    expect(unreadable.map(({ message }) => message)).toEqual([
      expect.stringContaining('field "request.subject" is missing, expected object') as string,
    ])
    await spoil(requests, await stateRow(other), { request: 'x' })
    expect(await ledger.unfinishedTargets()).toEqual([target.id])
    expect(await Array.fromAsync(ledger.records())).toEqual([])
    expect(await Array.fromAsync(ledger.inState('open'))).toEqual([])
    expect(await ledger.repairIndexes(minuteAgo())).toBe(0)
    await expect(ledger.read(other)).rejects.toThrow('field "request" is "x", expected JSON')
  })

  it('of a day is reported, and the other entries are told', async () => {
    const first = await ledger.write(connection, undefined, stepTo('open'))
    await ledger.write(connection, first, stepTo('applied'))
    const [row] = await rowsOf(index, `PartitionKey eq 'day:2026-11-21'`)
    await spoil(index, row, { schemaVersion: 7 })
    expect((await logged()).map(({ entry }) => entry.sequence)).toEqual([2])
    expect(unreadable[0]?.message).toMatch(/is 7, expected 1\..+Delete the row/)
  })

  it('of the log stops whoever asks for that entry, and is no entry of an index', async () => {
    const decisionId = ledger.nextEntryId(connection, undefined, 1)
    await ledger.write(connection, undefined, stepTo('open', { entry: { decisionId } }))
    const [row] = await rowsOf(requests, `RowKey eq 'log:000001'`)
    await spoil(requests, row, { hash: 'x' })
    await expect(ledger.entryOf(decisionId)).rejects.toThrow('field "hash" is "x"')
    await removeAll(`PartitionKey eq 'day:2026-11-21'`)
    expect(await ledger.repairIndexes(minuteAgo())).toBe(0)
    expect(unreadable).toHaveLength(1)
  })
})

describe('a guarded table', () => {
  it.each([
    ['a slash', 'a/b'],
    ['a question mark', 'a?b'],
    ['a tab', 'a\tb'],
    ['nothing', ''],
    ['more than 512 characters', 'a'.repeat(513)],
  ])('refuses a key with %s, which the emulator would take', async (_, rowKey) => {
    await expect(requests.insert({ partitionKey: 'p', rowKey, columns: {} })).rejects.toThrow(/row key/)
  })

  it('refuses a text longer than Azure takes', async () => {
    const row = { partitionKey: 'p', rowKey: 'r', columns: { text: 'x'.repeat(32_001) } }
    await expect(requests.insert(row)).rejects.toThrow(/32001 characters/)
  })

  it('refuses more columns than Azure takes', async () => {
    const columns = Object.fromEntries(Array.from({ length: 253 }, (_, number) => [`c${number}`, 1]))
    await expect(requests.insert({ partitionKey: 'p', rowKey: 'r', columns })).rejects.toThrow(/253 columns/)
  })
})
