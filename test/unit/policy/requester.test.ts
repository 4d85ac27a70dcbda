import { describe, expect, it } from 'vitest'
import type { Effect, RequesterPattern } from '../../../shared/domain/rule.ts'
import type { Facts, Match } from '../../../shared/domain/verdict.ts'
import {
  conditionOf,
  confirmed,
  endpointIdIn,
  facts,
  factoryId,
  foreignEndpointId,
  foreignSubscription,
  foreignTenant,
  verdictOf,
  managedEndpointId,
  managedSubscription,
  managedTenant,
  noProof,
  otherSubscription,
  ownEndpointId,
  ownTenant,
  platform,
  provenFactory,
  rule,
  storageId,
  subscription,
} from './given.ts'

const otherFactory = factoryId.replace('adf-prod', 'adf-other')
const guidOf = (digit: string): string => `0000000${digit}-0000-4000-8000-00000000000${digit}`
const workspaceId = `/fabric/workspaces/${guidOf('1')}`
const networkId = `/databricks/accounts/${guidOf('2')}/networkConnectivityConfigs/${guidOf('3')}`
const searchId = factoryId.replace('DataFactory/factories', 'Search/searchServices')
const undotted = endpointIdIn(managedSubscription, 'rg', 'adfprodmpeblob')
const someoneElses = endpointIdIn(managedSubscription, 'rg', 'adf-elsewhere.mpe')

const situations = {
  'the factory, confirmed': provenFactory,
  'another factory, confirmed': facts(confirmed(otherFactory)),
  'an endpoint in a managed network with its name': facts(platform('managed')),
  'a managed endpoint with a name of another': facts(platform('managed'), { endpoint: someoneElses }),
  'a managed endpoint without a dot': facts(platform('managed'), { endpoint: undotted }),
  'a managed endpoint named after the Fabric workspace': facts(platform('managed'), {
    endpoint: endpointIdIn(managedSubscription, 'rg', `${guidOf('1').toUpperCase()}.SqlPE`),
  }),
  'the Fabric workspace, confirmed': facts(confirmed(workspaceId, 'fabric-workspace'), {
    endpoint: endpointIdIn(managedSubscription, 'rg', `${guidOf('1')}.SqlPE`),
  }),
  'the Databricks network, confirmed': facts(confirmed(networkId, 'databricks-network'), {
    endpoint: endpointIdIn(managedSubscription, 'rg', 'databricks-1-pe-2'),
  }),
  'a foreign endpoint with its name': facts(platform('foreign'), {
    endpoint: endpointIdIn(foreignSubscription, 'rg', 'adf-prod.mpe-blob'),
  }),
  'a foreign endpoint without a dot': facts(platform('foreign'), { endpoint: foreignEndpointId }),
  'an own endpoint, platform': facts(platform('own'), { endpoint: ownEndpointId }),
  'an own endpoint, confirmed': facts(confirmed(ownEndpointId, 'private-endpoint'), {
    endpoint: ownEndpointId,
  }),
  'an endpoint of an unknown tenant': facts(noProof, { endpoint: ownEndpointId }),
  'no endpoint at all': facts(noProof, { endpoint: undefined }),
} satisfies Record<string, Facts>

type Situation = keyof typeof situations
type Expected = Partial<Record<Situation, Match>>

const factory: RequesterPattern = { kind: 'resource', id: factoryId }
const endpoint: RequesterPattern = { kind: 'resource', id: ownEndpointId }
const managedEndpoint: RequesterPattern = { kind: 'resource', id: managedEndpointId }
const ownScope: RequesterPattern = { kind: 'scope', pattern: `/subscriptions/${subscription}` }
const factoriesByName: RequesterPattern = { kind: 'scope', pattern: factoryId.replace('adf-prod', 'adf-p*') }
const endpointsByName: RequesterPattern = { kind: 'scope', pattern: ownEndpointId.replace('pe-app', 'pe-*') }

const maybeNamedAnyhow: Expected = {
  'an endpoint in a managed network with its name': 'unknown',
  'a managed endpoint with a name of another': 'unknown',
  'a managed endpoint without a dot': 'unknown',
  'a managed endpoint named after the Fabric workspace': 'unknown',
  'an endpoint of an unknown tenant': 'unknown',
  'no endpoint at all': 'unknown',
}

