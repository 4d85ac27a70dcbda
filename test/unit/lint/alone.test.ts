import { describe, expect, it } from 'vitest'
import type { Rule } from '../../../shared/domain/rule.ts'
import { lintRules, type LintCode } from '../../../shared/lint/index.ts'
import {
  codesOf,
  endpoint,
  factory,
  group,
  named,
  now,
  one,
  only,
  rule,
  subscription,
  tenantId,
  within,
} from './given.ts'

const managementGroups = '/providers/Microsoft.Management/managementGroups'
const endpoints = `${group}/providers/Microsoft.Network/privateEndpoints`

interface Case {
  readonly what: string
  readonly change: Partial<Rule>
  readonly code: LintCode
}

const found: readonly Case[] = [
  {
    what: 'an endpoint name of another beginning than the endpoints it names',
    change: { requester: within(`${endpoints}/pe-app-*`), endpointName: 'PE-web*' },
    code: 'never-matches',
  },
  {
    what: 'an endpoint name of another end than the endpoints it names',
    change: { requester: within(`${endpoints}/*-app`), endpointName: 'pe*-web' },
    code: 'never-matches',
  },
  {
    what: 'an endpoint name that the endpoints it names do not have',
    change: { requester: within(`${endpoints}/pe-*-app`), endpointName: 'pe-app' },
    code: 'never-matches',
  },
  {
    what: 'several answers from anybody',
    change: { effect: 'ask', requiredApprovals: 2 },
    code: 'quorum-of-anybody',
  },
  {
    what: 'a rejection after a time that the rule does not state',
    change: { effect: 'ask', atExpiry: 'reject' },
    code: 'rejects-after-default',
  },
  { what: 'an end that is past', change: { validUntil: '2026-11-21T12:00:00.000Z' }, code: 'expired' },
  {
    what: 'a past end of a deny',
    change: { effect: 'deny', validUntil: '2026-01-01T00:00:00.000Z' },
    code: 'expired',
  },
  { what: 'an end within 30 days', change: { validUntil: '2026-12-21T12:00:00.000Z' }, code: 'ends-soon' },
  {
    what: 'a beginning that is yet to come',
    change: { validFrom: '2026-11-22T00:00:00.000Z' },
    code: 'begins-later',
  },
  {
    what: 'a deny that begins later',
    change: { effect: 'deny', validFrom: '2027-11-22T00:00:00.000Z' },
    code: 'begins-later',
  },
  { what: 'no end', change: { validUntil: undefined }, code: 'no-end-date' },
  { what: 'no owner', change: { owner: undefined }, code: 'no-owner' },
  { what: 'a whole tenant', change: { requester: { kind: 'tenant', tenantId } }, code: 'whole-tenant' },
  {
    what: 'the root management group',
    change: { requester: { kind: 'management-group', name: tenantId } },
    code: 'whole-tenant',
  },
  {
    what: 'a management group as target',
    change: { target: `${managementGroups}/prod` },
    code: 'wide-target',
  },
  {
    what: 'platform proof for a subscription',
    change: { requester: within(subscription), proof: 'platform' },
    code: 'wide-platform-proof',
  },
  {
    what: 'platform proof for a management group',
    change: { requester: { kind: 'management-group', name: 'prod' }, proof: 'platform' },
    code: 'wide-platform-proof',
  },
  { what: 'an endpoint name that every name fits', change: { endpointName: '*' }, code: 'star-alone' },
  {
    what: 'such an endpoint name in a deny',
    change: { effect: 'deny', endpointName: '*' },
    code: 'star-alone',
  },
  {
    what: 'every group as target',
    change: { target: `${subscription}/resourceGroups/*` },
    code: 'star-alone',
  },
  {
    what: 'every account of a group as target',
    change: { target: named('Microsoft.Storage/storageAccounts/*') },
    code: 'star-alone',
  },
  { what: 'every endpoint of a group', change: { requester: within(`${endpoints}/*`) }, code: 'star-alone' },
  {
    what: 'a requester that cannot be confirmed',
    change: { requester: one(named('Microsoft.Kusto/clusters/adx')) },
    code: 'never-confirmed',
  },
]

