import { setTimeout as wait } from 'node:timers/promises'
import type { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AllowListStore, type AllowListStoreOptions } from '../../../shared/allow-list/table/store.ts'
import { GuardedTable } from '../../../shared/storage/guarded-table.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { onlyRules, row } from '../../unit/allow-list/given.ts'
import { adminOf, applied, author, clientOf, newTable, requestsOf, rule, rules } from './given.ts'

let azurite: Azurite
let table: TableClient
beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())
beforeEach(async () => {
  table = await newTable(azurite.connectionString)
})

function storeOn(client: TableClient, options: AllowListStoreOptions = { cacheMilliseconds: 0 }) {
  return new AllowListStore(new GuardedTable(client), options)
}

/** Keeps back what the service answers to this client until it is released. */
function holdResponses(client: TableClient): {
  readonly response: Promise<unknown>
  readonly release: () => void
} {
  const came = Promise.withResolvers<undefined>()
  const released = Promise.withResolvers<undefined>()
  client.pipeline.addPolicy({
    name: 'holdResponses',
    async sendRequest(request, next) {
      const response = await next(request)
      came.resolve(undefined)
      await released.promise
      return response
    },
  })
  return {
    response: came.promise,
    release: () => {
      released.resolve(undefined)
    },
  }
}

describe('reading the list again', () => {
  it('gives the very same set without a request while it is young', async () => {
    await table.createEntity(row())
    const store = storeOn(table, { cacheMilliseconds: 60_000 })
    const first = await store.load()
    const sent = requestsOf(table)
    expect(await store.load()).toBe(first)
    expect(sent).toEqual([])
  })

  it('lists keys only, and gives the very same set, when nothing changed', async () => {
    await applied(table, rules(3))
    const store = storeOn(table)
    const first = await store.load()
    const sent = requestsOf(table)
    expect(await store.load()).toBe(first)
    expect(sent.toSorted()).toEqual([
      "GET PartitionKey eq 'rule' and RowKey ge '~log;' (keys)",
      "GET PartitionKey eq 'rule' and RowKey lt '~log:' (keys)",
      "GET PartitionKey gt 'rule' (keys)",
      "GET PartitionKey lt 'rule' (keys)",
    ])
  })

  it('fetches what is new or changed, drops what is gone, and keeps the rest', async () => {
    for (const rowKey of ['a', 'b', 'c']) await table.createEntity(row({ rowKey }))
    const store = storeOn(table)
    const first = await store.load()
    await table.updateEntity({ partitionKey: 'rule', rowKey: 'b', effect: 'deny' }, 'Merge', { etag: '*' })
    await table.deleteEntity('rule', 'c')
    await table.createEntity(row({ rowKey: 'd' }))
    const sent = requestsOf(table)
    const second = await store.load()
    expect(second).toMatchObject({ rules: [{ id: 'a' }, { id: 'b', effect: 'deny' }, { id: 'd' }] })
    expect(sent.filter((request) => !request.endsWith('(keys)')).toSorted()).toEqual([
      'GET rule/b',
      'GET rule/d',
    ])
    expect(first.complete && second.complete && first.rules[0] === second.rules[0]).toBe(true)
  })

  it('gives the very same set when a row was written again with the same contents', async () => {
    await table.createEntity(row())
    const store = storeOn(table)
    const first = await store.load()
    await table.updateEntity(row(), 'Replace', { etag: '*' })
    expect(await store.load()).toBe(first)
  })

  it('is one reading for all who ask at once', async () => {
    await table.createEntity(row())
    const store = storeOn(table)
    const sent = requestsOf(table)
    const sets = await Promise.all(Array.from({ length: 20 }, () => store.load()))
    expect(new Set(sets).size).toBe(1)
    expect(sent).toHaveLength(9)
  })

  it('is read anew for who asks when a reading under way began too long ago', async () => {
    await applied(table, rules(2))
    const store = storeOn(table, { cacheMilliseconds: 50 })
    await store.load()
    const held = holdResponses(table)
    await wait(60)
    const early = store.load()
    await held.response
    await applied(clientOf(azurite.connectionString, table.tableName), [rule('deny', { effect: 'deny' })])
    await wait(60)
    const late = store.load()
    held.release()
    expect(await early).toMatchObject({ complete: true })
    expect(await late).toMatchObject({ complete: true, rules: [{ id: 'deny' }] })
  })

  it('reads a long list in several places at once, each row once', async () => {
    await applied(table, rules(2000))
    const store = storeOn(table)
    const first = await store.load()
    const sent = requestsOf(table)
    expect(await store.load()).toBe(first)
    expect(
      sent.filter((request) => request.includes("RowKey ge 'r0900' and RowKey lt 'r1800'")),
    ).toHaveLength(1)
    expect(first.complete && first.rules.map(({ id }) => id)).toEqual(rules(2000).map(({ id }) => id))
  })

  it('does not use an older set when the table cannot be read, and reads on when it can', async () => {
    await table.createEntity(row())
    const store = storeOn(table)
    const first = await store.load()
    let isDown = true
    table.pipeline.addPolicy({
      name: 'down',
      sendRequest: (request, next) => (isDown ? Promise.reject(new Error('no route')) : next(request)),
    })
    expect(await store.load()).toEqual({
      complete: false,
      problem: `Table ${table.tableName} cannot be read: no route.`,
    })
    isDown = false
    expect(await store.load()).toBe(first)
  })

  it('does not keep a set that is not complete', async () => {
    await table.createEntity(row({ effect: 'dney' }))
    const store = storeOn(table, { cacheMilliseconds: 60_000 })
    expect(await store.load()).toMatchObject({ complete: false })
    await table.updateEntity(row(), 'Replace', { etag: '*' })
    expect(await store.load()).toMatchObject({ complete: true })
  })

  it('reads no entry of the log, however long it is', async () => {
    await applied(table, rules(60))
    await applied(table, [])
    const sent = requestsOf(table)
    expect(await storeOn(table).load()).toMatchObject({ complete: true, rules: [] })
    expect(sent.filter((request) => request.includes("ge '~log:'"))).toEqual([])
  })
})

