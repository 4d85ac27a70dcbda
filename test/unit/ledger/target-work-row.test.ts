import { describe, expect, it } from 'vitest'
import { parseResourceId, type ResourceId } from '../../../shared/domain/resource-id.ts'
import type { WorkState } from '../../../shared/domain/target-work.ts'
import { columnsOf, readRow, WorkRowRefused } from '../../../shared/ledger/target-work-row.ts'

const target = parseResourceId(
  '/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/resourceGroups/rg-lake/providers/Microsoft.Storage/storageAccounts/stlake',
) as ResourceId
const at = Date.parse('2026-11-21T08:00:00.123Z')
const series = { attempt: 3, since: at, isFromEndpoint: false, word: undefined }
const columns = {
  schemaVersion: 1,
  targetId: target.id,
  kind: 'due',
  attempt: 3,
  since: '2026-11-21T08:00:00.123Z',
  isFromEndpoint: false,
  dueAt: '2026-11-21T08:00:01.123Z',
}

function read(written: Readonly<Record<string, unknown>>) {
  return readRow({ columns: { rowKey: 'f00', ...written }, etag: '' })
}

describe('a row of open work', () => {
  it.each<[WorkState, Readonly<Record<string, unknown>>]>([
    [{ kind: 'due', series, dueAt: at + 1000 }, columns],
    [
      { kind: 'due', series: { ...series, isFromEndpoint: true, word: { attempt: 0 } }, dueAt: at + 1000 },
      { ...columns, isFromEndpoint: true, wordAttempt: 0 },
    ],
    [
      { kind: 'backoff', series, dueAt: at + 1000, notBefore: at },
      { ...columns, kind: 'backoff', notBefore: columns.since },
    ],
    [
      { kind: 'held', series, holder: 'a', leaseUntil: at },
      { ...columns, kind: 'held', holder: 'a', leaseUntil: columns.since, dueAt: undefined },
    ],
  ])('is written in columns that people can read, and read back: %j', (state, expected) => {
    const written = columnsOf(target, state)
    expect(written).toEqual(expected)
    expect(Object.values(written)).not.toContain(undefined)
    expect(read(written)).toEqual({ target, state })
  })

  it('may have columns beside', () => {
    expect(read({ ...columns, timestamp: 'now', note: 7 }).state.kind).toBe('due')
  })

  it.each([
    ['schemaVersion', { schemaVersion: 2 }, 'schemaVersion is 2. Invalid input: expected 1.'],
    ['schemaVersion', { schemaVersion: '1' }, 'schemaVersion is "1". Invalid input: expected 1.'],
    ['schemaVersion, first of all,', { schemaVersion: 2, kind: 'asleep' }, 'schemaVersion is 2.'],
    ['kind', { kind: 'asleep' }, 'kind is "asleep". Invalid discriminator value. '],
    ['targetId', { targetId: '/x' }, 'targetId is "/x". Invalid input: expected the id of a resource.'],
    ['targetId', { targetId: 7 }, 'targetId is 7. Invalid input'],
    ['attempt', { attempt: -1 }, 'attempt is -1. '],
    ['attempt', { attempt: 1.5 }, 'attempt is 1.5. Invalid input'],
    ['since', { since: '' }, 'since is "". Invalid ISO datetime.'],
    ['isFromEndpoint', { isFromEndpoint: 'no' }, 'isFromEndpoint is "no". Invalid input: expected boolean'],
    ['wordAttempt', { wordAttempt: -1 }, 'wordAttempt is -1. '],
    ['dueAt', { dueAt: 'soon' }, 'dueAt is "soon". Invalid ISO datetime.'],
    ['dueAt, too long,', { dueAt: 'x'.repeat(101) }, `dueAt is "${'x'.repeat(99)}. Invalid ISO datetime.`],
    ['notBefore', { kind: 'backoff' }, 'notBefore is missing. Invalid input'],
    ['holder', { kind: 'held', leaseUntil: columns.dueAt }, 'holder is missing. Invalid input'],
    ['holder', { kind: 'held', leaseUntil: columns.dueAt, holder: '' }, 'holder is "". '],
    ['leaseUntil', { kind: 'held', holder: 'a' }, 'leaseUntil is missing. Invalid input'],
  ])('is refused in words when its %s is not understood: %j', (_column, change, words) => {
    const reading = () => read({ ...columns, ...change })
    expect(reading).toThrow(WorkRowRefused)
    expect(reading).toThrow(`The row f00 of open work is not understood: ${words}`)
    expect(reading).toThrow(/\. Delete the row; the next review of its target writes another\.$/)
  })

  it('says what kind of error it is', () => {
    expect(new WorkRowRefused('x').name).toBe('WorkRowRefused')
  })
})
