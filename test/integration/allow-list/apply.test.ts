import type { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ApplyStopped } from '../../../shared/allow-list/change/apply.ts'
import { AllowListStore } from '../../../shared/allow-list/table/store.ts'
import { GuardedTable } from '../../../shared/storage/guarded-table.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { onlyRules, row, ruleFromRow } from '../../unit/allow-list/given.ts'
import { adminOf, applied, author, clientOf, newTable, requestsOf, rowsOf, rule, rules } from './given.ts'

let azurite: Azurite
let table: TableClient
beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())
beforeEach(async () => {
  table = await newTable(azurite.connectionString)
})

/** What the app would decide by. */
function load(deadlineMilliseconds = 1) {
  return new AllowListStore(new GuardedTable(table), { cacheMilliseconds: 0, deadlineMilliseconds }).load()
}

/** What an apply that has to stop says. */
async function stopped(apply: Promise<unknown>): Promise<ApplyStopped> {
  const error: unknown = await apply.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toMatchObject({ name: 'ApplyStopped' })
  return error as ApplyStopped
}

/** Does something in front of the nth transaction of this client. */
function beforeTransaction(count: number, act: () => unknown): void {
  let seen = 0
  table.pipeline.addPolicy({
    name: 'beforeTransaction',
    async sendRequest(request, next) {
      if (request.url.includes('$batch') && (seen += 1) === count) await act()
      return next(request)
    },
  })
}

const edit = (rowKey: string, columns: object) =>
  clientOf(azurite.connectionString, table.tableName).updateEntity(
    { partitionKey: 'rule', rowKey, ...columns },
    'Merge',
    { etag: '*' },
  )

