import { describe, expect, it } from 'vitest'
import type { Rule } from '../../../shared/domain/rule.ts'
import type { Facts } from '../../../shared/domain/verdict.ts'
import {
  confirmed,
  endpointIdIn,
  facts,
  factoryId,
  foreignSubscription,
  id,
  verdictOf,
  managedEndpointId,
  managedSubscription,
  managedTenant,
  noProof,
  ownEndpointId,
  ownTenant,
  platform,
  provenFactory,
  rule,
  storageId,
  subscription,
} from './given.ts'

/** The rule set most attacks aim at: one factory, and ordinary endpoints of the own subscription. */
const rules: readonly Rule[] = [
  rule({ id: 'factory' }),
  rule({
    id: 'own-endpoints',
    requester: { kind: 'scope', pattern: `/subscriptions/${subscription}/resourceGroups/rg-a` },
    proof: 'platform',
  }),
]

function foreign(name: string): Facts {
  return facts(platform('foreign'), { endpoint: endpointIdIn(foreignSubscription, 'rg', name) })
}

function managed(name: string): Facts {
  return facts(platform('managed'), { endpoint: endpointIdIn(managedSubscription, 'rg', name) })
}

function own(group: string): Facts {
  return facts(platform('own'), { endpoint: endpointIdIn(subscription, group, 'pe-1') })
}

describe('the targets of the attacks', () => {
  it('are approved for those they are meant for', () => {
    expect(verdictOf(rules, provenFactory).outcome).toBe('approve')
    expect(verdictOf(rules, own('rg-a')).outcome).toBe('approve')
  })
})