describe('a rule that is moved while the list is read', () => {
  it('is never missed in both places', async () => {
    await table.createEntity(row({ rowKey: 'z-deny', effect: 'deny', requester: '' }))
    let isMoved = false
    table.pipeline.addPolicy({
      name: 'moveInBetween',
      async sendRequest(request, next) {
        const response = await next(request)
        // The first listing has passed "a" by now, and comes to "z" only after the move.
        if (!isMoved && request.url.includes('lt')) {
          isMoved = true
          const other = clientOf(azurite.connectionString, table.tableName)
          await other.createEntity(row({ rowKey: 'a-deny', effect: 'deny', requester: '' }))
          await other.deleteEntity('rule', 'z-deny')
        }
        return response
      },
    })
    expect(await storeOn(table).load()).toMatchObject({ complete: true, rules: [{ id: 'a-deny' }] })
  })
})

describe('rows that are neither rules nor the list’s own', () => {
  it.each(['~', '~deny-all', '~heae', '~heae:x', '~log', '~logs', '~~', 'é', 'дени', '😀', ' x', '!'])(
    'are seen under the row key %j',
    async (rowKey) => {
      await applied(table, [rule('a')])
      await table.createEntity(row({ rowKey, effect: 'deny' }))
      expect(await storeOn(table).load()).toMatchObject({
        complete: false,
        problem: expect.stringContaining(
          `1 of 2 rows cannot be used. Row ${JSON.stringify(rowKey)}`,
        ) as string,
      })
    },
  )

  it.each(['a', 'rul', 'rule ', 'rulé', 'Rule', 'zz', '~', ''])(
    'are seen in the partition %j',
    async (partitionKey) => {
      await table.createEntity(row({ partitionKey }))
      expect(await storeOn(table).load()).toMatchObject({ complete: false })
    },
  )

  it('are seen when the head of the list is broken, and apply fixes it', async () => {
    await applied(table, [rule('a')])
    await table.updateEntity({ partitionKey: 'rule', rowKey: '~head', sequence: 'x' }, 'Merge', { etag: '*' })
    expect(await storeOn(table).load()).toMatchObject({
      complete: false,
      problem: expect.stringContaining('Row "~head": sequence is not as apply writes it') as string,
    })
    await applied(table, [rule('a'), rule('b')])
    expect(await storeOn(table).load()).toMatchObject({ complete: true, rules: [{ id: 'a' }, { id: 'b' }] })
    expect(await adminOf(table).verifyHistory()).toEqual({ sound: 2, broken: undefined })
  })
})

