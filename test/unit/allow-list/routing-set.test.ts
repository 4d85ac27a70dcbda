import { describe, expect, it } from 'vitest'
import type { ChannelContent, RouteContent } from '../../../shared/allow-list/routing/content.ts'
import { forms } from '../../../shared/allow-list/routing/forms.ts'
import { columnsOfItem } from '../../../shared/allow-list/table/columns.ts'
import { routingOf } from '../../../shared/allow-list/table/routing-set.ts'
import { keyOfItem, keyOfRow, type ListRows, readRow } from '../../../shared/allow-list/table/rows.ts'
import { ruleSetOf } from '../../../shared/allow-list/table/rule-set.ts'
import { row } from './given.ts'
import { inOrder, mail, route, teams, webhook } from './given-routing.ts'

const revision = { version: 1, changedBy: undefined, changedAt: undefined }

type Columns = Record<string, unknown>

function rowsOf(
  channels: readonly ChannelContent[],
  routes: readonly RouteContent[],
  ...others: readonly Columns[]
): ListRows {
  const rows: readonly Columns[] = [
    ...channels.map((item) => ({
      ...{ partitionKey: 'rule', rowKey: keyOfItem(forms.channels, item) },
      ...columnsOfItem(forms.channels, { ...item, ...revision }),
    })),
    ...routes.map((item) => ({
      ...{ partitionKey: 'rule', rowKey: keyOfItem(forms.routes, item) },
      ...columnsOfItem(forms.routes, { ...item, ...revision }),
    })),
    ...others,
  ]
  const read = rows.map((columns) => readRow({ columns, etag: 'x' }))
  return new Map(read.map((one) => [keyOfRow(one), one]))
}

const usual = route('rest', { default: true })
const bad = { partitionKey: 'rule', rowKey: '~route:bad', channels: 'ops', risk: 'low' }
const badDefault = { partitionKey: 'rule', rowKey: '~route:rest', channels: 'Ops', default: 'true' }

function namesOf(rows: ListRows): readonly string[] {
  return routingOf(rows).routing.routes.map(({ name }) => name)
}

describe('the routing', () => {
  it('has channels by name, and routes in the order in which they are tried', () => {
    const rows = rowsOf(
      [webhook('z'), mail('ops', { fromTag: 'owner', fromTagDomains: ['a.example'] }), teams('b')],
      [
        ...inOrder(route('second'), route('first')).map((one, at) => ({ ...one, position: 2 - at })),
        { ...usual, position: 3 },
      ],
    )
    expect(routingOf(rows)).toEqual({
      routing: {
        channels: [
          { kind: 'teams', name: 'b', urlSetting: 'TEAMS_URL' },
          {
            kind: 'email',
            name: 'ops',
            to: ['approvers@contoso.example'],
            fromTag: { name: 'owner', domains: ['a.example'] },
          },
          {
            kind: 'webhook',
            name: 'z',
            url: 'https://hooks.contoso.example/x',
            secretSetting: 'WEBHOOK_SECRET',
          },
        ],
        routes: ['first', 'second', 'rest'].map((name) => ({
          ...{
            name,
            rules: [],
            scopes: [],
            targetTags: [],
            risk: undefined,
            channels: ['ops'],
            fallback: [],
          },
          isDefault: name === 'rest',
        })),
      },
      problems: [],
    })
  })

  it('is empty where there are no channels and routes, and nothing is wrong with that', () => {
    expect(routingOf(rowsOf([], []))).toEqual({ routing: { channels: [], routes: [] }, problems: [] })
  })

  it('leaves out a row that cannot be used, and says so', () => {
    const rows = rowsOf([mail('ops')], [usual], bad)
    expect(namesOf(rows)).toEqual(['rest'])
    expect(routingOf(rows).problems).toEqual([
      'Row "~route:bad": risk is "low"; it must be normal or high (or left out for both). It is left out.',
    ])
  })

  it('puts routes that were written by hand without a position after the others, by name', () => {
    expect(namesOf(rowsOf([mail('ops')], [route('b'), route('a'), ...inOrder(route('z')), usual]))).toEqual([
      ...['z', 'a', 'b', 'rest'],
    ])
  })

  it.each<[string, readonly Columns[]]>([
    ['was removed by hand', []],
    ['cannot be read', [badDefault]],
  ])('notifies every channel by default where the default route %s', (_, others) => {
    const { routing, problems } = routingOf(rowsOf([mail('ops'), teams('b')], [], ...others))
    expect(routing.routes).toMatchObject([{ isDefault: true, channels: ['b', 'ops'] }])
    expect(problems.slice(others.length)).toEqual([
      expect.stringContaining('there is no default route'),
      'Until then every channel is notified of what no route takes.',
    ])
  })

  it('has one default route where rows hold two', () => {
    const rows = rowsOf([mail('ops')], inOrder(usual, route('other', { default: true }), route('c')))
    expect(namesOf(rows)).toEqual(['rest', 'c'])
    expect(routingOf(rows).problems).toEqual([
      'Route "other": default is true, as it is of the route rest; only one route takes what no other takes.',
    ])
  })

  it('says which route names a channel that is not there', () => {
    expect(routingOf(rowsOf([mail('ops')], [route('a', { fallback: ['gone'] }), usual])).problems).toEqual([
      'Route "a": fallback has "gone", which is not a channel; the channels are ops.',
    ])
  })
})

describe('rules and routing', () => {
  it('a row of a channel or route that cannot be used stops no rule', () => {
    expect(ruleSetOf(rowsOf([mail('ops')], [usual], bad, row()))).toMatchObject({
      complete: true,
      rules: [{ id: 'adf-to-blob' }],
    })
  })

  it('a row of a rule that cannot be used takes no channel and no route away', () => {
    const rows = rowsOf([mail('ops')], [usual], row({ effect: 'dney' }))
    expect(ruleSetOf(rows)).toMatchObject({
      complete: false,
      problem: expect.stringContaining('1 of 1 rows') as unknown,
    })
    expect(routingOf(rows)).toMatchObject({
      routing: { channels: [{ name: 'ops' }], routes: [{ name: 'rest' }] },
      problems: [],
    })
  })

  it('the hash of the rules is the same whatever the channels and routes', () => {
    const one = ruleSetOf(rowsOf([], [], row()))
    expect(ruleSetOf(rowsOf([mail('ops')], [usual], row()))).toEqual(one)
  })
})
