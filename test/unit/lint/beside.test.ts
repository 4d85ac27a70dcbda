import { describe, expect, it } from 'vitest'
import type { Rule } from '../../../shared/domain/rule.ts'
import { lintRules } from '../../../shared/lint/index.ts'
import {
  account,
  codesOf,
  deny,
  endpoint,
  factory,
  group,
  many,
  named,
  now,
  one,
  otherSubscription,
  rule,
  subscription,
  tenantId,
  findingsOf,
  within,
} from './given.ts'

const managementGroup = '/providers/Microsoft.Management/managementGroups/prod'
const endpoints = `${group}/providers/Microsoft.Network/privateEndpoints`
const tag = { name: 'environment', value: 'prod' }

interface Pair {
  readonly what: string
  readonly outer: Partial<Rule>
  readonly inner: Partial<Rule>
}

const covered: readonly Pair[] = [
  { what: 'the group of the target', outer: { target: group }, inner: {} },
  { what: 'the group in other capitals', outer: { target: group.toUpperCase() }, inner: {} },
  { what: 'the subscription of the target', outer: { target: subscription }, inner: { target: group } },
  {
    what: 'a pattern over the name of the group',
    outer: { target: `${subscription}/resourceGroups/rg-*` },
    inner: {},
  },
  {
    what: 'a wider pattern over the name',
    outer: { target: account('st*') },
    inner: { target: account('st*prod*') },
  },
  {
    what: 'the same management group',
    outer: { target: managementGroup },
    inner: { target: managementGroup.toLowerCase(), groupIds: ['blob'] },
  },
  {
    what: 'more types',
    outer: { targetTypes: ['Microsoft.Storage/storageAccounts', 'Microsoft.Sql/servers'], target: group },
    inner: { targetTypes: ['microsoft.sql/servers'], target: group },
  },
  {
    what: 'fewer tags',
    outer: { targetTags: [tag] },
    inner: { targetTags: [{ name: 'a', value: 'b' }, tag] },
  },
  { what: 'more groups', outer: { groupIds: ['blob', 'dfs'] }, inner: { groupIds: ['DFS'] } },
  { what: 'every group', outer: {}, inner: { groupIds: ['blob'] } },
  {
    what: 'a wider endpoint name',
    outer: { endpointName: 'adf-prod.*' },
    inner: { endpointName: 'adf-prod.mpe*' },
  },
  { what: 'any endpoint name', outer: {}, inner: { endpointName: 'adf-prod.mpe*' } },
  {
    what: 'the group of its endpoint',
    outer: { requester: within(group) },
    inner: { requester: one(endpoint) },
  },
  {
    what: 'the subscription of its requesters',
    outer: { requester: within(subscription) },
    inner: { requester: within(group) },
  },
  {
    what: 'a wider pattern of endpoints',
    outer: { requester: within(`${endpoints}/pe-*`) },
    inner: { requester: within(`${endpoints}/pe-a*`) },
  },
  {
    what: 'a proof that is less',
    outer: { requester: within(group), proof: 'platform' },
    inner: { requester: one(endpoint) },
  },
  { what: 'no limit of connections', outer: {}, inner: { maxConnections: 2 } },
  {
    what: 'a longer time',
    outer: { validFrom: '2026-12-01T00:00:00.000Z' },
    inner: { validFrom: '2027-01-01T00:00:00.000Z', validUntil: '2027-02-01T00:00:00.000Z' },
  },
  {
    what: 'a beginning that is past, too',
    outer: { validFrom: '2026-11-01T00:00:00.000Z', groupIds: ['blob', 'dfs'] },
    inner: { validFrom: '2026-10-01T00:00:00.000Z', groupIds: ['blob'] },
  },
]