describe('applying a plan', () => {
  it('adds, changes and removes, with version, author and time, in one transaction', async () => {
    await applied(table, [rule('a'), rule('b'), rule('c')])
    const sent = requestsOf(table)
    const result = await applied(table, [rule('a'), rule('b', { owner: 'kim' }), rule('d')], {
      who: 'kim',
      at: new Date('2026-11-22T09:30:00Z'),
    })
    expect(result).toEqual({ changes: 3, transactions: 1, version: 2 })
    expect(sent.filter((request) => !request.startsWith('GET'))).toHaveLength(1)
    const by = { changedBy: 'kim', changedAt: '2026-11-22T09:30:00.000Z' }
    const first = { version: 1, changedBy: 'jo@contoso.example', changedAt: '2026-11-21T08:00:00.000Z' }
    expect(await load()).toMatchObject({
      complete: true,
      rules: [
        { id: 'a', ...first },
        { id: 'b', version: 2, owner: 'kim', ...by },
        { id: 'd', version: 1, ...by },
      ],
    })
  })

  it('writes nothing the second time', async () => {
    await applied(
      table,
      rules(60, {
        targetTags: [
          { name: 'b', value: '1' },
          { name: '1', value: 'x' },
        ],
      }),
    )
    const before = await rowsOf(table)
    const sent = requestsOf(table)
    expect(
      await applied(
        table,
        rules(60, {
          targetTags: [
            { name: 'b', value: '1' },
            { name: '1', value: 'x' },
          ],
        }),
      ),
    ).toEqual({ changes: 0, transactions: 0, version: undefined })
    expect(sent.filter((request) => !request.startsWith('GET'))).toEqual([])
    expect(await rowsOf(table)).toEqual(before)
  })

  it('writes what an ask says of its question, and takes it back; history has both', async () => {
    const ask = rule('a', { effect: 'ask' })
    const terms = { reasonRequired: true, expiresAfter: 'P14D', atExpiry: 'reject' } as const
    await applied(table, [ask])
    await applied(table, [{ ...ask, ...terms }])
    expect(await load()).toMatchObject({ complete: true, rules: [{ id: 'a', version: 2, ...terms }] })
    await applied(table, [ask])
    const [, stated, takenBack] = await Array.fromAsync(adminOf(table).history({}))
    const columns = { ...terms, reasonRequired: 'true' }
    expect([stated?.after, takenBack?.before]).toMatchObject([{ columns }, { columns }])
    const defaults = { reasonRequired: false, expiresAfter: undefined, atExpiry: 'stay-pending' }
    expect(await load()).toMatchObject({ rules: [{ id: 'a', version: 3, ...defaults }] })
  })

  it('never shows a small apply as unfinished', async () => {
    const heads: unknown[] = []
    table.pipeline.addPolicy({
      name: 'watch',
      async sendRequest(request, next) {
        const response = await next(request)
        if (request.url.includes('$batch')) heads.push((await rowsOf(table, '~head'))[0])
        return response
      },
    })
    await applied(table, rules(49))
    expect(heads).toEqual([expect.objectContaining({ applyingSince: '' })])
  })

  it('tells how far it is', async () => {
    const admin = adminOf(table)
    const progress: [number, number][] = []
    await admin.apply(admin.plan(await admin.read(), onlyRules(rules(120))), author, (...at) =>
      progress.push(at),
    )
    expect(progress).toEqual([
      [49, 120],
      [98, 120],
      [120, 120],
    ])
  })

  it('makes the table when there is none; planning does not', async () => {
    table = await newTable(azurite.connectionString, false)
    const admin = adminOf(table)
    const state = await admin.read()
    expect(state).toMatchObject({ isTableMissing: true, rules: [], unfinished: undefined })
    expect(await load()).toMatchObject({ complete: false })
    await admin.apply(admin.plan(state, onlyRules([rule('a')])), author)
    expect(await load()).toMatchObject({ complete: true, rules: [{ id: 'a' }] })
  })

  it('counts the versions of a rule on when it was removed and comes again', async () => {
    await applied(table, [rule('a')])
    await applied(table, [rule('a', { owner: 'kim' })])
    await applied(table, [])
    await applied(table, [rule('a')])
    expect(await load()).toMatchObject({ rules: [{ id: 'a', version: 3 }] })
  })

  it('counts them on when the rule was removed by hand, too', async () => {
    await applied(table, [rule('a')])
    await table.deleteEntity('rule', 'a')
    await applied(table, [rule('a')])
    expect(await load()).toMatchObject({ rules: [{ id: 'a', version: 2 }] })
  })

  it('goes on from the version that somebody wrote by hand', async () => {
    await table.createEntity(row({ rowKey: 'a', version: '7' }))
    await applied(table, [rule('a', { owner: 'kim' })])
    expect(await load()).toMatchObject({ rules: [{ id: 'a', version: 8 }] })
  })

  it('takes more transactions when the changes are large', async () => {
    const columns = { a: '€'.repeat(29_000), b: '€'.repeat(29_000) }
    for (let index = 0; index < 30; index += 1)
      await table.createEntity(row({ rowKey: `r${index}`, ...columns }))
    expect(await applied(table, [])).toMatchObject({ changes: 30, transactions: 2 })
    expect(await adminOf(table).verifyHistory()).toEqual({ sound: 30, broken: undefined })
  })

  it.each([
    ['nobody', { who: ' ' }],
    ['somebody with too long a name', { who: 'x'.repeat(201) }],
    ['a hash that is none', { fileSha256: 'abc' }],
  ])('refuses to write for %s', async (_, change) => {
    await expect(applied(table, [rule('a')], change)).rejects.toThrow(RangeError)
    expect(await rowsOf(table)).toEqual([])
  })

  it('refuses a rule that could not be read back', async () => {
    await expect(applied(table, [rule('a'), rule('b', { target: 'nowhere' })])).rejects.toThrow(
      /^This rule cannot be written\. Row "b": target is "nowhere"/,
    )
    expect(await rowsOf(table)).toEqual([])
  })
})

describe('two who apply at once', () => {
  it('are one who wins and others who are told who did and wrote nothing', async () => {
    const plans = await Promise.all(
      ['ann', 'bob', 'cid', 'dot'].map(async (who) => {
        const admin = adminOf(clientOf(azurite.connectionString, table.tableName))
        return { who, admin, plan: admin.plan(await admin.read(), onlyRules([rule(who)])) }
      }),
    )
    const results = await Promise.allSettled(
      plans.map(({ who, admin, plan }) => admin.apply(plan, { ...author, who })),
    )
    const winner = plans[results.findIndex(({ status }) => status === 'fulfilled')]?.who ?? ''
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results) {
      if (result.status === 'fulfilled') continue
      expect(String(result.reason)).toMatch(
        new RegExp(
          `^ApplyStopped: The list was changed meanwhile by "${winner}" with "rules.yaml", .* Nothing was written\\. Run allow-list plan again\\.$`,
        ),
      )
    }
    expect(await load()).toMatchObject({ rules: [{ id: winner }] })
    expect(await adminOf(table).verifyHistory()).toEqual({ sound: 1, broken: undefined })
  })

  it('with many changes each leave one whole list in the end', async () => {
    await applied(table, rules(120))
    const others = [rules(120, { owner: 'ann' }), rules(120, { owner: 'bob' })]
    const results = await Promise.allSettled(
      others.map((desired) => applied(clientOf(azurite.connectionString, table.tableName), desired)),
    )
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0)
    const set = await load(10_000)
    expect(set.complete && new Set(set.rules.map(({ owner }) => owner)).size).toBe(1)
    expect((await adminOf(table).verifyHistory()).broken).toBeUndefined()
  })
})

