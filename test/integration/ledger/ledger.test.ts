import { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Request } from '../../../shared/domain/decision.ts'
import type { ResourceId } from '../../../shared/domain/resource-id.ts'
import { chainHash, chainStart } from '../../../shared/storage/chain.ts'
import { type ChainedEntry, Ledger } from '../../../shared/ledger/ledger.ts'
import { GuardedTable } from '../../../shared/storage/guarded-table.ts'
import { LedgerConflict, type NewEntry } from '../../../shared/ports/ledger.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { id, target } from '../../support/fake-review.ts'

let azurite: Azurite
let ledger: Ledger
let index: GuardedTable
let requests: GuardedTable
let tableCount = 0

beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())

beforeEach(async () => {
  requests = await table('requests')
  index = await table('index')
  ledger = new Ledger(requests, index)
})

async function table(name: string): Promise<GuardedTable> {
  tableCount += 1
  const client = TableClient.fromConnectionString(azurite.connectionString, `${name}${tableCount}`, {
    allowInsecureConnection: true,
  })
  const guarded = new GuardedTable(client)
  await guarded.create()
  return guarded
}

const connectionId = id(`${target.id}/privateEndpointConnections/stlake.1`)
const at = '2026-11-21T08:00:00.000Z'

function request(state: Request['state'], connection: ResourceId = connectionId): Request {
  return {
    connectionId: connection.id,
    targetId: target.id,
    endpointId: undefined,
    episode: 1,
    state,
    firstSeenAt: at,
    decisionId: 'd',
    reason: { code: 'no-rule-matched', sentence: 'No rule matched.' },
    refusedRule: undefined,
    caseId: undefined,
  }
}

function entry(state: Request['state'], change: Partial<NewEntry> = {}): NewEntry {
  return {
    kind: 'escalated',
    state,
    at,
    decisionId: 'd',
    actor: { kind: 'policy' },
    reason: { code: 'no-rule-matched', sentence: 'No rule matched.' },
    outcome: 'escalate',
    proof: undefined,
    groupIds: undefined,
    requesterSaid: undefined,
    decidedBy: undefined,
    nearest: undefined,
    audited: [],
    ruleSetHash: undefined,
    caseId: undefined,
    firstSeenAt: at,
    secondsSinceFirstSeen: 0,
    correlationId: undefined,
    ...change,
  }
}

async function logged(day = '2026-11-21'): Promise<ChainedEntry[]> {
  return Array.fromAsync(ledger.entries(day, day))
}