describe('is not approved', () => {
  const attacks: readonly [string, Facts][] = [
    ['a foreign endpoint named as the factory would name its own', foreign('adf-prod.mpe-blob')],
    ['a managed endpoint of the right name that nobody confirmed', managed('adf-prod.mpe-blob')],
    ['a managed endpoint whose name was shortened', managed('adf-prodmpe')],
    [
      'a factory whose name is spelled with a Kelvin sign',
      facts(confirmed(factoryId.replace('adf', 'adf\u212A'))),
    ],
    ['a group whose name ends in a dotless i', own('rg-\u0131')],
    [
      'a factory whose name has a Cyrillic a',
      facts(confirmed(factoryId.replace('adf-prod', '\u0430df-prod'))),
    ],
    ['a group whose name has a Cyrillic a', own('rg-\u0430')],
    ['a group whose name has a full-width a', own('rg-\uFF41')],
    ['a group whose name only begins like the listed one', own('rg-ab')],
    ['a group whose name ends in a dot', own('rg-a.')],
    [
      'a group with the listed name in another subscription',
      facts(platform('foreign'), { endpoint: endpointIdIn(foreignSubscription, 'rg-a', 'pe-1') }),
    ],
    ['a factory of the same name in another group', facts(confirmed(factoryId.replace('rg-adf', 'rg-evil')))],
    [
      'a workspace of the same name',
      facts(confirmed(factoryId.replace('DataFactory/factories', 'Synapse/workspaces'), 'synapse-workspace')),
    ],
    ['a factory called like the listed one with a dot at the end', facts(confirmed(`${factoryId}.`))],
    ['a connection that shows no endpoint', facts(noProof, { endpoint: undefined })],
    [
      'an endpoint of the own subscription whose tenant nobody could name',
      facts(noProof, { endpoint: endpointIdIn(subscription, 'rg-a', 'pe-1') }),
    ],
    [
      'an endpoint that claims the own group but lies in a managed tenant',
      facts(platform('managed'), { endpoint: endpointIdIn(subscription, 'rg-a', 'pe-1') }),
    ],
    ['a proof called confirmed that names nobody', facts({ ...confirmed(factoryId), requester: undefined })],
    [
      'a requester named in a proof that is not confirmed',
      facts({ ...confirmed(factoryId), level: 'platform' }),
    ],
    [
      'an ordinary endpoint confirmed as another one',
      facts(confirmed(ownEndpointId, 'private-endpoint'), {
        endpoint: endpointIdIn(subscription, 'rg-a', 'pe-1'),
      }),
    ],
    [
      'the factory on another target',
      facts(confirmed(factoryId), { target: storageId.replace('stdata', 'stdata2') }),
    ],
    [
      'the factory on a target whose name has a Kelvin sign',
      facts(confirmed(factoryId), { target: storageId.replace('stdata', 'st\u212A') }),
    ],
  ]
  it.each(attacks)('%s', (_title, about) => {
    const verdict = verdictOf(rules, about)
    expect(verdict.outcome).toBe('escalate')
    expect(verdict.decidedBy).toBeUndefined()
  })

  it('an asker for a rule spelled with the ASCII letter, when the id has the Kelvin sign', () => {
    const withK = factoryId.replace('adf-prod', 'adf-k')
    const about = facts(confirmed(withK.replace('adf-k', 'adf-\u212A')))
    expect(verdictOf([rule({ requester: { kind: 'resource', id: withK } })], about).outcome).toBe('escalate')
    expect(
      verdictOf(
        [rule({ requester: { kind: 'resource', id: withK } })],
        facts(confirmed(withK.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions'))),
      ).outcome,
    ).toBe('approve')
  })

  it('anybody through a rule whose requester cannot be understood', () => {
    for (const requester of [
      { kind: 'resource', id: 'adf-prod' },
      { kind: 'resource', id: '*' },
      { kind: 'scope', pattern: '*' },
      { kind: 'scope', pattern: '/subscriptions/*' },
      { kind: 'tenant', tenantId: '*' },
    ] as const)
      expect(verdictOf([rule({ requester, proof: 'platform' })], own('rg-a')).outcome).toBe('escalate')
  })

  it('a managed requester through the id of its endpoint or its tenant', () => {
    for (const requester of [
      { kind: 'resource', id: managedEndpointId },
      { kind: 'scope', pattern: `/subscriptions/${managedSubscription}` },
      { kind: 'tenant', tenantId: managedTenant },
    ] as const)
      for (const about of [managed('adf-prod.mpe-blob'), facts(platform('managed')), provenFactory])
        expect(verdictOf([rule({ requester, proof: 'platform' })], about).outcome).toBe('escalate')
  })

  it('a managed requester through its subscription, although confirmed', () => {
    const requester = { kind: 'scope', pattern: `/subscriptions/${subscription}` } as const
    expect(verdictOf([rule({ requester })], provenFactory).outcome).toBe('escalate')
  })

  it.each([
    ['confirmed to be somebody else', { requester: confirmed(factoryId).requester }],
    ['called confirmed while nobody is named', { requester: undefined }],
    ['confirmed while nobody knows whether its tenant has managed networks', { isManagedTenant: undefined }],
  ] as const)('an endpoint as an ordinary one of a tenant, a scope or by its id, %s', (_title, change) => {
    const about = facts(
      { ...confirmed(ownEndpointId, 'private-endpoint'), ...change },
      { endpoint: ownEndpointId },
    )
    for (const requester of [
      { kind: 'resource', id: ownEndpointId },
      { kind: 'scope', pattern: `/subscriptions/${subscription}` },
      { kind: 'tenant', tenantId: ownTenant },
    ] as const)
      expect(verdictOf([rule({ requester })], about).outcome).toBe('escalate')
  })

  it('a connection that shows no endpoint through the rule of a tenant', () => {
    const about = facts(platform('own'), { endpoint: undefined })
    const requester = { kind: 'tenant', tenantId: ownTenant } as const
    expect(verdictOf([rule({ requester, proof: 'platform' })], about).outcome).toBe('escalate')
  })

  it('a groupless request where the rule lists groups', () => {
    expect(
      verdictOf(
        [rule({ groupIds: ['blob'] })],
        facts({ ...confirmed(factoryId), groupIds: [] }, { groupIds: [] }),
      ).outcome,
    ).toBe('escalate')
  })
})

describe('a competing claim', () => {
  it('for the same managed endpoint leaves the request unproven, in words a person can use', () => {
    const sentence = 'Two pending connections claim the managed endpoint adf-prod.mpe-blob.'
    const about = facts({ ...platform('managed'), refusals: [{ code: 'competing-claim', sentence }] })
    const { reason, outcome } = verdictOf(rules, about)
    expect([outcome, reason.code]).toEqual(['escalate', 'unproven-requester'])
    expect(reason.sentence).toContain(sentence)
  })

  it('cannot bring direction-changing characters into the sentence', () => {
    const refusals = [{ code: 'competing-claim', sentence: 'Called \u202Eboo\u202C.' }] as const
    expect(verdictOf(rules, facts({ ...platform('managed'), refusals })).reason.sentence).toContain(
      'Called \uFFFDboo\uFFFD.',
    )
  })
})

describe('somebody with a requester of their own', () => {
  const guid = '00000001-0000-4000-8000-000000000001'
  const otherGuid = '00000002-0000-4000-8000-000000000002'
  const fabricId = `/fabric/workspaces/${guid}`
  const networkId = `/databricks/accounts/${guid}/networkConnectivityConfigs/${guid}`
  const searchId = factoryId.replace('DataFactory/factories', 'Search/searchServices')
  const ours = [fabricId, networkId, searchId].map((requester, index) =>
    rule({ id: `ours-${index}`, requester: { kind: 'resource', id: requester } }),
  )

  it.each([
    [
      'another Fabric workspace, confirmed',
      facts(confirmed(fabricId.replace(guid, otherGuid), 'fabric-workspace')),
    ],
    [
      'another network of the same Databricks account, confirmed',
      facts(confirmed(networkId.replace(/[^/]+$/, otherGuid), 'databricks-network')),
    ],
    [
      'a network of the same id in another Databricks account, confirmed',
      facts(confirmed(networkId.replace(guid, otherGuid), 'databricks-network')),
    ],
    [
      'a search service of the same name elsewhere, confirmed',
      facts(confirmed(searchId.replace('rg-adf', 'rg-evil'), 'search-service')),
    ],
    ['a factory that is named like the id of our Fabric workspace', managed(`${guid}.SqlPE`)],
    ['an endpoint in a managed network that says nothing', managed('pe-1')],
    ['an endpoint of their own named like one of our workspace', foreign(`${guid}.SqlPE`)],
    ['an endpoint of their own named as Databricks names one', foreign('databricks-1-pe-2')],
  ])('is not approved: %s', (_title, about) => {
    expect(verdictOf(ours, about).outcome).toBe('escalate')
  })

  it('does not slip past a deny of ours', () => {
    const denies = ours.map((one) => ({ ...one, effect: 'deny' as const }))
    const allow = rule({ id: 'z', requester: { kind: 'tenant', tenantId: managedTenant } })
    for (const about of [managed('pe-1'), managed('adf-elsewhere.mpe'), managed(`${guid}.SqlPE`)])
      expect(verdictOf([...denies, allow], about).reason.code).toBe('may-be-denied')
  })

  it('does not hold up a requester that is confirmed by asking beside it', () => {
    const denies = ours.map((one) => ({ ...one, effect: 'deny' as const }))
    expect(verdictOf([...denies, rule({ id: 'z' })], provenFactory).outcome).toBe('approve')
  })
})

describe('a deny cannot be slipped past', () => {
  const deny = rule({ id: 'deny', effect: 'deny' })
  it.each([
    ['by not being confirmed', managed('adf-prod.x')],
    ['by a name with two dots', managed('adf-prod.x.y')],
    ['by a name in capitals', managed('ADF-PROD.x')],
    ['by a shortened name', managed('adfprodx')],
    ['by showing no endpoint', facts(noProof, { endpoint: undefined })],
  ])('%s', (_title, about) => {
    const allowAll = rule({
      id: 'allow',
      requester: { kind: 'scope', pattern: `/subscriptions/${managedSubscription}` },
    })
    expect(verdictOf([deny, allowAll], about).reason.code).toBe('may-be-denied')
  })

  it.each([
    { kind: 'resource', id: 'adf-prod' },
    { kind: 'resource', id: storageId },
    { kind: 'scope', pattern: 'rg-*' },
  ] as const)('by a requester in the rule that cannot be understood: %j', (requester) => {
    expect(verdictOf([rule({ effect: 'deny', requester })], provenFactory).reason.code).toBe('may-be-denied')
  })

  it('by rules that are spelled in another case', () => {
    expect(
      verdictOf(
        [
          rule({
            effect: 'deny',
            target: storageId.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions'),
          }),
        ],
        provenFactory,
      ).outcome,
    ).toBe('reject')
  })
})

describe('ids that are no ids', () => {
  it.each([
    storageId.replace('rg-data', '..'),
    `${storageId}/../../stother/x`,
    storageId.replace('stdata', 'st%2e%2e'),
    `//${storageId.slice(1)}`,
  ])('%s does not become a target', (text) => {
    expect(() => id(text)).toThrow('not a resource id')
  })
})
