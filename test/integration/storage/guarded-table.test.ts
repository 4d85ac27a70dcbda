import { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { GuardedTable, RowChanged, type Step } from '../../../shared/storage/guarded-table.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'

let azurite: Azurite
let client: TableClient
let table: GuardedTable
let tables = 0
beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())
beforeEach(async () => {
  client = TableClient.fromConnectionString(azurite.connectionString, `guarded${tables++}`, {
    allowInsecureConnection: true,
    retryOptions: { maxRetries: 0 },
  })
  table = new GuardedTable(client)
  await table.create()
})

const rowOf = (rowKey: string, columns: Record<string, string | number> = {}) => ({
  partitionKey: 'p',
  rowKey,
  columns,
})
const insert = (rowKey: string, columns = {}): Step => ({ kind: 'insert', row: rowOf(rowKey, columns) })
const remove = (rowKey: string, etag: string): Step => ({ kind: 'remove', partitionKey: 'p', rowKey, etag })

async function keys(): Promise<unknown[]> {
  const rows = await Array.fromAsync(table.query("PartitionKey eq 'p'"))
  return rows.map(({ columns }) => columns['rowKey'])
}

describe('a transaction', () => {
  it('inserts, replaces and removes, and tells the ETags in the order of its steps', async () => {
    const a = await table.insert(rowOf('a', { x: 1 }))
    const b = await table.insert(rowOf('b'))
    const etags = await table.transaction([
      { kind: 'replace', row: rowOf('a', { x: 2 }), etag: a },
      remove('b', b),
      insert('c', { text: `"(delete)":true} "\r\n--changeset_` }),
    ])
    expect(await keys()).toEqual(['a', 'c'])
    expect(etags[0]).toBe((await table.read('p', 'a'))?.etag)
    expect(etags[2]).toBe((await table.read('p', 'c'))?.etag)
    expect((await table.read('p', 'a'))?.columns).toMatchObject({ x: 2 })
    expect((await table.read('p', 'c'))?.columns).toMatchObject({
      text: `"(delete)":true} "\r\n--changeset_`,
    })
  })

  it('removes nothing, and writes nothing else, when a row to be removed was changed', async () => {
    const old = await table.insert(rowOf('a'))
    const b = await table.insert(rowOf('b'))
    await table.replace(rowOf('a', { x: 2 }), old)
    await expect(table.transaction([insert('c'), remove('b', b), remove('a', old)])).rejects.toThrow(
      RowChanged,
    )
    expect(await keys()).toEqual(['a', 'b'])
  })

  it('is refused when a row to be removed is gone', async () => {
    const etag = await table.insert(rowOf('a'))
    await table.remove('p', 'a', etag)
    await expect(table.transaction([insert('b'), remove('a', etag)])).rejects.toThrow(RowChanged)
    expect(await keys()).toEqual([])
  })

  it.each(["it's", 'é', '😀', 'a b', '%20', 'x+y&z=1', '~', '(x)'])(
    'removes a row whose key %j this app would never write',
    async (rowKey) => {
      await client.createEntity({ partitionKey: 'p', rowKey })
      const [found] = await Array.fromAsync(table.query("PartitionKey eq 'p'"))
      await table.transaction([remove(rowKey, found?.etag ?? ''), insert('after')])
      expect(await keys()).toEqual(['after'])
    },
  )

  it('is the same when two guards stand before one client', async () => {
    const second = new GuardedTable(client)
    const etag = await second.insert(rowOf('a'))
    await second.transaction([remove('a', etag)])
    expect(await keys()).toEqual([])
  })
})

describe('what Azure would refuse and the emulator takes', () => {
  it('is refused before anything is sent: a row of more than 1 MiB', async () => {
    const columns = Object.fromEntries(
      Array.from({ length: 17 }, (_, index) => [`c${index}`, 'x'.repeat(32_000)]),
    )
    await expect(table.insert(rowOf('a', columns))).rejects.toThrow(
      'The row "a" has 1088294 bytes; 1048576 are the most.',
    )
  })

  it('a transaction of more than 4 MB, or of more than 100 steps', async () => {
    const columns = Object.fromEntries(
      Array.from({ length: 16 }, (_, index) => [`c${index}`, '€'.repeat(30_000)]),
    )
    await expect(
      table.transaction([insert('a', columns), insert('b', columns), insert('c', columns)]),
    ).rejects.toThrow(/^A transaction has 43\d{5} bytes; 4000000 are the most\.$/)
    await expect(
      table.transaction(Array.from({ length: 101 }, (_, index) => insert(`r${index}`))),
    ).rejects.toThrow('A transaction has 101 steps; 100 are the most.')
    expect(await keys()).toEqual([])
  })

  it.each(['a-b', '1a', 'x'.repeat(256), 'ä', ''])('a column named %j', async (name) => {
    await expect(table.insert(rowOf('a', { [name]: 1 }))).rejects.toThrow(/^The column "/)
  })

  it.each(['', 'a/b', 'é', 'a\nb', 'x'.repeat(513)])('a row key %j', async (rowKey) => {
    await expect(table.insert(rowOf(rowKey))).rejects.toThrow(/^The row key "/)
  })
})

describe('changing a row', () => {
  const count = (step = 1) =>
    table.change('p', 'counter', (row) => {
      const next = Number(row?.columns['n'] ?? 0) + step
      return { write: { n: next }, result: next }
    })

  it('counts right for all who change it at once', async () => {
    const results = await Promise.all(Array.from({ length: 10 }, () => count()))
    expect(results.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  it('writes nothing when it is to be kept', async () => {
    await count()
    const before = await table.read('p', 'counter')
    expect(await table.change('p', 'counter', () => ({ write: 'keep', result: 'kept' }))).toBe('kept')
    expect(await table.read('p', 'counter')).toEqual(before)
  })

  it('removes it, and does not mind when it is not there', async () => {
    await count()
    await table.change('p', 'counter', () => ({ write: 'remove', result: 0 }))
    await table.change('p', 'counter', () => ({ write: 'remove', result: 0 }))
    expect(await keys()).toEqual([])
  })
})

describe('a table that does not exist', () => {
  it('is not taken for a missing row', async () => {
    await client.deleteTable()
    await expect(table.read('p', 'a')).rejects.toMatchObject({ statusCode: 404 })
    await expect(table.transaction([insert('a')])).rejects.not.toThrow(RowChanged)
  })
})