const uncovered: readonly Pair[] = [
  { what: 'another group', outer: { target: `${subscription}/resourceGroups/rg-dat` }, inner: {} },
  { what: 'another subscription', outer: { target: otherSubscription }, inner: { target: subscription } },
  {
    what: 'a management group over the target, as far as is known',
    outer: { target: managementGroup },
    inner: {},
  },
  {
    what: 'a narrower pattern',
    outer: { target: account('st*a') },
    inner: { target: account('st*') },
  },
  {
    what: 'fewer types',
    outer: { targetTypes: ['Microsoft.Sql/servers'], target: group },
    inner: { targetTypes: ['Microsoft.Storage/storageAccounts', 'Microsoft.Sql/servers'], target: group },
  },
  {
    what: 'types, where the inner rule has any, for its target may have children',
    outer: { targetTypes: ['Microsoft.Storage/storageAccounts'] },
    inner: { groupIds: ['blob'] },
  },
  {
    what: 'another value of a tag',
    outer: { targetTags: [tag] },
    inner: { targetTags: [{ ...tag, value: 'Prod' }] },
  },
  {
    what: 'some groups, where the inner rule has any',
    outer: { groupIds: ['blob'] },
    inner: { endpointName: 'x' },
  },
  { what: 'other groups', outer: { groupIds: ['blob'] }, inner: { groupIds: ['blob', 'dfs'] } },
  { what: 'some names', outer: { endpointName: 'a*' }, inner: { groupIds: ['blob'] } },
  { what: 'another requester', outer: { requester: one(`${factory}2`) }, inner: { groupIds: ['blob'] } },
  { what: 'the group of a factory', outer: { requester: within(group) }, inner: { groupIds: ['blob'] } },
  {
    what: 'its tenant, as far as is known',
    outer: { requester: { kind: 'tenant', tenantId } },
    inner: { requester: within(group) },
  },
  {
    what: 'a proof that is more',
    outer: { requester: within(group) },
    inner: { requester: one(endpoint), proof: 'platform' },
  },
  {
    what: 'a limit of connections',
    outer: { maxConnections: 3 },
    inner: { maxConnections: 2, groupIds: ['blob'] },
  },
  {
    what: 'a shorter time',
    outer: { validUntil: '2027-02-01T00:00:00.000Z' },
    inner: { validUntil: '2027-02-01T00:00:00.001Z', groupIds: ['blob'] },
  },
  {
    what: 'a later beginning',
    outer: { validFrom: '2026-11-21T12:00:00.001Z' },
    inner: { groupIds: ['blob'] },
  },
  {
    what: 'another end of the approval',
    outer: { approvalEndsAfter: 'P30D' },
    inner: { groupIds: ['blob'] },
  },
]

