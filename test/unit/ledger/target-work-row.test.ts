import { describe, expect, it } from 'vitest'
import { parseResourceId, type ResourceId } from '../../../shared/domain/resource-id.ts'
import type { WorkState } from '../../../shared/domain/target-work.ts'
import { columnsOf, targetWorkOf } from '../../../shared/ledger/target-work-row.ts'
import { UnreadableRow } from '../../../shared/ledger/unreadable-row.ts'

const target = parseResourceId(
  '/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/resourceGroups/rg-lake/providers/Microsoft.Storage/storageAccounts/stlake',
) as ResourceId
const at = Date.parse('2026-11-21T08:00:00.123Z')
const connection = `${target.id}/privateEndpointConnections/a`
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
  const columns = { partitionKey: 'target', rowKey: 'f00', ...written }
  return targetWorkOf('targetwork', { columns, etag: '' }, new Date(at))
}

describe('a row of open work', () => {
  it.each<[WorkState, Readonly<Record<string, unknown>>]>([
    [{ kind: 'due', series, dueAt: at + 1000 }, columns],
    [
      { kind: 'due', series: { ...series, isFromEndpoint: true, word: { attempt: 0 } }, dueAt: at + 1000 },
      { ...columns, isFromEndpoint: true, wordAttempt: 0 },
    ],
    [
      { kind: 'due', series: { ...series, conflicts: 3, claims: 2 }, dueAt: at + 1000 },
      { ...columns, conflicts: 3, claims: 2 },
    ],
    [
      { kind: 'due', series: { ...series, since: undefined, passNumber: 3 }, dueAt: at + 1000 },
      { ...columns, since: undefined, passNumber: 3 },
    ],
    [
      {
        kind: 'due',
        series: {
          ...series,
          shown: [
            { id: target.id, at },
            { id: connection, at, since: at },
            { id: connection, at, since: at, isDoubted: true },
          ],
        },
        dueAt: at + 1000,
      },
      {
        ...columns,
        shown: [
          `${columns.since} ${target.id}`,
          `${columns.since} ${connection} ${columns.since}`,
          `${columns.since} ${connection} ${columns.since} doubted`,
        ].join('\n'),
      },
    ],
    [
      { kind: 'backoff', series, dueAt: at + 1000, notBefore: at },
      { ...columns, kind: 'backoff', notBefore: columns.since },
    ],
    [
      {
        kind: 'resting',
        series: { ...series, trouble: [{ id: target.id, at }], recheckAt: at + 1000 },
        dueAt: at + 1000,
      },
      { ...columns, kind: 'resting', trouble: `${columns.since} ${target.id}`, recheckAt: columns.dueAt },
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
    ['schemaVersion', { schemaVersion: 2 }, 'field "schemaVersion" is 2, expected 1.'],
    ['schemaVersion', { schemaVersion: '1' }, 'field "schemaVersion" is "1", expected 1.'],
    ['schemaVersion, first of all,', { schemaVersion: 2, kind: 'asleep' }, 'field "schemaVersion" is 2'],
    ['kind', { kind: 'asleep' }, 'field "kind" is "asleep", expected held or due or resting or backoff.'],
    ['targetId', { targetId: '/x' }, 'field "targetId" is "/x", expected the id of a resource.'],
    ['targetId, shown safely,', { targetId: '/\u202Ex' }, 'field "targetId" is "/\uFFFDx", expected'],
    ['targetId', { targetId: 7 }, 'field "targetId" is 7, expected string.'],
    ['attempt', { attempt: -1 }, 'field "attempt" is -1, expected at least 0.'],
    ['attempt', { attempt: 1.5 }, 'field "attempt" is 1.5, expected int.'],
    ['since', { since: '' }, 'field "since" is "", expected datetime.'],
    ['isFromEndpoint', { isFromEndpoint: 'no' }, 'field "isFromEndpoint" is "no", expected boolean.'],
    ['wordAttempt', { wordAttempt: -1 }, 'field "wordAttempt" is -1, expected at least 0.'],
    ['conflicts', { conflicts: -1 }, 'field "conflicts" is -1, expected at least 0.'],
    ['claims', { claims: 0.5 }, 'field "claims" is 0.5, expected int.'],
    ['trouble', { trouble: '' }, 'field "trouble'],
    ['trouble', { trouble: `${columns.since} x` }, 'field "trouble'],
    ['shown', { shown: target.id }, 'field "shown'],
    ['recheckAt', { recheckAt: 7 }, 'field "recheckAt" is 7, expected string.'],
    [
      'dueAt of one that rests',
      { kind: 'resting', dueAt: undefined },
      'field "dueAt" is missing, expected string.',
    ],
    ['dueAt', { dueAt: 'soon' }, 'field "dueAt" is "soon", expected datetime.'],
    [
      'dueAt, too long,',
      { dueAt: 'x'.repeat(101) },
      `field "dueAt" is "${'x'.repeat(79)}, expected datetime.`,
    ],
    ['notBefore', { kind: 'backoff' }, 'field "notBefore" is missing, expected string.'],
    ['holder', { kind: 'held', leaseUntil: columns.dueAt }, 'field "holder" is missing, expected string.'],
    ['holder', { kind: 'held', leaseUntil: columns.dueAt, holder: '' }, 'field "holder" is "", expected'],
    ['leaseUntil', { kind: 'held', holder: 'a' }, 'field "leaseUntil" is missing, expected string.'],
  ])('is refused in words when its %s is not understood: %j', (_column, change, words) => {
    const reading = () => read({ ...columns, ...change })
    expect(reading).toThrow(UnreadableRow)
    expect(reading).toThrow(`Row "f00" of partition "target" in table "targetwork" cannot be used: ${words}`)
    expect(reading).toThrow(/\. Delete the row; the next review of its target writes another\.$/)
  })
})
