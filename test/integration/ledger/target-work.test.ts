import { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { WorkState } from '../../../shared/domain/target-work.ts'
import { keyOf } from '../../../shared/ledger/keys.ts'
import { TargetWork } from '../../../shared/ledger/target-work.ts'
import type { WorkPort } from '../../../shared/ports/work.ts'
import { finishOpenWork } from '../../../shared/review/finish-open-work.ts'
import { beginReview } from '../../../shared/review/lease.ts'
import { defaultTimings } from '../../../shared/review/schedule.ts'
import { GuardedTable } from '../../../shared/storage/guarded-table.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { id, target } from '../../support/fake-review.ts'
import { seriesAt } from '../../support/fake-work.ts'

const at = Date.parse('2026-11-21T08:00:00.123Z')
const series = seriesAt(at, { attempt: 3 })
const due: WorkState = { kind: 'due', series, dueAt: at + 1000 }
const other = id(target.id.replace('stlake', 'stother'))
const event = { attempt: 0, isFollowUp: false, isFromEndpoint: false }
const silent = { info() {}, warn() {}, error() {} }

let azurite: Azurite
let client: TableClient
let table: GuardedTable
let work: TargetWork
let tableCount = 0

beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())

beforeEach(async () => {
  tableCount += 1
  client = TableClient.fromConnectionString(azurite.connectionString, `work${tableCount}`, {
    allowInsecureConnection: true,
  })
  table = new GuardedTable(client)
  await table.create()
  work = new TargetWork(table, () => new Date(at))
})

function put(state: WorkState | 'keep' | 'remove', where = target): Promise<string> {
  return work.change(where, () => ({ write: state, result: 'said' }))
}

function stateOf(where = target): Promise<WorkState | undefined> {
  return work.change(where, (state) => ({ write: 'keep', result: state }))
}

/** Another host on the same storage. */
function onHost(): { work: WorkPort; timings: typeof defaultTimings; log: typeof silent; now: () => Date } {
  return {
    work: new TargetWork(table, () => new Date(at)),
    timings: defaultTimings,
    log: silent,
    now: () => new Date(at),
  }
}

describe('the state of a target’s work', () => {
  it('is none until one is written', async () => {
    expect(await stateOf()).toBeUndefined()
    expect(await work.list()).toEqual([])
  })

  it.each<WorkState>([
    { kind: 'held', series, holder: 'a review', leaseUntil: at + 1 },
    { kind: 'held', series: { ...series, word: { attempt: 0 } }, holder: 'a review', leaseUntil: at },
    due,
    { kind: 'due', series: seriesAt(at, { isFromEndpoint: true, word: { attempt: 7 } }), dueAt: at },
    { kind: 'backoff', series, dueAt: at + 15_500, notBefore: at },
  ])('is read as it was written: %j', async (state) => {
    expect(await put(state)).toBe('said')
    expect(await stateOf()).toEqual(state)
    expect(await work.list()).toEqual([{ kind: 'work', target, state }])
  })

  it('keeps nothing of the state before', async () => {
    await put({ kind: 'held', series: { ...series, word: { attempt: 0 } }, holder: 'a', leaseUntil: at })
    await put(due)
    expect(await stateOf()).toEqual(due)
  })

  it('stays as it is, or goes', async () => {
    await put(due)
    expect(await put('keep')).toBe('said')
    expect(await stateOf()).toEqual(due)
    expect(await put('remove')).toBe('said')
    expect(await stateOf()).toBeUndefined()
    expect(await put('remove')).toBe('said')
  })

  it('is one for each target, however its id is spelled', async () => {
    await put(due)
    await put({ ...due, dueAt: at }, other)
    const shouted = id(target.id.toUpperCase().replace('/SUBSCRIPTIONS/', '/subscriptions/'))
    expect(await stateOf(shouted)).toEqual(due)
    expect(await work.list()).toHaveLength(2)
  })

  it('is decided anew when somebody else was faster', async () => {
    const count = () =>
      work.change(target, (state) => {
        const attempt = (state?.series.attempt ?? 0) + 1
        return { write: { ...due, series: seriesAt(at, { attempt }) }, result: attempt }
      })
    const results = await Promise.all(Array.from({ length: 10 }, count))
    expect(results.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect((await stateOf())?.series.attempt).toBe(10)
  })
})

describe('the row of a target', () => {
  const columns = {
    schemaVersion: 1,
    targetId: target.id,
    kind: 'due',
    attempt: 3,
    since: '2026-11-21T08:00:00.123Z',
    isFromEndpoint: false,
    dueAt: '2026-11-21T08:00:01.123Z',
  }
  const rowKey = keyOf(target)
  const place = { partitionKey: 'target', rowKey }

  it('has columns that people can read', async () => {
    await put(due)
    expect((await table.read('target', rowKey))?.columns).toMatchObject(columns)
  })

  it('is read when somebody writes it by hand', async () => {
    await table.insert({ ...place, columns })
    expect(await stateOf()).toEqual(due)
  })

  it('of another version is refused in words, and left as it is', async () => {
    await table.insert({ ...place, columns: { ...columns, schemaVersion: 2 } })
    const problem =
      /^Row "[0-9a-f]{64}" of partition "target" in table "\w+" cannot be used: field "schemaVersion" is 2,/
    expect(await work.list()).toEqual([
      { kind: 'unreadable', row: rowKey, problem: expect.stringMatching(problem) as string },
    ])
    await expect(put(due)).rejects.toThrow(problem)
    await expect(put('remove')).rejects.toThrow(problem)
    expect((await table.read('target', rowKey))?.columns).toMatchObject({ schemaVersion: 2 })
  })

  it('that is refused does not keep the others from being listed', async () => {
    await table.insert({ ...place, columns: { ...columns, schemaVersion: 2 } })
    await put(due, other)
    expect((await work.list()).map(({ kind }) => kind).sort()).toEqual(['unreadable', 'work'])
  })

  it('of another partition is not listed', async () => {
    await table.insert({ partitionKey: 'another', rowKey, columns })
    expect(await work.list()).toEqual([])
  })

  it('that cannot be reached is an error, not a row that is refused', async () => {
    await client.deleteTable()
    await expect(work.list()).rejects.toThrow()
  })
})

describe('hosts on one storage', () => {
  it('give the lease to one of fifty who ask at once; one further pass is owed to the others', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => beginReview(onHost(), target, event)))
    const leases = all.flatMap((begun) => (begun.kind === 'begun' ? [begun.lease] : []))
    expect(leases).toHaveLength(1)
    expect(await leases[0]?.finish(undefined)).toMatchObject({ kind: 'again', pass: { attempt: 0 } })
    expect(await leases[0]?.finish(undefined)).toEqual({ kind: 'ended' })
    expect(await work.list()).toEqual([])
  })

  it('hand overdue work out once', async () => {
    await put({ ...due, dueAt: at })
    await put({ ...due, dueAt: at + 1 }, other)
    const sent: string[] = []
    const enqueue = ({ resourceId }: { resourceId: string }) => Promise.resolve(void sent.push(resourceId))
    const host = () => finishOpenWork({ ...onHost(), queue: { enqueue } })
    expect((await Promise.all([host(), host(), host()])).reduce((sum, count) => sum + count)).toBe(1)
    expect(sent).toEqual([target.id])
  })
})