describe('a row that somebody edits between plan and apply', () => {
  it.each([
    ['changed', () => edit('a', { owner: 'kim' })],
    ['removed', () => table.deleteEntity('rule', 'a')],
  ])('%s: stops it, named, with nothing written', async (what, act) => {
    await applied(table, [rule('a'), rule('b')])
    const admin = adminOf(table)
    const plan = admin.plan(await admin.read(), onlyRules([rule('a', { ticket: 'CHG-1' }), rule('c')]))
    await act()
    const before = await rowsOf(table)
    const { message } = await stopped(admin.apply(plan, author))
    expect(message).toBe(
      `Rule "a" was ${what} meanwhile by somebody else. Nothing was written. Run allow-list plan again.`,
    )
    expect(await rowsOf(table)).toEqual(before)
  })

  it('added: stops it, too', async () => {
    const admin = adminOf(table)
    const plan = admin.plan(await admin.read(), onlyRules([rule('a')]))
    await table.createEntity(row({ rowKey: 'a', effect: 'deny' }))
    expect((await stopped(admin.apply(plan, author))).message).toMatch(/^Rule "a" was added meanwhile/)
  })

  it('removed, when it was to be removed anyway: stops it, too', async () => {
    await applied(table, [rule('a'), rule('b')])
    const admin = adminOf(table)
    const plan = admin.plan(await admin.read(), onlyRules([rule('b')]))
    await edit('a', { effect: 'deny', requester: '' })
    expect((await stopped(admin.apply(plan, author))).message).toMatch(/^Rule "a" was changed meanwhile/)
    expect(await load()).toMatchObject({ rules: [{ id: 'a', effect: 'deny' }, { id: 'b' }] })
  })
})