/** Situations left out expect `no`. */
const table: readonly [string, Effect, RequesterPattern, Expected][] = [
  [
    'an allow of a factory',
    'allow',
    factory,
    {
      'the factory, confirmed': 'yes',
      'an endpoint in a managed network with its name': 'unknown',
      'a managed endpoint without a dot': 'unknown',
      'a foreign endpoint with its name': 'unknown',
      'an endpoint of an unknown tenant': 'unknown',
      'no endpoint at all': 'unknown',
    },
  ],
  [
    'a deny of a factory',
    'deny',
    factory,
    {
      'the factory, confirmed': 'yes',
      'an endpoint in a managed network with its name': 'unknown',
      'a managed endpoint without a dot': 'unknown',
      'a foreign endpoint with its name': 'unknown',
      'an endpoint of an unknown tenant': 'unknown',
      'no endpoint at all': 'unknown',
    },
  ],
  ...(['allow', 'deny'] as const).flatMap((effect): [string, Effect, RequesterPattern, Expected][] => [
    [
      `${effect} of a Fabric workspace`,
      effect,
      { kind: 'resource', id: workspaceId.toUpperCase() },
      {
        'the Fabric workspace, confirmed': 'yes',
        'a managed endpoint named after the Fabric workspace': 'unknown',
        'a managed endpoint without a dot': 'unknown',
        'an endpoint of an unknown tenant': 'unknown',
        'no endpoint at all': 'unknown',
      },
    ],
    [
      `${effect} of a Databricks network`,
      effect,
      { kind: 'resource', id: networkId },
      { ...maybeNamedAnyhow, 'the Databricks network, confirmed': 'yes' },
    ],
    [
      `${effect} of a search service, whose endpoints carry no name`,
      effect,
      { kind: 'resource', id: searchId },
      maybeNamedAnyhow,
    ],
  ]),
  [
    'a deny of search services by the beginning of their name',
    'deny',
    { kind: 'scope', pattern: searchId.replace('adf-prod', 'adf-p*') },
    maybeNamedAnyhow,
  ],
  [
    'an allow of an ordinary endpoint',
    'allow',
    endpoint,
    {
      'an own endpoint, platform': 'yes',
      'an own endpoint, confirmed': 'yes',
      'an endpoint of an unknown tenant': 'unknown',
      'no endpoint at all': 'unknown',
    },
  ],
  [
    'a deny of an ordinary endpoint',
    'deny',
    endpoint,
    {
      'an own endpoint, platform': 'yes',
      'an own endpoint, confirmed': 'yes',
      'an endpoint of an unknown tenant': 'yes',
      'no endpoint at all': 'unknown',
    },
  ],
  [
    'an allow of an endpoint that lies in a managed network',
    'allow',
    managedEndpoint,
    { 'no endpoint at all': 'unknown' },
  ],
  [
    'an allow of a subscription',
    'allow',
    ownScope,
    {
      'an own endpoint, platform': 'yes',
      'an own endpoint, confirmed': 'yes',
      'an endpoint of an unknown tenant': 'unknown',
      'no endpoint at all': 'unknown',
    },
  ],
  [
    'a deny of a subscription',
    'deny',
    ownScope,
    {
      'the factory, confirmed': 'yes',
      'another factory, confirmed': 'yes',
      'an own endpoint, platform': 'yes',
      'an own endpoint, confirmed': 'yes',
      'an endpoint of an unknown tenant': 'yes',
      'an endpoint in a managed network with its name': 'unknown',
      'a managed endpoint with a name of another': 'unknown',
      'a managed endpoint without a dot': 'unknown',
      'a managed endpoint named after the Fabric workspace': 'unknown',
      'no endpoint at all': 'unknown',
    },
  ],
  [
    'a deny of factories by the beginning of their name',
    'deny',
    factoriesByName,
    {
      'the factory, confirmed': 'yes',
      'an endpoint in a managed network with its name': 'unknown',
      'a managed endpoint without a dot': 'unknown',
      'an endpoint of an unknown tenant': 'unknown',
      'no endpoint at all': 'unknown',
    },
  ],
  [
    'a deny of ordinary endpoints by the beginning of their name',
    'deny',
    endpointsByName,
    {
      'an own endpoint, platform': 'yes',
      'an own endpoint, confirmed': 'yes',
      'an endpoint of an unknown tenant': 'yes',
      'no endpoint at all': 'unknown',
    },
  ],
  [
    'an allow of the own tenant',
    'allow',
    { kind: 'tenant', tenantId: ownTenant.toUpperCase() },
    {
      'an own endpoint, platform': 'yes',
      'an own endpoint, confirmed': 'yes',
      'an endpoint of an unknown tenant': 'unknown',
      'no endpoint at all': 'unknown',
    },
  ],
  [
    'an allow of a managed tenant',
    'allow',
    { kind: 'tenant', tenantId: managedTenant },
    { 'an endpoint of an unknown tenant': 'unknown', 'no endpoint at all': 'unknown' },
  ],
  [
    'a deny of a managed tenant',
    'deny',
    { kind: 'tenant', tenantId: managedTenant },
    {
      'the factory, confirmed': 'yes',
      'another factory, confirmed': 'yes',
      'an endpoint in a managed network with its name': 'yes',
      'a managed endpoint with a name of another': 'yes',
      'a managed endpoint without a dot': 'yes',
      'a managed endpoint named after the Fabric workspace': 'yes',
      'the Fabric workspace, confirmed': 'yes',
      'the Databricks network, confirmed': 'yes',
      'an endpoint of an unknown tenant': 'unknown',
      'no endpoint at all': 'unknown',
    },
  ],
  [
    'a deny of a foreign tenant',
    'deny',
    { kind: 'tenant', tenantId: foreignTenant },
    {
      'a foreign endpoint with its name': 'yes',
      'a foreign endpoint without a dot': 'yes',
      'an endpoint of an unknown tenant': 'unknown',
      'no endpoint at all': 'unknown',
    },
  ],
]