describe('a rule beside one of the same effect', () => {
  const rulesOf = ({ outer, inner }: Pair): readonly Rule[] => [
    rule({ id: 'inner', ...inner }),
    rule({ id: 'outer', ...outer }),
  ]

  it.each(covered)('is shadowed by $what', (pair) => {
    const rules = rulesOf(pair)
    expect(findingsOf(rules, 'shadowed')).toEqual(['inner by outer'])
    expect(findingsOf(rules.toReversed(), 'shadowed')).toEqual(['inner by outer'])
  })

  it.each(uncovered)('is not shadowed by $what', (pair) => {
    expect(findingsOf(rulesOf(pair), 'shadowed').filter((text) => text.startsWith('inner'))).toEqual([])
  })

  it('is not shadowed where either is only for the audit', () => {
    const [inner, outer] = [rule({ id: 'inner' }), rule({ id: 'outer', target: group })]
    expect(findingsOf([{ ...inner, mode: 'audit' }, outer], 'shadowed')).toEqual([])
    expect(findingsOf([inner, { ...outer, mode: 'audit' }], 'shadowed')).toEqual([])
  })

  it('is shadowed by the first only, when two mean the same in other words', () => {
    const [first, second] = ['first', 'second'].map((id, index) =>
      rule({ id, validFrom: `2026-0${index + 1}-01T00:00:00.000Z` }),
    )
    if (first === undefined || second === undefined) throw new Error('Two rules were made.')
    expect(findingsOf([first, second], 'shadowed')).toEqual(['second by first'])
    expect(findingsOf([second, first], 'shadowed')).toEqual(['first by second'])
  })

  it('an ask is shadowed only where as many of the same people are asked', () => {
    const inner = rule({ id: 'inner', effect: 'ask', approvers: ['ann', 'bob'], requiredApprovals: 1 })
    const outer = rule({ id: 'outer', effect: 'ask', target: group, approvers: ['Bob', 'ann'] })
    expect(findingsOf([inner, outer], 'shadowed')).toEqual(['inner by outer'])
    expect(findingsOf([inner, { ...outer, approvers: ['ann'] }], 'shadowed')).toEqual([])
    expect(findingsOf([inner, { ...outer, requiredApprovals: 2 }], 'shadowed')).toEqual([])
  })

  it.each<Partial<Rule>>([
    { reasonRequired: true },
    { expiresAfter: 'P3D' },
    { atExpiry: 'reject', expiresAfter: 'P3D' },
  ])('an ask is shadowed only where its question is the same, not by one with %j', (terms) => {
    const inner = rule({ id: 'inner', effect: 'ask' })
    const outer = rule({ id: 'outer', effect: 'ask', target: group })
    expect(findingsOf([inner, { ...outer, ...terms }], 'shadowed')).toEqual([])
    expect(findingsOf([{ ...inner, ...terms }, outer], 'shadowed')).toEqual([])
    expect(
      findingsOf(
        [
          { ...inner, ...terms },
          { ...outer, ...terms },
        ],
        'shadowed',
      ),
    ).toEqual(['inner by outer'])
  })

  it('a deny of a factory is not shadowed by a deny of its group: its name alone may mean it elsewhere', () => {
    const inner = deny({ id: 'inner', requester: one(factory) })
    expect(findingsOf([inner, deny({ requester: within(group) })], 'shadowed')).toEqual([])
    expect(findingsOf([inner, deny()], 'shadowed')).toEqual(['inner by the-deny'])
  })

  it('that says the very same is a duplicate, and not shadowed as well', () => {
    const same = { id: 'same', target: account('ST'), owner: 'somebody', ticket: 'CHG-1' }
    expect(lintRules([rule(), rule(same)], now)).toMatchObject([
      { severity: 'warning', code: 'duplicate', ruleId: 'same', about: 'the-rule' },
    ])
  })

  it('that differs in anything that counts is no duplicate', () => {
    const changes: readonly Partial<Rule>[] = [
      { mode: 'audit' },
      { effect: 'ask' },
      { target: group },
      { targetTypes: ['Microsoft.Storage/storageAccounts'] },
      { targetTags: [tag] },
      { groupIds: ['blob'] },
      { requester: within(factory) },
      { endpointName: 'adf-prod.*' },
      { proof: 'platform' },
      { maxConnections: 1 },
      { validFrom: '2026-01-01T00:00:00.000Z' },
      { validUntil: '2027-01-01T00:00:00.000Z' },
      { approvalEndsAfter: 'P1D' },
      { approvers: ['ann'] },
      { requiredApprovals: 2 },
      { reasonRequired: true },
      { expiresAfter: 'P3D' },
      { atExpiry: 'reject' },
    ]
    for (const change of changes)
      expect(findingsOf([rule(), rule({ id: 'b', ...change })], 'duplicate')).toEqual([])
  })

  it('is looked at beside two hundred in the same place, and what comes after these is told once', () => {
    const alike = Array.from({ length: 202 }, (_, index) =>
      rule({ id: `r${index}`, endpointName: `adf-prod.${index}` }),
    )
    expect(findingsOf(alike, 'not-compared')).toEqual(['r200'])
    expect(findingsOf(alike.slice(0, 200), 'not-compared')).toEqual([])
  })
})

describe('a rule beside one whose effect goes before its own', () => {
  it('is overruled when all that it covers is denied or asked about', () => {
    expect(findingsOf([rule(), deny({ target: group })], 'overruled')).toEqual(['the-rule by the-deny'])
    expect(findingsOf([rule(), deny({ effect: 'ask' })], 'overruled')).toEqual(['the-rule by the-deny'])
    expect(findingsOf([rule({ effect: 'ask' }), deny()], 'overruled')).toEqual(['the-rule by the-deny'])
  })

  it('is overruled when its factory lies in what is denied', () => {
    expect(findingsOf([rule(), deny({ requester: within(group) })], 'overruled')).toEqual([
      'the-rule by the-deny',
    ])
  })

  it('an ask about a factory is not, for an endpoint elsewhere may bear its name', () => {
    expect(findingsOf([rule({ effect: 'ask' }), deny({ requester: within(group) })], 'overruled')).toEqual([])
  })

  it('is not overruled by what covers a part of it, by what ends before it, by what is only for the audit', () => {
    expect(findingsOf([rule(), deny({ groupIds: ['blob'] })], 'overruled')).toEqual([])
    expect(findingsOf([rule(), deny({ validUntil: '2027-01-01T00:00:00.000Z' })], 'overruled')).toEqual([])
    expect(findingsOf([rule(), deny({ mode: 'audit' })], 'overruled')).toEqual([])
    expect(findingsOf([rule({ mode: 'audit' }), deny()], 'overruled')).toEqual([])
  })

  it('a deny is never overruled, and nothing is overruled by an allow', () => {
    expect(codesOf(deny(), rule({ effect: 'ask', requester: one(factory), groupIds: ['blob'] }))).toEqual([
      'overruled',
    ])
    expect(codesOf(deny({ groupIds: ['blob'] }), rule({ target: group }))).toEqual([])
  })
})

