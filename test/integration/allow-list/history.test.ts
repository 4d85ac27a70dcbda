import type { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chainHash } from '../../../shared/storage/chain.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { row } from '../../unit/allow-list/given.ts'
import { adminOf, applied, author, newTable, requestsOf, rowsOf, rule, rules } from './given.ts'

let azurite: Azurite
let table: TableClient
beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())
beforeEach(async () => {
  table = await newTable(azurite.connectionString)
  await applied(table, [rule('a'), rule('b')])
  await applied(table, [rule('a', { owner: 'kim' })], {
    who: 'kim',
    fileName: 'new.yaml',
    fileSha256: 'b'.repeat(64),
  })
})

const history = (options = {}) => Array.fromAsync(adminOf(table).history(options))
const edit = (rowKey: string, columns: object) =>
  table.updateEntity({ partitionKey: 'rule', rowKey, ...columns }, 'Merge', { etag: '*' })

describe('the log of the list', () => {
  it('tells each change with before and after, who made it, when, and by which file', async () => {
    const [first, , third, fourth] = await history()
    expect(first).toEqual({
      sequence: 1,
      action: 'added',
      ruleId: 'a',
      before: undefined,
      after: { columns: expect.objectContaining({ effect: 'allow', version: 1 }) as object },
      version: 1,
      who: 'jo@contoso.example',
      at: '2026-11-21T08:00:00.000Z',
      fileName: 'rules.yaml',
      fileSha256: author.fileSha256,
      applyId: expect.any(String) as string,
    })
    expect([third, fourth]).toMatchObject([
      {
        action: 'removed',
        ruleId: 'b',
        before: { columns: { effect: 'allow' } },
        after: undefined,
        version: 1,
      },
      {
        action: 'changed',
        ruleId: 'a',
        before: { columns: { version: 1, changedBy: 'jo@contoso.example' } },
        after: { columns: { version: 2, owner: 'kim', changedBy: 'kim' } },
        version: 2,
        fileName: 'new.yaml',
      },
    ])
    expect(third?.applyId).toBe(fourth?.applyId)
  })

  it('can be read from its end, by rule, and up to a number', async () => {
    const numbers = async (options: object) => (await history(options)).map(({ sequence }) => sequence)
    expect(await numbers({ newestFirst: true })).toEqual([4, 3, 2, 1])
    expect(await numbers({ ruleId: 'a' })).toEqual([1, 4])
    expect(await numbers({ ruleId: "it's" })).toEqual([])
    expect(await numbers({ newestFirst: true, limit: 2 })).toEqual([4, 3])
    expect(await numbers({ ruleId: 'a', limit: 1 })).toEqual([1])
  })

  it('is read in order over many pages', async () => {
    await applied(table, rules(1100))
    const numbers = (await history({ newestFirst: true })).map(({ sequence }) => sequence)
    expect(numbers).toEqual(Array.from({ length: 1105 }, (_, index) => 1105 - index))
  })

  it('keeps what a rule that was written by hand said before', async () => {
    await table.createEntity(row({ rowKey: 'by-hand', owner: 'lee', version: '3' }))
    await applied(table, [])
    expect((await history({ ruleId: 'by-hand' }))[0]).toMatchObject({
      action: 'removed',
      before: { columns: { owner: 'lee', version: 3 } },
    })
  })

  it('goes on where it ended when the head of the list was lost', async () => {
    await table.deleteEntity('rule', '~head')
    expect(await history()).toHaveLength(4)
    await applied(table, [])
    expect(await adminOf(table).verifyHistory()).toEqual({ sound: 5, broken: undefined })
  })

  it.each([
    ['beyond all keys', { sequence: 4.1e12 }],
    ['to an entry that is not there', { sequence: 99_999_999 }],
    ['to an entry with another hash', { hash: 'c'.repeat(64) }],
    ['to an earlier entry', { sequence: 3 }],
    ['to nothing', { sequence: 0, hash: '0'.repeat(64) }],
  ])('goes on where it ends when the head points %s', async (_, columns) => {
    await edit('~head', columns)
    const sent = requestsOf(table)
    await applied(table, [rule('a'), rule('c')])
    expect(sent.length).toBeLessThan(20)
    expect((await history()).slice(4).map(({ sequence, ruleId }) => [sequence, ruleId])).toEqual([
      [5, 'a'],
      [6, 'c'],
    ])
    expect(await adminOf(table).verifyHistory()).toEqual({ sound: 6, broken: undefined })
  })

  it('that has no room for more stops an apply before it writes', async () => {
    await table.createEntity({ partitionKey: 'rule', rowKey: '~log:99999999', hash: 'c'.repeat(64) })
    const before = await rowsOf(table)
    await expect(applied(table, [rule('a')])).rejects.toThrow(
      'The log of changes ends with row "~log:99999999", after which there is no room for 1 more; run allow-list history --verify.',
    )
    expect(await rowsOf(table)).toEqual(before)
  })

  it('is empty before the first apply', async () => {
    table = await newTable(azurite.connectionString)
    expect(await history()).toEqual([])
    expect(await adminOf(table).verifyHistory()).toEqual({ sound: 0, broken: undefined })
  })
})