describe.each(table)('%s', (_title, effect, requester, expected) => {
  it.each(Object.keys(situations) as Situation[])('and %s', (situation) => {
    const match = conditionOf(rule({ effect, requester }), situations[situation], 'requester')
    expect(match).toBe(expected[situation] ?? 'no')
  })

  it('means the same as an ask where it is a deny', () => {
    if (effect === 'allow') return
    const asked = Object.values(situations).map((about) =>
      conditionOf(rule({ effect: 'ask', requester }), about, 'requester'),
    )
    const denied = Object.values(situations).map((about) =>
      conditionOf(rule({ effect: 'deny', requester }), about, 'requester'),
    )
    expect(asked).toEqual(denied)
  })
})

describe('an allow of a requester that can never be confirmed', () => {
  it('never approves, and says that proof is what is missing', () => {
    for (const about of Object.values(situations)) {
      const { outcome, reason } = verdictOf([rule({ requester: { kind: 'resource', id: searchId } })], about)
      expect(outcome).toBe('escalate')
      expect(['unproven-requester', 'no-rule-matched']).toContain(reason.code)
    }
    const about = situations['a managed endpoint without a dot']
    expect(verdictOf([rule({ requester: { kind: 'resource', id: searchId } })], about).reason.code).toBe(
      'unproven-requester',
    )
  })
})

describe('a rule that names no requester', () => {
  it('denies anybody', () => {
    for (const about of Object.values(situations))
      expect(verdictOf([rule({ effect: 'deny', requester: undefined })], about).outcome).toBe('reject')
  })

  it('allows nobody', () => {
    for (const about of Object.values(situations))
      expect(verdictOf([rule({ requester: undefined, proof: 'platform' })], about).outcome).toBe('escalate')
  })
})

describe('what a person reads of the requester', () => {
  it.each([
    ['the factory, confirmed', /^Data Factory adf-prod \(.*factories\/adf-prod\), confirmed$/],
    [
      'an endpoint in a managed network with its name',
      /^somebody not confirmed, behind an endpoint named adf-prod\.mpe-blob in subscription 3{8}.* where managed networks live$/,
    ],
    ['an endpoint of an unknown tenant', /of a tenant nobody could name$/],
    ['no endpoint at all', /^unknown, because the connection does not show its endpoint$/],
  ] as const)('when it is %s', (situation, sentence) => {
    const actual = verdictOf([rule()], situations[situation]).explanation[0]?.conditions.find(
      ({ name }) => name === 'requester',
    )?.actual
    expect(actual).toMatch(sentence)
  })
})

describe('what a person reads of the wanted requester', () => {
  it.each([
    ['allow', factory, `Data Factory adf-prod (${factoryId})`],
    ['allow', ownScope, `an ordinary endpoint in /subscriptions/${subscription}`],
    ['deny', ownScope, `anybody in /subscriptions/${subscription}`],
    ['allow', { kind: 'tenant', tenantId: ownTenant }, `an ordinary endpoint of tenant ${ownTenant}`],
    ['ask', { kind: 'tenant', tenantId: ownTenant }, `anybody of tenant ${ownTenant}`],
    ['allow', { kind: 'resource', id: workspaceId }, `Fabric workspace ${guidOf('1')} (${workspaceId})`],
    ['ask', { kind: 'resource', id: storageId }, storageId],
    ['ask', { kind: 'resource', id: 'adf' }, 'adf'],
  ] as const)('when a rule says %s of %j', (effect, requester, words) => {
    const actual = verdictOf([rule({ effect, requester })], provenFactory).explanation[0]
    expect(actual?.conditions.find(({ name }) => name === 'requester')?.expected).toBe(words)
  })
})

describe('an allow of a tenant', () => {
  it('is not met while nobody could say whether managed networks live there', () => {
    const requester: RequesterPattern = { kind: 'tenant', tenantId: ownTenant }
    const about = facts({ ...platform('own'), isManagedTenant: undefined }, { endpoint: ownEndpointId })
    expect(conditionOf(rule({ requester }), about, 'requester')).toBe('unknown')
  })
})

describe('an ordinary endpoint allowed by its subscription', () => {
  const about = situations['an own endpoint, platform']
  const requester: RequesterPattern = ownScope

  it('is approved on the word of the platform when the rule accepts that', () => {
    expect(verdictOf([rule({ requester, proof: 'platform' })], about).outcome).toBe('approve')
  })

  it('waits for a person when the rule wants it confirmed', () => {
    expect(verdictOf([rule({ requester })], about).reason.code).toBe('unproven-requester')
  })

  it('is not approved by a rule for another subscription', () => {
    const other: RequesterPattern = { kind: 'scope', pattern: `/subscriptions/${otherSubscription}` }
    expect(verdictOf([rule({ requester: other, proof: 'platform' })], about).reason.code).toBe(
      'no-rule-matched',
    )
  })
})
