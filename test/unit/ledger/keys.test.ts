import { describe, expect, it } from 'vitest'
import {
  caseKey,
  entryId,
  groupPartition,
  keyOf,
  logRowKey,
  outboxRowKey,
  placeOfDecision,
  placeOfRef,
  recordKey,
  refOf,
} from '../../../shared/ledger/keys.ts'
import type { Group } from '../../../shared/domain/group.ts'
import { parseResourceId } from '../../../shared/domain/resource-id.ts'
import { sampleConnection, sampleTarget } from '../../support/sample-request.ts'

const upper = { ...sampleTarget, id: sampleTarget.id.toUpperCase() }
const hex = /^[0-9a-f]{64}$/
const group = (name: string): Group => ({
  kind: 'requester',
  ...{ name, source: name, to: { kind: 'route', name: 'all', tags: [] } },
})

describe('keys', () => {
  it('of a connection, a target and a plain id never meet, whatever their ids', () => {
    const keys = [
      recordKey({ kind: 'connection', id: sampleTarget }),
      recordKey({ kind: 'target', id: sampleTarget }),
      keyOf(sampleTarget),
    ]
    expect(new Set(keys).size).toBe(3)
    for (const key of keys) expect(key).toMatch(hex)
    expect(recordKey({ kind: 'target', id: upper })).toBe(keys[1])
  })

  it('of one target are the same in any case of its letters, those beyond A to Z too', () => {
    const [one, other] = ['rg-\u00C4rzte', 'RG-\u00E4rzte'].map((group) =>
      parseResourceId(sampleTarget.id.replace(/(?<=resourceGroups[/])[^/]+/, group)),
    )
    if (!one || !other) throw new Error('An id was not read.')
    expect(keyOf(one)).toBe(keyOf(other))
    expect(recordKey({ kind: 'connection', id: one })).toBe(recordKey({ kind: 'connection', id: other }))
    expect(keyOf(one)).not.toBe(keyOf(sampleTarget))
  })

  it('of cases are no keys of records', () => {
    expect(caseKey('a').slice(5)).toMatch(hex)
    expect(groupPartition(group('a'))).not.toBe(groupPartition(group('b')))
    expect(caseKey('a')).not.toBe(caseKey('b'))
  })

  it('of rows sort by sequence', () => {
    expect([logRowKey(9), logRowKey(10)]).toEqual(['log:000009', 'log:000010'])
    expect(outboxRowKey(123456)).toBe('outbox:123456')
  })
})

describe('the id of an entry', () => {
  it('tells where the entry lies', () => {
    const id = entryId(sampleConnection, 12, 31)
    const keyStart = recordKey(sampleConnection).slice(0, 20)
    expect(id).toBe(`${keyStart}.12.31`)
    expect(placeOfDecision(id)).toEqual({ keyStart, rowKey: 'log:000031' })
  })

  it.each([
    '',
    'x',
    `x${'0'.repeat(20)}.1.1`,
    `${'0'.repeat(20)}.1.1234567`,
    `${'0'.repeat(19)}.1.1`,
    `${'0'.repeat(20)}.1.1 `,
  ])('is not %j', (id) => {
    expect(placeOfDecision(id)).toBeUndefined()
  })
})

describe('the name of a notification', () => {
  it.each([recordKey(sampleConnection), caseKey('a')])('tells where it lies: %s', (partitionKey) => {
    const place = { partitionKey, rowKey: outboxRowKey(7) }
    expect(placeOfRef(refOf(place))).toEqual(place)
  })

  it.each([
    '',
    'x',
    `${'0'.repeat(64)}:log:000001`,
    `x${'0'.repeat(64)}:outbox:000001`,
    `${'0'.repeat(64)}:outbox:0000012`,
  ])('is not %j', (ref) => {
    expect(placeOfRef(ref)).toBeUndefined()
  })
})
