import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AllowListStore } from '../../../shared/allow-list/table/store.ts'
import { GuardedTable } from '../../../shared/storage/guarded-table.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { type Row, row, serviceColumns } from '../../unit/allow-list/given.ts'

let azurite: Azurite
let tables = 0
beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())

async function tableWith(rows: readonly Row[]): Promise<TableClient> {
  const table = clientOf(azurite.connectionString, `rules${tables++}`)
  await table.createTable()
  for (const entity of rows) await table.createEntity(entity)
  return table
}

function clientOf(connectionString: string, name: string): TableClient {
  return TableClient.fromConnectionString(connectionString, name, {
    allowInsecureConnection: true,
    retryOptions: { maxRetries: 0 },
  })
}

/** Looks at the table at each call. */
function storeOn(table: TableClient): AllowListStore {
  return new AllowListStore(new GuardedTable(table), { cacheMilliseconds: 0 })
}

describe('the allow-list in a table', () => {
  it('is complete and without rules when the table is empty', async () => {
    const set = await storeOn(await tableWith([])).load()
    expect(set).toMatchObject({ complete: true, rules: [] })
  })

  it('gives every rule, lowest id first, under a hash that follows the contents', async () => {
    const table = await tableWith([
      row({ rowKey: 'b' }),
      row({ rowKey: 'a', version: 7, validUntil: new Date('2030-01-01T00:00:00Z') }),
    ])
    const store = storeOn(table)
    const first = await store.load()
    expect(first).toMatchObject({
      complete: true,
      rules: [{ id: 'a', version: 7, validUntil: '2030-01-01T00:00:00.000Z' }, { id: 'b' }],
    })
    expect(await store.load()).toEqual(first)

    await table.updateEntity({ partitionKey: 'rule', rowKey: 'b', effect: 'deny' }, 'Merge', { etag: '*' })
    const second = await store.load()
    expect(second).toMatchObject({ complete: true, rules: [{ id: 'a' }, { id: 'b', effect: 'deny' }] })
    expect(first.complete && second.complete && first.hash !== second.hash).toBe(true)
  })

  it('is read over all its pages', async () => {
    const table = await tableWith([])
    const rows = Array.from({ length: 1050 }, (_, index) =>
      row({ rowKey: `r${String(index).padStart(4, '0')}` }),
    )
    for (let from = 0; from < rows.length; from += 100)
      await table.submitTransaction(rows.slice(from, from + 100).map((entity) => ['create', entity]))
    const set = await storeOn(table).load()
    expect(set.complete && set.rules.map(({ id }) => id)).toEqual(rows.map(({ rowKey }) => rowKey))
  })

  it('is not complete when one row is no rule, and says which and why', async () => {
    const set = await storeOn(await tableWith([row(), row({ rowKey: 'typo', effect: 'dney' })])).load()
    expect(set).toEqual({
      complete: false,
      problem: '1 of 2 rows cannot be used. Row "typo": effect is "dney"; it must be allow, ask or deny.',
    })
  })

  it('names the first three rows that are no rules and counts the rest', async () => {
    const set = await storeOn(
      await tableWith(['a', 'b', 'c', 'd', 'e'].map((rowKey) => row({ rowKey, effect: 'x' }))),
    ).load()
    const problem = set.complete ? '' : set.problem
    expect(problem).toMatch(/^5 of 5 rows cannot be used\. Row "a".* Row "b".* Row "c".* And 2 more\.$/)
  })

  it('is not complete when a row lies in another partition, where a deny would be overlooked', async () => {
    const set = await storeOn(await tableWith([row(), row({ partitionKey: 'rules', effect: 'deny' })])).load()
    expect(set).toMatchObject({
      complete: false,
      problem: expect.stringContaining('PartitionKey is "rules"; it must be rule.') as string,
    })
  })
})

describe('an allow-list that cannot be read', () => {
  it('is not complete when the table does not exist', async () => {
    const set = await storeOn(clientOf(azurite.connectionString, 'missing')).load()
    expect(set).toEqual({ complete: false, problem: 'Table missing cannot be read: 404 TableNotFound.' })
  })

  it('is not complete when nobody answers', async () => {
    const gone = azurite.connectionString.replace(
      /TableEndpoint=http:\/\/127\.0\.0\.1:\d+/,
      'TableEndpoint=http://127.0.0.1:1',
    )
    const set = await storeOn(clientOf(gone, 'rules')).load()
    expect(set).toEqual({ complete: false, problem: 'Table rules cannot be read: ECONNREFUSED.' })
  })

  describe('when its second page fails', () => {
    let server: Server
    beforeAll(async () => {
      server = createServer((request, response) => {
        const isSecondPage = request.url?.includes('NextPartitionKey') ?? false
        response.writeHead(isSecondPage ? 403 : 200, {
          'content-type': 'application/json;odata=minimalmetadata',
          ...(!isSecondPage && {
            'x-ms-continuation-NextPartitionKey': 'rule',
            'x-ms-continuation-NextRowKey': 'b',
          }),
        })
        const { partitionKey: PartitionKey, rowKey: RowKey, ...columns } = row({ rowKey: 'a' })
        const forbidden = {
          'odata.error': { code: 'AuthorizationFailure', message: { lang: 'en-US', value: 'no' } },
        }
        response.end(
          JSON.stringify(
            isSecondPage
              ? forbidden
              : { value: [{ 'odata.etag': serviceColumns.etag, PartitionKey, RowKey, ...columns }] },
          ),
        )
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    })
    afterAll(() => new Promise((resolve) => server.close(resolve)))

    it('is not complete, although the first page held good rules', async () => {
      const { port } = server.address() as AddressInfo
      const half = azurite.connectionString.replace(
        /TableEndpoint=http:\/\/127\.0\.0\.1:\d+/,
        `TableEndpoint=http://127.0.0.1:${port}`,
      )
      const set = await storeOn(clientOf(half, 'rules')).load()
      expect(set).toEqual({
        complete: false,
        problem: 'Table rules cannot be read: 403 AuthorizationFailure.',
      })
    })
  })
})
