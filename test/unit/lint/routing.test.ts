import { describe, expect, it } from 'vitest'
import type { ChannelDefinition, Route } from '../../../shared/domain/route.ts'
import type { RuleContent } from '../../../shared/domain/rule.ts'
import { lintRouting } from '../../../shared/lint/index.ts'

const subscription = '/subscriptions/11111111-1111-1111-1111-111111111111'
const channel: ChannelDefinition = { kind: 'teams', name: 'ops', urlSetting: 'URL' }
const plain: Omit<Route, 'name'> = {
  ...{ rules: [], scopes: [], targetTags: [], risk: undefined },
  ...{ channels: ['ops'], fallback: [], isDefault: false },
}
const prod = { name: 'environment', value: 'prod' }

const route = (name: string, change: Partial<Route> = {}): Route => ({ ...plain, name, ...change })
const usual = route('rest', { isDefault: true })

function lint(routes: readonly Route[], channels = [channel], rules: readonly string[] = ['a', 'b']) {
  return lintRouting(
    { channels, routes },
    rules.map((id) => ({ id }) as RuleContent),
  )
}

function codes(...given: Parameters<typeof lint>): readonly string[] {
  return lint(...given).map(({ ruleId, code }) => `${ruleId} ${code}`)
}

describe('the linter says of channels and routes', () => {
  it('nothing where each does something', () => {
    expect(lint([route('one', { risk: 'high' }), usual])).toEqual([])
    expect(lint([], [])).toEqual([])
  })

  it('that no route names a channel; a fallback is enough', () => {
    const other: ChannelDefinition = { ...channel, name: 'other' }
    expect(lint([usual], [channel, other])).toEqual([
      {
        severity: 'warning',
        ruleId: 'channel:other',
        code: 'channel-unused',
        sentence: 'no route names this channel, so it is never notified. Name it in a route, or remove it.',
      },
    ])
    expect(codes([{ ...usual, fallback: ['other'] }], [channel, other])).toEqual([])
  })

  it('that a rule is not there, and that no rule is', () => {
    expect(lint([route('one', { rules: ['a', 'gone'] }), usual])).toMatchObject([
      {
        severity: 'warning',
        ruleId: 'route:one',
        code: 'route-rule-missing',
        sentence: 'rules names gone, which is not there. Correct the id, or leave it out.',
      },
    ])
    expect(codes([route('one', { rules: ['gone', 'A'] }), usual])).toEqual(['route:one route-never-matches'])
  })

  it.each<[string, Partial<Route>, Partial<Route>]>([
    ['no condition', {}, { rules: ['a'], risk: 'high' }],
    ['the same conditions', { rules: ['a'], targetTags: [prod] }, { rules: ['a'], targetTags: [prod] }],
    ['more rules', { rules: ['a', 'b'] }, { rules: ['b'] }],
    ['a wider scope', { scopes: [subscription] }, { scopes: [`${subscription}/resourceGroups/rg-a`] }],
    [
      'a pattern',
      { scopes: [`${subscription}/resourceGroups/rg-*`] },
      { scopes: [`${subscription}/resourceGroups/RG-a`] },
    ],
    [
      'the same management group',
      { scopes: ['/providers/Microsoft.Management/managementGroups/Corp'] },
      { scopes: ['/providers/Microsoft.Management/managementGroups/corp'] },
    ],
    [
      'fewer tags',
      { targetTags: [prod] },
      {
        targetTags: [
          { name: 'x', value: 'y' },
          { ...prod, name: 'Environment' },
        ],
      },
    ],
    ['the same risk', { risk: 'high' }, { risk: 'high', rules: ['a'] }],
  ])('that an earlier route with %s shadows a later one', (_, wide, narrow) => {
    expect(lint([route('one', wide), route('two', narrow), usual])).toContainEqual({
      severity: 'warning',
      ruleId: 'route:two',
      code: 'route-shadowed',
      sentence:
        'the route one comes before it and takes every message that it would take. Narrow that one, or move it down.',
      about: 'route:one',
    })
  })

  it.each<[string, Partial<Route>, Partial<Route>]>([
    ['another rule', { rules: ['a'] }, { rules: ['a', 'b'] }],
    ['a rule, before any rule', { rules: ['a'] }, { risk: 'high' }],
    ['a narrower scope', { scopes: [`${subscription}/resourceGroups/rg-a`] }, { scopes: [subscription] }],
    [
      'a name that begins alike',
      { scopes: [`${subscription}/resourceGroups/rg-a`] },
      { scopes: [`${subscription}/resourceGroups/rg-ab`] },
    ],
    [
      'a management group that may hold the subscription',
      { scopes: ['/providers/Microsoft.Management/managementGroups/corp'] },
      { scopes: [subscription] },
    ],
    ['more tags', { targetTags: [prod] }, { rules: ['a'] }],
    ['a tag of another value', { targetTags: [prod] }, { targetTags: [{ ...prod, value: 'Prod' }] }],
    ['a risk', { risk: 'high' }, { rules: ['a'] }],
    ['another risk', { risk: 'high' }, { risk: 'normal' }],
  ])('nothing of an earlier route with %s', (_, one, two) => {
    expect(codes([route('one', one), route('two', two), usual])).toEqual([])
  })

  it('that the default route is never reached, wherever it stands', () => {
    expect(codes([usual, route('all')])).toEqual(['route:rest route-shadowed'])
    expect(codes([route('all'), usual])).toEqual(['route:rest route-shadowed'])
  })

  it('nothing of a route after the default: that one is tried last', () => {
    expect(codes([usual, route('one', { risk: 'high' })])).toEqual([])
  })
})