describe('a row with a column that is named like a key or the ETag', () => {
  const sdkNames = { etaX: 'etag', rowKeX: 'rowKey', partitionKeX: 'partitionKey', timestamX: 'timestamp' }

  it.each(Object.entries(sdkNames))(
    'as %j is none of the list, and apply fixes it',
    async (spelled, column) => {
      await applied(table, [rule('deny', { effect: 'deny' }), rule('a')])
      const other = clientOf(azurite.connectionString, table.tableName)
      other.pipeline.addPolicy({
        name: 'rename',
        sendRequest(request, next) {
          if (typeof request.body === 'string')
            request.body = request.body.replace(`"${spelled}"`, `"${column}"`)
          return next(request)
        },
      })
      await other.createEntity(row({ rowKey: 'zz', [spelled]: 'deny' }))
      expect(await storeOn(table).load()).toEqual({
        complete: false,
        problem: expect.stringContaining(
          `1 of 3 rows cannot be used. Row "zz": "column ${column}" is not a column of a rule`,
        ) as string,
      })
      await applied(table, [rule('deny', { effect: 'deny' }), rule('zz')])
      expect(await storeOn(table).load()).toMatchObject({
        complete: true,
        rules: [{ id: 'deny', effect: 'deny' }, { id: 'zz' }],
      })
      expect((await adminOf(table).verifyHistory()).broken).toBeUndefined()
    },
  )
})

it('a list that is changed at each reading is not complete, and says where it is changed', async () => {
  await table.createEntity(row({ rowKey: 'restless' }))
  const other = clientOf(azurite.connectionString, table.tableName)
  table.pipeline.addPolicy({
    name: 'changeBeforeEachListing',
    async sendRequest(request, next) {
      if (request.url.includes('select'))
        await other.updateEntity(row({ rowKey: 'restless' }), 'Replace', { etag: '*' })
      return next(request)
    },
  })
  expect(await storeOn(table).load()).toEqual({
    complete: false,
    problem: `Table ${table.tableName} cannot be read: it was changed at each read, of late in row "rule/restless".`,
  })
})

describe('an apply that is under way', () => {
  const underWay = { applyingSince: '2026-11-21T08:00:00.000Z' }
  const atOnce = { cacheMilliseconds: 0, deadlineMilliseconds: 1 }

  it('keeps the list from deciding, says who left it unfinished and how to fix it', async () => {
    await applied(table, [rule('a')])
    await table.updateEntity({ partitionKey: 'rule', rowKey: '~head', ...underWay }, 'Merge', { etag: '*' })
    const set = await storeOn(table, atOnce).load()
    expect(set.complete ? '' : set.problem).toMatch(
      /^An apply to table list\d+ is not finished: by "jo@contoso\.example" with "rules\.yaml", begun 2026-11-21T08:00:00\.000Z, last written to .*Z\. If it no longer runs, run allow-list apply again with that file to finish it\.$/,
    )
    await applied(table, [rule('a')])
    expect(await storeOn(table, atOnce).load()).toMatchObject({ complete: true })
  })

  it('is waited for', async () => {
    await applied(table, [rule('a')])
    await table.updateEntity({ partitionKey: 'rule', rowKey: '~head', ...underWay }, 'Merge', { etag: '*' })
    const reading = storeOn(table).load()
    await applied(table, [rule('b')])
    expect(await reading).toMatchObject({ complete: true, rules: [{ id: 'b' }] })
  })

  it('of several transactions is never seen half: a reader finds all of before, or all of after', async () => {
    await applied(table, rules(150))
    const store = storeOn(table, { cacheMilliseconds: 0 })
    const admin = adminOf(clientOf(azurite.connectionString, table.tableName))
    const plan = admin.plan(await admin.read(), onlyRules(rules(150, { effect: 'ask' })))
    const done = new AbortController()
    const apply = admin.apply(plan, author).finally(() => {
      done.abort()
    })
    const seen = new Set<string>()
    for (let reads = 0; reads < 3 || !done.signal.aborted; reads += 1) {
      const set = await store.load()
      seen.add(set.complete ? Array.from(new Set(set.rules.map(({ effect }) => effect))).join() : set.problem)
    }
    await apply
    seen.add('allow')
    expect(Array.from(seen).toSorted()).toEqual(['allow', 'ask'])
  })
})
