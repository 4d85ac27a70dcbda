import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkedEntity } from '../../../shared/storage/sizes.ts'
import { forms } from '../../../shared/allow-list/routing/forms.ts'
import { columnsOf, columnsOfItem } from '../../../shared/allow-list/table/columns.ts'
import { itemFromRow } from '../../../shared/allow-list/table/row.ts'
import { keyOfItem, readRow } from '../../../shared/allow-list/table/rows.ts'
import { serviceColumns, storageId } from './given.ts'
import { anyRouting, mail, route, teams, webhook } from './given-routing.ts'

const revision = { version: 3, changedBy: 'jo', changedAt: '2026-11-20T10:00:00.500Z' }

function read(rowKey: string, columns: Record<string, unknown>, partitionKey = 'rule') {
  return readRow({ columns: { ...serviceColumns, partitionKey, rowKey, ...columns }, etag: 'x' })
}

function problemOf(rowKey: string, columns: Record<string, unknown>): string {
  const row = read(rowKey, columns)
  return row.kind === 'unusable' ? `${row.concerns}: ${row.problem}` : row.kind
}

describe('a row of a channel or route', () => {
  it('is spelled as a person would write it', () => {
    const written = route('finance', {
      position: 2,
      rules: ['a', 'b'],
      targetTags: [{ name: 'environment', value: 'prod' }],
      risk: 'high',
      fallback: ['x', 'y'],
    })
    expect(columnsOfItem(forms.routes, { ...written, ...revision })).toEqual({
      position: 2,
      rules: 'a, b',
      targetTags: '{"environment":"prod"}',
      risk: 'high',
      channels: 'ops',
      fallback: 'x, y',
      ...revision,
    })
    expect(columnsOfItem(forms.routes, { ...route('rest', { default: true }), ...revision })).toMatchObject({
      default: 'true',
    })
  })

  it.each([
    [forms.channels, mail('ops', { fromTag: 'owner mail', fromTagDomains: ['a.example', 'b.example'] })],
    [forms.channels, teams('ops')],
    [forms.channels, webhook('ops')],
    [forms.routes, route('finance', { position: 1, scopes: [storageId, storageId.toUpperCase()] })],
    [forms.routes, route('rest', { default: true })],
  ] as const)('reads back as it was written: %#', (form, item) => {
    const columns = { ...columnsOfItem(form, { ...item, ...revision }), partitionKey: 'rule' }
    const { item: again } = itemFromRow<object>(form, { ...columns, rowKey: keyOfItem(form, item) })
    expect(again).toEqual({ ...item, ...revision })
  })

  it('reads back as it was written, whatever it says', () => {
    fc.assert(
      fc.property(anyRouting, ({ channels, routes }) => {
        for (const item of channels)
          expect(
            read(keyOfItem(forms.channels, item), {
              ...columnsOfItem(forms.channels, { ...item, ...revision }),
            }),
          ).toMatchObject({ kind: 'channels', item: { ...item, ...revision } })
        for (const item of routes)
          expect(
            read(keyOfItem(forms.routes, item), { ...columnsOfItem(forms.routes, { ...item, ...revision }) }),
          ).toMatchObject({ kind: 'routes', item: { ...item, ...revision } })
      }),
      { numRuns: 200 },
    )
  })

  it('fits into a row of Azure, however much it says', () => {
    const largest = mail('x'.repeat(50), {
      to: Array.from(
        { length: 50 },
        (_, at) => `${'a'.repeat(62)}${at + 10}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.ee`,
      ),
    })
    const columns = columnsOfItem(forms.channels, { ...largest, ...revision })
    expect(() =>
      checkedEntity({ partitionKey: 'rule', rowKey: keyOfItem(forms.channels, largest), columns }),
    ).not.toThrow()
    expect(read(keyOfItem(forms.channels, largest), columns)).toMatchObject({
      kind: 'channels',
      item: largest,
    })
  })

  it.each([
    ['true', true],
    ['false', false],
    [true, true],
    ['', false],
  ])('has a default of %j', (column, isDefault) => {
    expect(read('~route:rest', { channels: 'ops', default: column })).toMatchObject({
      item: { default: isDefault },
    })
  })

  it.each<[string, Record<string, unknown>, string]>([
    [
      '~channel:ops',
      { kind: 'sms' },
      'routing: Row "~channel:ops": kind is "sms"; it must be teams, email or webhook.',
    ],
    [
      '~channel:Ops',
      { kind: 'teams', urlSetting: 'XX' },
      'routing: Row "~channel:Ops": RowKey is "~channel:Ops"; it must be ~channel: and the name of the channel: 1 to 50 of a-z, 0-9 and hyphen, beginning with a letter.',
    ],
    [
      '~channel:',
      { kind: 'teams', urlSetting: 'XX' },
      'routing: Row "~channel:": RowKey is "~channel:"; it must be ~channel: and the name of',
    ],
    [
      '~channel:ops',
      { kind: 'teams' },
      'routing: Row "~channel:ops": urlSetting is missing; a channel of kind teams needs it',
    ],
    [
      '~channel:ops',
      { kind: 'teams', urlSetting: 'https://x/?sig=TOPSECRET' },
      'routing: Row "~channel:ops": urlSetting is something else, which is not shown here; it must be the name of a setting: 2 to 80 of A-Z, 0-9 and underscore, beginning with a letter; secrets stay in settings',
    ],
    [
      '~channel:ops',
      { kind: 'email', to: 'anna; ben@b.example' },
      'routing: Row "~channel:ops": to is "anna; ben@b.example"; it must be 1 to 50 mail addresses such as approvers@contoso.example, separated by commas.',
    ],
    [
      '~channel:ops',
      { kind: 'email', to: 'a@b.example', colour: 'red' },
      'routing: Row "~channel:ops": "colour" is not a column of a channel; the columns are PartitionKey, RowKey, kind, urlSetting,',
    ],
    [
      '~route:rest',
      {},
      'routing: Row "~route:rest": channels is missing; it must be names of channels separated by commas',
    ],
    [
      '~route:rest',
      { channels: 'ops', default: 'yes' },
      'routing: Row "~route:rest": default is "yes"; it must be true or false',
    ],
    [
      '~route:rest',
      { channels: 'ops', version: 'x' },
      'routing: Row "~route:rest": version is "x"; it must be a whole number',
    ],
    [
      '~route:rest',
      { channels: 'ops', position: 0 },
      'routing: Row "~route:rest": position is 0; it must be a whole number',
    ],
    ['~rout:rest', { channels: 'ops' }, 'rules: Row "~rout:rest": "channels" is not a column of a rule'],
    ['channel:ops', { kind: 'teams' }, 'rules: Row "channel:ops": "kind" is not a column of a rule'],
  ])('%s with %j is unusable', (rowKey, columns, problem) => {
    expect(problemOf(rowKey, columns)).toContain(problem)
    expect(problemOf(rowKey, columns)).not.toContain('TOPSECRET')
  })

  it('of another partition stops the rules: it may be a rule with a mistyped key', () => {
    expect(read('~route:rest', { channels: 'ops' }, 'rules')).toMatchObject({
      kind: 'unusable',
      concerns: 'rules',
    })
  })

  it('has its fields as columns, and those of every row', () => {
    expect([...columnsOf.routes.keys()]).toEqual([
      ...['PartitionKey', 'RowKey', 'default', 'position', 'rules', 'scopes', 'targetTags', 'risk'],
      ...['channels', 'fallback', 'version', 'changedBy', 'changedAt'],
    ])
  })
})