const fine: readonly { readonly what: string; readonly change: Partial<Rule> }[] = [
  { what: 'all that a rule should say', change: {} },
  {
    what: 'an endpoint name that some endpoints it names have',
    change: { requester: within(`${endpoints}/pe-*-app`), endpointName: 'PE-web*' },
  },
  {
    what: 'an endpoint name of the one endpoint it names',
    change: { requester: one(endpoint), endpointName: 'pe-*' },
  },
  {
    what: 'an endpoint name beside a group of requesters',
    change: { requester: within(group), endpointName: 'x' },
  },
  {
    what: 'several answers from people it names',
    change: {
      effect: 'ask',
      approvers: ['ann@contoso.example', 'bob@contoso.example'],
      requiredApprovals: 2,
    },
  },
  {
    what: 'a rejection after a time that the rule states',
    change: { effect: 'ask', atExpiry: 'reject', expiresAfter: 'P3D' },
  },
  { what: 'a time without an end', change: { effect: 'ask', expiresAfter: 'P3D' } },
  { what: 'a reason required', change: { effect: 'ask', reasonRequired: true } },
  { what: 'an end in 31 days', change: { validUntil: '2026-12-22T12:00:00.000Z' } },
  { what: 'a deny without an end', change: { effect: 'deny', validUntil: undefined } },
  { what: 'a deny of a tenant', change: { effect: 'deny', requester: { kind: 'tenant', tenantId } } },
  { what: 'a deny under a management group', change: { effect: 'deny', target: `${managementGroups}/prod` } },
  {
    what: 'a management group of requesters',
    change: { requester: { kind: 'management-group', name: 'prod' } },
  },
  { what: 'a whole subscription as target', change: { target: subscription } },
  { what: 'platform proof for a group', change: { requester: within(group), proof: 'platform' } },
  { what: 'platform proof for an endpoint', change: { requester: one(endpoint), proof: 'platform' } },
  { what: 'confirmed proof for a subscription', change: { requester: within(subscription) } },
  { what: 'a star within a name', change: { target: `${subscription}/resourceGroups/rg-*` } },
  { what: 'a deny of every group', change: { effect: 'deny', target: `${subscription}/resourceGroups/*` } },
  {
    what: 'a deny of a requester that cannot be confirmed',
    change: { effect: 'deny', requester: one(named('Microsoft.Kusto/clusters/adx')) },
  },
  { what: 'a requester that can be confirmed', change: { requester: one(factory) } },
]

describe('a rule by itself', () => {
  it.each(found)('$what: $code', ({ change, code }) => {
    const finding = only([rule(change)])
    expect(finding).toMatchObject({ code, ruleId: 'the-rule' })
    expect(finding.about).toBeUndefined()
  })

  it.each(fine)('$what: nothing', ({ change }) => {
    expect(codesOf(rule(change))).toEqual([])
  })

  it('a tenant with platform proof is both wide and a whole tenant', () => {
    expect(codesOf(rule({ requester: { kind: 'tenant', tenantId }, proof: 'platform' }))).toEqual([
      'whole-tenant',
      'wide-platform-proof',
    ])
  })
})

describe('the findings', () => {
  it('of no rules are none', () => {
    expect(lintRules([], now)).toEqual([])
  })

  it('come in the order of the rules, and of each rule the gravest first', () => {
    const careless = { validUntil: undefined, owner: undefined, endpointName: 'x' }
    const rules = ['b', 'a'].map((id) =>
      rule({ ...careless, id, requester: within(`${endpoints}/pe-${id}`) }),
    )
    expect(
      lintRules(rules, now).map(({ ruleId, severity, code }) => `${ruleId} ${severity} ${code}`),
    ).toEqual([
      'b error never-matches',
      'b warning no-owner',
      'b note no-end-date',
      'a error never-matches',
      'a warning no-owner',
      'a note no-end-date',
    ])
  })

  it('speak of rules that cannot be placed, too, as far as they are understood', () => {
    expect(codesOf(rule({ target: '/nowhere', owner: undefined }), rule({ target: '/nowhere' }))).toEqual([
      'no-owner',
    ])
  })
})