describe('an apply that ends in the middle', () => {
  const desired = rules(150, { owner: 'kim' })
  beforeEach(async () => {
    await applied(table, rules(150))
  })

  it('leaves a list that decides nothing, and the same apply again finishes it', async () => {
    beforeTransaction(3, () => Promise.reject(new Error('the machine died')))
    const error = await stopped(applied(table, desired))
    expect(error.message).toMatch(
      /^Table list\d+ cannot be written: the machine died\. 98 of 150 changes are written, and the list decides nothing until an apply runs to its end\./,
    )
    expect(await load()).toMatchObject({ complete: false })

    const admin = adminOf(table)
    const state = await admin.read()
    expect(state.unfinished).toMatchObject({ who: author.who, fileName: 'rules.yaml' })
    const plan = admin.plan(state, onlyRules(desired))
    expect([plan.changed.length, plan.unchanged.length]).toEqual([52, 98])
    await admin.apply(plan, author)
    const set = await load()
    expect(set.complete && set.rules.map(({ owner, version }) => `${owner ?? ''} ${version}`)).toEqual(
      desired.map(() => 'kim 2'),
    )
    expect(await admin.verifyHistory()).toEqual({ sound: 300, broken: undefined })
  })

  it('lets another file be applied after it', async () => {
    beforeTransaction(2, () => Promise.reject(new Error('the machine died')))
    await stopped(applied(table, desired))
    await applied(table, [rule('a')])
    expect(await load()).toMatchObject({ complete: true, rules: [{ id: 'a' }] })
  })

  it('is finished by an apply that finds nothing more to change', async () => {
    beforeTransaction(2, () => Promise.reject(new Error('the machine died')))
    await stopped(applied(table, desired))
    const halfDone = (await adminOf(table).read()).rules
    expect(await applied(table, halfDone)).toMatchObject({ changes: 0, transactions: 1 })
    expect(await load()).toMatchObject({ complete: true })
  })

  it('decides nothing without its head either, and apply finishes it', async () => {
    beforeTransaction(3, () => Promise.reject(new Error('the machine died')))
    await stopped(applied(table, desired))
    await table.deleteEntity('rule', '~head')
    const halfDone = await adminOf(table).read()
    expect(await load()).toEqual({
      complete: false,
      problem:
        '1 of 151 rows cannot be used. Row "~head" is missing although changes were written, so nobody knows whether the last apply was finished; running apply again with its file fixes it.',
    })
    expect(halfDone.unusable.map(({ rowKey }) => rowKey)).toEqual(['~head'])
    expect(await applied(table, halfDone.rules)).toMatchObject({ changes: 0, transactions: 1 })
    expect(await load()).toMatchObject({ complete: true })
    expect(await adminOf(table).verifyHistory()).toEqual({ sound: 248, broken: undefined })
  })

  it('stops between two transactions when it is told to', async () => {
    const admin = adminOf(table)
    const plan = admin.plan(await admin.read(), onlyRules(desired))
    const ctrlC = new AbortController()
    const error = await stopped(
      admin.apply(
        plan,
        author,
        () => {
          ctrlC.abort()
        },
        ctrlC.signal,
      ),
    )
    expect(error.message).toMatch(/^Stopped\. 49 of 150 changes are written/)
    expect(await load()).toMatchObject({ complete: false })
  })

  it('writes nothing when it is told to stop before it begins', async () => {
    const admin = adminOf(table)
    const before = await rowsOf(table)
    const plan = admin.plan(await admin.read(), onlyRules(desired))
    const { message } = await stopped(admin.apply(plan, author, undefined, AbortSignal.abort()))
    expect(message).toBe('Stopped. Nothing was written. Run allow-list plan again.')
    expect(await rowsOf(table)).toEqual(before)
  })

  it('names the rule that was edited by hand while it ran, and only that', async () => {
    beforeTransaction(3, () => edit('r0120', { ticket: 'CHG-7' }))
    const { message } = await stopped(applied(table, desired))
    expect(message).toMatch(
      /^Rule "r0120" was changed meanwhile by somebody else\. 98 of 150 changes are written/,
    )
  })

  it('is stopped by whoever takes over', async () => {
    beforeTransaction(2, () =>
      applied(clientOf(azurite.connectionString, table.tableName), [rule('a')], { who: 'kim' }),
    )
    expect((await stopped(applied(table, desired))).message).toMatch(
      /^The list was changed meanwhile by "kim" with "rules\.yaml"/,
    )
    expect(await load()).toMatchObject({ complete: true, rules: [{ id: 'a' }] })
  })

  it('goes on when only the answer to a transaction was lost and the SDK sent it again', async () => {
    let isLost = false
    table.pipeline.addPolicy({
      name: 'loseResponse',
      async sendRequest(request, next) {
        const response = await next(request)
        if (isLost || !request.url.includes('$batch')) return response
        isLost = true
        return next(request)
      },
    })
    expect(await applied(table, desired)).toMatchObject({ changes: 150, transactions: 4 })
    expect(await load()).toMatchObject({ complete: true })
    expect(await adminOf(table).verifyHistory()).toEqual({ sound: 300, broken: undefined })
  })

  it.each([
    ['goes on when the answer to a transaction, and each to trying it again, is lost', desired, 150],
    ['is done when that was the last one', rules(150, { groupIds: ['blob'] }).slice(0, 20), 150],
  ])('%s', async (_, content, changes) => {
    let refuses = false
    table.pipeline.addPolicy({
      name: 'loseResponses',
      async sendRequest(request, next) {
        if (!request.url.includes('$batch')) {
          refuses = false
          return next(request)
        }
        if (!refuses) await next(request)
        refuses = true
        throw new Error('ECONNRESET')
      },
    })
    expect(await applied(table, content)).toMatchObject({ changes })
    expect(await load()).toMatchObject({ complete: true })
    expect((await adminOf(table).verifyHistory()).broken).toBeUndefined()
  })

  it('says that it does not know when the answer is lost and the table cannot be read', async () => {
    let isDown = false
    table.pipeline.addPolicy({
      name: 'goDown',
      async sendRequest(request, next) {
        if (!isDown && !request.url.includes('$batch')) return next(request)
        if (!isDown) await next(request)
        isDown = true
        throw new Error('ECONNRESET')
      },
    })
    expect((await stopped(applied(table, desired))).message).toBe(
      `Table ${table.tableName} cannot be written: ECONNRESET. 0 of 150 changes are written, and the part that was under way may or may not be. Run allow-list apply again: it goes on from there.`,
    )
    table = clientOf(azurite.connectionString, table.tableName)
    expect(await applied(table, desired)).toMatchObject({ changes: 101 })
    expect(await load()).toMatchObject({ complete: true })
  })

  it('never allowed more, at any moment, than the list before and the list after', async () => {
    const before = [rule('z-allow'), rule('a-deny', { effect: 'deny' }), ...rules(60)]
    const after = [rule('a-allow'), rule('z-deny', { effect: 'deny' }), ...rules(60, { owner: 'kim' })]
    await applied(table, before)
    beforeTransaction(2, () => Promise.reject(new Error('the machine died')))
    await stopped(applied(table, after))
    const there = (await adminOf(table).read()).rules.map(({ id }) => id)
    expect(there).toEqual(expect.arrayContaining(['a-deny', 'z-deny']))
    expect(there).not.toContain('z-allow')
  })
})

