import { TableClient } from '@azure/data-tables'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BurstWindow } from '../../../shared/domain/burst.ts'
import { Bursts } from '../../../shared/ledger/bursts.ts'
import { Checkpoints } from '../../../shared/ledger/checkpoints.ts'
import { GuardedTable, type StoredRow } from '../../../shared/storage/guarded-table.ts'
import { countRequest } from '../../../shared/policy/index.ts'
import type { BurstCounterKey, BurstsPort } from '../../../shared/ports/bursts.ts'
import { LedgerConflict } from '../../../shared/ports/ledger.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { factory, id } from '../../support/fake-review.ts'

const now = Date.parse('2026-11-21T08:00:00Z')
const windowMs = 600_000
const counterKey: BurstCounterKey = { source: `requester:${factory.key}`, outcome: 'approve' }
let azurite: Azurite
let client: TableClient
let tableCount = 0

beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())
afterEach(() => {
  vi.restoreAllMocks()
})

beforeEach(async () => {
  tableCount += 1
  client = TableClient.fromConnectionString(azurite.connectionString, `bursts${tableCount}`, {
    allowInsecureConnection: true,
  })
  await client.createTable()
})

/** Another instance of the app on the same table. */
const worker = () => new Bursts(new GuardedTable(client))

async function count(bursts: BurstsPort, name: string, max = 3, at = now, asked = counterKey) {
  const toCount = { key: name, at, decisionId: name, isRelease: false }
  return (await bursts.change(asked, (before) => countRequest(before, toCount, { max, windowMs }))).caseId
}

/** What is remembered now. */
async function remembered(asked = counterKey): Promise<BurstWindow | undefined> {
  let found: BurstWindow | undefined
  await worker().change(asked, (before) => {
    found = before
    return { window: before ?? { counted: [], caseId: undefined, overAt: undefined } }
  })
  return found
}

describe('what is remembered of a source', () => {
  it('is there again as it was written, for every instance', async () => {
    const bursts = worker()
    for (const name of ['a', 'b', 'c', 'd']) await count(bursts, name)
    expect(await remembered()).toEqual({
      counted: ['a', 'b', 'c', 'd'].map((key) => ({ key, at: now, isOver: key === 'd' })),
      caseId: 'd',
      overAt: now,
    })
    expect(await count(worker(), 'e')).toBe('d')
  })

  it('is one row for each thing that the policy says, and none of another source', async () => {
    const bursts = worker()
    const counterKeys: BurstCounterKey[] = [
      counterKey,
      { ...counterKey, outcome: 'reject' },
      { ...counterKey, outcome: 'escalate' },
      { ...counterKey, source: 'target:/subscriptions/x/ÅÄ?#\\' },
    ]
    for (const asked of counterKeys) expect(await count(bursts, 'a', 1, now, asked)).toBeUndefined()
    for (const asked of counterKeys) expect((await remembered(asked))?.counted).toHaveLength(1)
  })

  it('knows a request by its connection, in whatever case, and its episode', () => {
    const bursts = worker()
    const shouted = id(factory.id.replace('adf-sales', 'ADF-SALES'))
    expect(bursts.requestKey(factory, 1)).toMatch(/^[\w-]{16}$/)
    expect(bursts.requestKey(shouted, 1)).toBe(bursts.requestKey(factory, 1))
    expect(bursts.requestKey(factory, 2)).not.toBe(bursts.requestKey(factory, 1))
  })

  it('is not written again when a request is known', async () => {
    await count(worker(), 'a')
    const [before] = await rows()
    await count(worker(), 'a')
    expect((await rows())[0]?.etag).toBe(before?.etag)
  })

  it('fits into its row at the highest limit, whatever comes', async () => {
    const bursts = worker()
    const max = 1_000
    const counted = Array.from({ length: max + 1 }, (_, index) => ({
      key: `key${String(index).padStart(13, '-')}`,
      at: Date.parse('2058-01-01T00:00:00Z'),
      isOver: true,
    }))
    await bursts.change(counterKey, () => ({ window: { counted, caseId: 'x'.repeat(60), overAt: now } }))
    expect((await remembered())?.counted).toEqual(counted)
  })

  it('that somebody wrote by hand and that cannot be read counts for nobody', async () => {
    await count(worker(), 'a')
    const [row] = await rows()
    await client.updateEntity({ ...keysOf(row), counted: 'garbage' }, 'Merge', { etag: '*' })
    await expect(count(worker(), 'b')).rejects.toThrow(/"counted.0" is "garbage"/)
  })

  it('is removed when it is old, unless somebody has written since', async () => {
    await count(worker(), 'a')
    await count(worker(), 'a', 3, now, { ...counterKey, outcome: 'reject' })
    expect(await worker().forgetBefore(new Date(now), () => Promise.resolve(false))).toBe(0)
    await count(worker(), 'b', 3, now + 1000, { ...counterKey, outcome: 'reject' })
    expect(await worker().forgetBefore(new Date(now + 1), () => Promise.resolve(false))).toBe(1)
    expect((await rows()).map(({ rowKey }) => rowKey)).toEqual(['reject'])
  })
})