describe('the ledger', () => {
  it('gives back what was written, in any case of the id', async () => {
    await ledger.write(connectionId, undefined, request('escalated'), entry('escalated'))
    const upper = id(connectionId.id.toUpperCase())
    expect((await ledger.read(upper))?.request).toMatchObject({
      state: 'escalated',
      connectionId: connectionId.id,
    })
  })

  it('knows nothing of a connection that was never seen', async () => {
    expect(await ledger.read(connectionId)).toBeUndefined()
  })

  it('lets exactly one of twenty first writers win and tells the others', async () => {
    const tries = Array.from({ length: 20 }, () =>
      ledger.write(connectionId, undefined, request('approving'), entry('approving')),
    )
    const outcomes = await Promise.allSettled(tries)
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(lost).toHaveLength(19)
    for (const { reason } of lost) expect(reason).toBeInstanceOf(LedgerConflict)
    expect(await logged()).toHaveLength(1)
  })

  it('lets exactly one of two writers go on from the same state', async () => {
    const first = await ledger.write(connectionId, undefined, request('approving'), entry('approving'))
    const outcomes = await Promise.allSettled([
      ledger.write(connectionId, first, request('approved'), entry('approved')),
      ledger.write(connectionId, first, request('escalated'), entry('escalated')),
    ])
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await logged()).toHaveLength(2)
  })

  it('chains each entry to the one before, over the exact text that is stored', async () => {
    const first = await ledger.write(connectionId, undefined, request('approving'), entry('approving'))
    await ledger.write(connectionId, first, request('approved'), entry('approved'))
    const [one, two] = await logged()
    expect(one?.previousHash).toBe(chainStart)
    expect(two?.previousHash).toBe(one?.hash)
    expect(two?.hash).toBe(chainHash(one?.hash ?? '', JSON.stringify(two?.entry)))
  })

  it('numbers entries by connection and names decisions so that they can be found', () => {
    const name = ledger.nextDecisionId(connectionId, undefined, 2)
    expect(name).toMatch(/^[0-9a-f]{20}\.2\.1$/)
  })

  it('lists what is open on a target, and nothing that is settled', async () => {
    const other = id(`${target.id}/privateEndpointConnections/stlake.2`)
    await ledger.write(connectionId, undefined, request('escalated'), entry('escalated'))
    await ledger.write(other, undefined, request('approved', other), entry('approved'))
    const open = await ledger.openOn(target)
    expect(open.map((record) => record.request.connectionId)).toEqual([connectionId.id])
  })

  it('names each target with something open once', async () => {
    const other = id(`${target.id}/privateEndpointConnections/stlake.2`)
    expect(await ledger.openTargets()).toEqual([])
    await ledger.write(connectionId, undefined, request('escalated'), entry('escalated'))
    const record = await ledger.write(other, undefined, request('escalated', other), entry('escalated'))
    expect(await ledger.openTargets()).toEqual([target.id])
    await ledger.write(other, record, request('approved', other), entry('approved'))
    expect(await ledger.openTargets()).toEqual([target.id])
  })

  it('finds an entry under its day again after a crash left the index row out', async () => {
    await ledger.write(connectionId, undefined, request('escalated'), entry('escalated'))
    for await (const row of index.query(`PartitionKey eq 'day:2026-11-21'`)) {
      await index.remove(String(row.columns['partitionKey']), String(row.columns['rowKey']), row.etag)
    }
    expect(await logged()).toEqual([])
    expect(await ledger.repairIndexes(new Date(Date.now() - 60_000))).toBe(1)
    expect(await logged()).toHaveLength(1)
    expect(await ledger.repairIndexes(new Date(Date.now() - 60_000))).toBe(0)
  })

  it('tells the newest episode of every connection', async () => {
    const other = id(`${target.id}/privateEndpointConnections/stlake.2`)
    const first = await ledger.write(connectionId, undefined, request('escalated'), entry('escalated'))
    const second = await ledger.write(connectionId, first, request('approved'), entry('approved'))
    const third = await ledger.write(other, undefined, request('rejected', other), entry('rejected'))
    const records = await Array.fromAsync(ledger.records())
    expect(records.toSorted((a, b) => (a.request.connectionId < b.request.connectionId ? -1 : 1))).toEqual([
      second,
      third,
    ])
  })

  it('finds the entry of a decision by its id alone, and nothing by what is none', async () => {
    const decisionId = ledger.nextDecisionId(connectionId, undefined, 1)
    const before = await ledger.write(
      connectionId,
      undefined,
      request('escalated'),
      entry('escalated', { decisionId }),
    )
    await ledger.write(connectionId, before, request('approved'), entry('approved', { decisionId: 'other' }))
    expect(await ledger.entryOf(decisionId)).toMatchObject({ decisionId, sequence: 1, state: 'escalated' })
    const start = decisionId.split('.')[0] ?? ''
    for (const odd of [`${start}.1.2`, `${start}.2.1`, `${start}.1`, "x' or 1 eq 1", '']) {
      expect(await ledger.entryOf(odd)).toBeUndefined()
    }
  })

  it('keeps what the requester wrote as it is, whatever it is', async () => {
    const requesterSaid = `');DROP <script>\u202E\u0000 ${'é'.repeat(300)}`
    await ledger.write(connectionId, undefined, request('escalated'), entry('escalated', { requesterSaid }))
    expect((await logged())[0]?.entry.requesterSaid).toBe(requesterSaid)
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