describe('an allow that is wider than its neighbours', () => {
  const wide = { id: 'wide', target: subscription, groupIds: ['table'], endpointName: 'adf-prod.x' }

  it('names a subscription, where others for its requester name resources', () => {
    expect(lintRules([...many(3, { groupIds: ['blob'] }), rule(wide)], now)).toMatchObject([
      {
        severity: 'warning',
        code: 'wider-than-neighbours',
        ruleId: 'wide',
        about: 'narrow-0',
        sentence: `target is ${subscription}, while 3 of the 3 other allow rules (such as narrow-0) for the same requester name single resources.`,
      },
    ])
  })

  it.each([managementGroup, account('st*')])('so does one that names %s', (target) => {
    expect(findingsOf([...many(3), rule({ ...wide, target })], 'wider-than-neighbours')).toEqual([
      'wide by narrow-0',
    ])
  })

  it('names a group of requesters, where others on its target name single ones', () => {
    const others = many(3, { target: account('st'), groupIds: ['blob'] }).map((each, index) => ({
      ...each,
      requester: one(`${factory}${index}`),
    }))
    const wider = rule({ id: 'wide', requester: within(group), groupIds: ['blob'] })
    expect(findingsOf([...others, wider], 'wider-than-neighbours')).toEqual(['wide by narrow-0'])
  })

  it('names no groups, where others on targets of its type do', () => {
    const others = many(3, { groupIds: ['blob'] })
    const byType = { id: 'wide', target: group, targetTypes: ['microsoft.storage/storageAccounts'] }
    expect(findingsOf([...others, rule({ id: 'wide' })], 'wider-than-neighbours')).toEqual([
      'wide by narrow-0',
    ])
    expect(findingsOf([...others, rule(byType)], 'wider-than-neighbours')).toEqual(['wide by narrow-0'])
  })

  it('does not stand out among fewer than three, among others as wide, or among rules of another effect', () => {
    expect(findingsOf([...many(2), rule(wide)], 'wider-than-neighbours')).toEqual([])
    expect(
      findingsOf([...many(3), rule(wide), rule({ ...wide, id: 'wide2' })], 'wider-than-neighbours'),
    ).toEqual([])
    expect(findingsOf([...many(3, { effect: 'deny' }), rule(wide)], 'wider-than-neighbours')).toEqual([])
    expect(findingsOf([...many(3), rule({ ...wide, effect: 'deny' })], 'wider-than-neighbours')).toEqual([])
    expect(
      findingsOf(
        [...many(3, { validUntil: '2026-01-01T00:00:00.000Z' }), rule(wide)],
        'wider-than-neighbours',
      ),
    ).toEqual([])
  })

  it('stands out when one in ten others is as wide', () => {
    const rules = [...many(9), rule(wide), rule({ ...wide, id: 'wide2' })]
    expect(findingsOf(rules, 'wider-than-neighbours')).toEqual(['wide by narrow-0', 'wide2 by narrow-0'])
  })

  it('may name a resource group, or another requester', () => {
    expect(findingsOf([...many(3), rule({ ...wide, target: group })], 'wider-than-neighbours')).toEqual([])
    expect(
      findingsOf(
        [...many(3), rule({ ...wide, requester: one(named('Microsoft.Synapse/workspaces/syn')) })],
        'wider-than-neighbours',
      ),
    ).toEqual([])
  })
})