describe('a table with rows that are no rules', () => {
  it('is fixed by an apply, which keeps what stood there', async () => {
    await table.createEntity(row({ rowKey: 'typo', effect: 'dney', version: 4 }))
    await table.createEntity(row({ rowKey: 'unwanted', colour: 'red' }))
    await table.createEntity(row({ rowKey: 'é~/'.slice(0, 2), effect: 'deny' }))
    await table.createEntity(row({ partitionKey: 'rules', rowKey: 'misplaced', effect: 'deny' }))
    const admin = adminOf(table)
    const state = await admin.read()
    const plan = admin.plan(state, onlyRules([rule('typo'), rule('new')]))
    expect(state.unusable.map(({ rowKey }) => rowKey).toSorted()).toEqual([
      'misplaced',
      'typo',
      'unwanted',
      'é~',
    ])
    expect(plan.added.map(({ id }) => id)).toEqual(['new'])
    expect(plan.replaced.map(({ before, after }) => [before.problem, after.id])).toEqual([
      ['Row "typo": effect is "dney"; it must be allow, ask or deny.', 'typo'],
    ])
    expect(plan.discarded.map(({ rowKey }) => rowKey).toSorted()).toEqual(['misplaced', 'unwanted', 'é~'])

    await admin.apply(plan, author)
    expect(await load()).toMatchObject({ complete: true, rules: [{ id: 'new' }, { id: 'typo', version: 5 }] })
    const entries = await Array.fromAsync(admin.history())
    expect(entries.find(({ ruleId }) => ruleId === 'unwanted')).toMatchObject({
      action: 'removed',
      before: {
        columns: { effect: 'allow', colour: 'red' },
        problem: expect.stringContaining('colour') as string,
      },
    })
    expect(entries.find(({ ruleId }) => ruleId === 'misplaced')).toMatchObject({
      before: { partitionKey: 'rules', columns: { effect: 'deny' } },
    })
    expect(await admin.verifyHistory()).toEqual({ sound: 5, broken: undefined })
  })

  it('is not half fixed when a misplaced row was edited meanwhile', async () => {
    await table.createEntity(row({ partitionKey: 'rules', rowKey: 'misplaced', effect: 'deny' }))
    const admin = adminOf(table)
    const plan = admin.plan(await admin.read(), onlyRules([rule('a')]))
    await table.updateEntity(row({ partitionKey: 'rules', rowKey: 'misplaced', effect: 'ask' }), 'Replace', {
      etag: '*',
    })
    expect((await stopped(admin.apply(plan, author))).message).toMatch(
      /^Rule "misplaced" was changed meanwhile/,
    )
    expect(await load()).toMatchObject({ complete: false })
    await applied(table, [rule('a')])
    expect(await load()).toMatchObject({ complete: true })
  })

  it('is kept in the log as far as one entry can hold it', async () => {
    await table.createEntity(
      row({
        ...Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`c${index}`, '😀'.repeat(16_000)])),
      }),
    )
    await applied(table, [])
    const [entry] = await Array.fromAsync(adminOf(table).history())
    expect(entry?.before).toMatchObject({ cutFrom: expect.stringMatching(/^[0-9a-f]{64}$/) as string })
    expect(await adminOf(table).verifyHistory()).toEqual({ sound: 1, broken: undefined })
  })
})

it('every row that apply writes beside the rules is refused as a rule', async () => {
  await applied(table, [rule('a')])
  const own = await rowsOf(table, '~')
  expect(own.map(({ rowKey }) => rowKey)).toEqual(['~head', '~log:00000001'])
  expect(own.map((columns) => ruleFromRow({ ...columns }).rule)).toEqual([undefined, undefined])
})
