import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { json, orEmpty, readRow } from '../../../shared/ledger/read-row.ts'
import { shape } from '../../../shared/ledger/schema-parts.ts'

const inner = shape({
  name: z.enum(['a', 'b']),
  at: z.iso.datetime(),
  key: z.string().regex(/^x$/),
  list: z.array(z.string()),
  rules: z.union([z.array(z.string()), z.literal('too-many')]),
  count: z.int().min(1),
  some: z.discriminatedUnion('kind', [shape({ kind: z.literal('one') }), shape({ kind: z.literal('two') })]),
})
const schema = z.object({ text: json(inner), deliveredAt: orEmpty(z.iso.datetime()) })
const good = {
  name: 'a',
  at: '2026-11-21T08:00:00Z',
  key: 'x',
  list: [],
  rules: 'too-many',
  count: 1,
  some: { kind: 'one' },
}

function read(text: unknown, columns: Record<string, unknown> = {}) {
  const row = {
    columns: {
      ...{ partitionKey: 'p\u202E', rowKey: 'r', schemaVersion: 1, deliveredAt: '' },
      text: typeof text === 'string' ? text : JSON.stringify(text),
      ...columns,
    },
    etag: 'e',
  }
  return readRow('requests', row, schema, 'Delete it.')
}

function problem(text: unknown, columns: Record<string, unknown> = {}): string {
  try {
    read(text, columns)
    return ''
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : ''
  }
}

describe('a row', () => {
  it('that fits is read', () => {
    expect(read(good)).toEqual({ text: good, deliveredAt: undefined })
    expect(read(good, { deliveredAt: good.at }).deliveredAt).toBe(good.at)
  })

  it('of another version is refused before anything else in it is looked at', () => {
    const fix = 'Run the version of this app that wrote it, or do as follows. Delete it.'
    const start =
      'UnreadableRow: Row "r" of partition "p\uFFFD" in table "requests" cannot be used: field "schemaVersion" is'
    expect(problem('', { schemaVersion: 2 })).toBe(`${start} 2, expected 1. ${fix}`)
    expect(problem('', { schemaVersion: undefined })).toBe(`${start} missing, expected 1. ${fix}`)
    expect(problem('', { schemaVersion: '1' })).toBe(`${start} "1", expected 1. ${fix}`)
  })

  it.each<[string, unknown]>([
    ['field "text" is "{", expected JSON', '{'],
    ['field "text" is [], expected object', []],
    ['field "text.name" is "c", expected a or b', { ...good, name: 'c' }],
    ['field "text.name" is missing, expected a or b', { ...good, name: undefined }],
    ['field "text.at" is "now", expected datetime', { ...good, at: 'now' }],
    ['field "text.key" is "y", expected regex', { ...good, key: 'y' }],
    ['field "text.list.1" is 7, expected string', { ...good, list: ['', 7] }],
    ['field "text.list" is null, expected array', { ...good, list: null }],
    ['field "text.rules" is "x", expected array or too-many', { ...good, rules: 'x' }],
    ['field "text.count" is 0, expected at least 1', { ...good, count: 0 }],
    ['field "text.count" is 1.5, expected int', { ...good, count: 1.5 }],
    ['field "text.more" is not known here', { ...good, more: 1 }],
    ['field "text.some.more" is not known here', { ...good, some: { kind: 'one', more: 1 } }],
    ['field "text.some.kind" is "three", expected one or two', { ...good, some: { kind: 'three' } }],
    [`field "text.name" is "${'y'.repeat(79)}, expected a or b`, { ...good, name: 'y'.repeat(100) }],
    ['field "text.name" is "\uFFFD", expected a or b', { ...good, name: '\u202E' }],
  ])('is refused with: %s', (sentence, text) => {
    expect(problem(text)).toBe(
      `UnreadableRow: Row "r" of partition "p\uFFFD" in table "requests" cannot be used: ${sentence}. Delete it.`,
    )
  })

  it('without a column that has to be there is refused', () => {
    expect(problem(good, { text: undefined })).toContain('field "text" is missing, expected string')
    expect(problem(good, { deliveredAt: 'now' })).toContain('field "deliveredAt" is "now", expected datetime')
  })
})