describe('instances that count at the same source at once', () => {
  it('agree on one case, which the first over the limit opens', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `r${index}`)
    const cases = await Promise.all(names.map((name) => count(worker(), name, 5)))
    const over = cases.filter((caseId) => caseId !== undefined)
    expect(over).toHaveLength(35)
    expect(new Set(over).size).toBe(1)
    expect(names.filter((name, index) => cases[index] === name)).toHaveLength(1)
  })

  it('count a request once although both look at it', async () => {
    await Promise.all(Array.from({ length: 10 }, () => count(worker(), 'same')))
    expect((await remembered())?.counted).toHaveLength(1)
  })

  it('come back later, with nothing counted, when somebody always writes in between', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    await count(worker(), 'a')
    await expect(count(new Bursts(new AlwaysTooLate(client)), 'b')).rejects.toThrow(LedgerConflict)
    expect((await remembered())?.counted.map(({ key }) => key)).toEqual(['a'])
  })
})

/** Somebody else writes each row between the reading and the writing. */
class AlwaysTooLate extends GuardedTable {
  override async read(partitionKey: string, rowKey: string): Promise<StoredRow | undefined> {
    const row = await super.read(partitionKey, rowKey)
    return row && { ...row, etag: `W/"datetime'2020-01-01T00%3A00%3A00.0000000Z'"` }
  }
}

describe('an attacker who asks six hundred times at once', () => {
  const names = Array.from({ length: 600 }, (_, index) => `r${index}`)

  it('does not make the counter contend: an instance writes once for each request', async () => {
    const bursts = worker()
    let decided = 0
    await Promise.all(
      names.map((key) =>
        bursts.change(counterKey, (before) => {
          decided += 1
          return countRequest(
            before,
            { key, at: now, decisionId: key, isRelease: false },
            { max: 50, windowMs },
          )
        }),
      ),
    )
    expect(decided).toBe(600)
    expect((await remembered())?.counted).toHaveLength(51)
  })

  it('gets fifty answers and one case from five instances, and makes none of them fail', async () => {
    const instances = Array.from({ length: 5 }, worker)
    const cases = await Promise.all(
      names.map((name, index) => count(instances[index % 5] ?? worker(), name, 50)),
    )
    expect(cases.filter((caseId) => caseId === undefined)).toHaveLength(50)
    expect(new Set(cases.filter((caseId) => caseId !== undefined)).size).toBe(1)
  })

  it('leaves no queue behind when one of the requests fails', async () => {
    const bursts = worker()
    const failing = bursts.change(counterKey, () => {
      throw new Error('broken')
    })
    const after = count(bursts, 'a')
    await expect(failing).rejects.toThrow('broken')
    expect(await after).toBeUndefined()
  })
})

describe('a row that this version does not know', () => {
  it.each([
    ['of another version', { schemaVersion: 2 }, 'schemaVersion'],
    ['without a version', { schemaVersion: '' }, 'schemaVersion'],
    ['with a time that is none', { overAt: 'yesterday' }, 'overAt'],
  ])('%s counts nothing, and says so in words', async (_, change, column) => {
    await count(worker(), 'a')
    const [row] = await rows()
    await client.updateEntity({ ...keysOf(row), ...change }, 'Merge')
    const counting = count(worker(), 'b')
    await expect(counting).rejects.toThrow(column)
    await expect(counting).rejects.toThrow('Delete the row')
  })
})

describe('a checkpoint', () => {
  it('is read as it was written, and as none when another version wrote it', async () => {
    const checkpoints = new Checkpoints(new GuardedTable(client))
    expect(await checkpoints.read('evaluated-by')).toBeUndefined()
    await checkpoints.write('evaluated-by', 'list-1')
    expect(await checkpoints.read('evaluated-by')).toBe('list-1')
    const [row] = await rows()
    await client.updateEntity({ ...keysOf(row), schemaVersion: 2 }, 'Merge')
    expect(await checkpoints.read('evaluated-by')).toBeUndefined()
  })
})

async function rows() {
  const found = []
  for await (const row of client.listEntities()) found.push(row)
  return found
}

function keysOf(row: { partitionKey?: string | undefined; rowKey?: string | undefined } | undefined) {
  return { partitionKey: row?.partitionKey ?? '', rowKey: row?.rowKey ?? '' }
}