describe('verifying the log', () => {
  it('finds it sound', async () => {
    expect(await adminOf(table).verifyHistory()).toEqual({ sound: 4, broken: undefined })
  })

  it.each<[string, () => Promise<unknown>, number, string]>([
    [
      'a text that was changed',
      async () => {
        const { entry } = await table.getEntity<{ entry: string }>('rule', '~log:00000003')
        await edit('~log:00000003', { entry: entry.replace('jo', 'me') })
      },
      3,
      'Entry 3 was changed after it was written: its text does not have its hash.',
    ],
    [
      'a column beside the text that was changed',
      () => edit('~log:00000002', { who: 'somebody' }),
      2,
      'Entry 2 was changed after it was written: its column who does not say what its text says.',
    ],
    [
      'an entry that is missing',
      () => table.deleteEntity('rule', '~log:00000002'),
      2,
      'Entry 2 is missing; row "~log:00000003" comes next.',
    ],
    [
      'an entry with a new text and its new hash',
      () =>
        edit('~log:00000002', {
          entry: '{}',
          hash: chainHash('0'.repeat(64), '{}'),
          previousHash: '0'.repeat(64),
        }),
      2,
      'Entry 2 does not follow the entry before it: it names another hash.',
    ],
    [
      'a row put in between',
      () => table.createEntity({ partitionKey: 'rule', rowKey: '~log:00000002a' }),
      3,
      'Entry 3 is missing; row "~log:00000002a" comes next.',
    ],
    [
      'an end that was cut off',
      () => table.deleteEntity('rule', '~log:00000004'),
      4,
      'The log ends after entry 3; row "~head" says 4.',
    ],
    [
      'an end that was put on',
      () => edit('~head', { sequence: 3 }),
      5,
      'The log ends after entry 4; row "~head" says 3.',
    ],
    [
      'a head with another hash',
      () => edit('~head', { hash: 'c'.repeat(64) }),
      5,
      'The log ends after entry 4; row "~head" says 4, and another hash.',
    ],
    [
      'a head that is gone',
      () => table.deleteEntity('rule', '~head'),
      5,
      'Row "~head" does not say where the log ends.',
    ],
  ])('finds %s', async (_, act, sequence, problem) => {
    await act()
    expect(await adminOf(table).verifyHistory()).toEqual({
      sound: sequence - 1,
      broken: { sequence, problem },
    })
  })

  it('finds an entry whose text is no entry, although its hash fits', async () => {
    await table.deleteEntity('rule', '~log:00000001')
    const hash = chainHash('0'.repeat(64), 'x')
    await table.createEntity({
      ...{ partitionKey: 'rule', rowKey: '~log:00000001' },
      ...{ entry: 'x', previousHash: '0'.repeat(64), hash },
    })
    expect((await adminOf(table).verifyHistory()).broken).toEqual({
      sequence: 1,
      problem: 'Entry 1 is none: its text cannot be read.',
    })
  })
})

describe('drift', () => {
  const drift = async () => {
    const admin = adminOf(table)
    return (await admin.drift(await admin.read()))?.map(({ ruleId, how }) => `${ruleId} ${how}`)
  }

  it('is none after an apply', async () => {
    await applied(table, [
      rule('a', {
        targetTags: [
          { name: 'b', value: 'x' },
          { name: '1', value: 'y' },
        ],
      }),
    ])
    expect(await drift()).toEqual([])
  })

  it('names what was added, changed, removed and broken by hand', async () => {
    await applied(
      table,
      ['a', 'b', 'c', 'd'].map((id) => rule(id)),
    )
    await edit('a', { owner: 'lee' })
    await edit('b', { effect: 'dney' })
    await table.deleteEntity('rule', 'c')
    await table.createEntity(row({ rowKey: 'e' }))
    expect(await drift()).toEqual([
      'a changed by hand',
      'b changed by hand',
      'c removed by hand',
      'e added by hand',
    ])
  })

  it('is not looked for in a log of more than 50,000 entries', async () => {
    const admin = adminOf(table)
    const state = await admin.read()
    const driftIn = (sequence: number) =>
      admin.drift({ ...state, head: state.head && { ...state.head, sequence } })
    expect(await driftIn(50_000)).toBeInstanceOf(Array)
    expect(await driftIn(50_001)).toBeUndefined()
  })

  it('is gone after the next apply', async () => {
    await edit('a', { owner: 'lee' })
    expect(await drift()).toEqual(['a changed by hand'])
    await applied(table, [rule('a')])
    expect(await drift()).toEqual([])
  })
})
