import fc from 'fast-check'
import type { Proof } from '../../../shared/domain/proof.ts'
import type { RequesterPattern, Rule } from '../../../shared/domain/rule.ts'
import { nothingKnown, type Facts } from '../../../shared/domain/verdict.ts'
import {
  connection,
  endpointIdIn,
  factoryId,
  foreignSubscription,
  foreignTenant,
  id,
  managedSubscription,
  managedTenant,
  ownTenant,
  rule,
  subscription,
} from './given.ts'

const group = `/subscriptions/${subscription}/resourceGroups`
const storage = 'providers/Microsoft.Storage/storageAccounts'

/** Few enough that rules and requests meet often, and near enough to each other that a careless match would show. */
const targetIds = ['rg-a', 'rg-ab'].flatMap((name) =>
  ['st', 'st2'].map((account) => `${group}/${name}/${storage}/${account}`),
)
const wideScopes = [`/subscriptions/${subscription}`, `${group}/rg-*`]
const targetScopes = [
  ...targetIds,
  `/subscriptions/${subscription}`,
  `${group}/rg-a`,
  `${group}/rg-*`,
  `${group}/RG-AB`,
  `${group}/rg-a/${storage}/st*`,
]
const otherFactoryId = factoryId.replace('adf-prod', 'adf-test')
const endpointIds = [
  endpointIdIn(managedSubscription, 'vnet', 'adf-prod.mpe'),
  endpointIdIn(managedSubscription, 'vnet', 'adf-test.mpe'),
  endpointIdIn(managedSubscription, 'vnet', 'shortened'),
  endpointIdIn(foreignSubscription, 'rg', 'adf-prod.mpe'),
  endpointIdIn(subscription, 'rg-a', 'pe'),
  endpointIdIn(subscription, 'rg-ab', 'pe'),
]
const tenantBySubscription: Readonly<Record<string, string>> = {
  [managedSubscription]: managedTenant,
  [foreignSubscription]: foreignTenant,
  [subscription]: ownTenant,
}

const requesters: readonly RequesterPattern[] = [
  ...[factoryId, otherFactoryId, ...endpointIds].map((resource) => ({
    kind: 'resource' as const,
    id: resource,
  })),
  ...[
    `/subscriptions/${subscription}`,
    `${group}/rg-a`,
    `${group}/rg-*`,
    `/subscriptions/${managedSubscription}`,
  ].map((pattern) => ({ kind: 'scope' as const, pattern })),
  ...[ownTenant, managedTenant, foreignTenant].map((tenantId) => ({ kind: 'tenant' as const, tenantId })),
]

const factoryRequester = requesters[0]
const groups = fc.subarray(['blob', 'dfs', 'file'])
const time = mostly(
  undefined,
  fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-11-21T12:00:00.000Z', '2027-01-01T00:00:00.000Z'),
)

/** Mostly the value that lets anything pass, so that rules with several conditions still match now and then. */
function mostly<Usual, Other>(usual: Usual, others: fc.Arbitrary<Other>): fc.Arbitrary<Usual | Other> {
  return fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: others })
}

const anyRuleButItsId = fc.record({
  effect: fc.constantFrom('allow', 'allow', 'ask', 'deny'),
  mode: fc.constantFrom('enforce', 'enforce', 'enforce', 'audit'),
  target: fc.oneof(fc.constantFrom(...wideScopes), fc.constantFrom(...targetScopes)),
  targetTypes: mostly([], fc.constantFrom(['microsoft.storage/storageaccounts'], ['Microsoft.Sql/servers'])),
  groupIds: mostly([], groups),
  requester: fc.oneof(fc.constantFrom(factoryRequester, undefined), fc.constantFrom(...requesters)),
  endpointName: mostly(undefined, fc.constantFrom('adf-prod.*', 'pe', '*.mpe')),
  proof: fc.constantFrom('confirmed', 'platform'),
  validFrom: time,
  validUntil: time,
} as const)

/** Rules with ids of their own, in no order. */
export const anyRules: fc.Arbitrary<readonly Rule[]> = fc
  .uniqueArray(fc.tuple(fc.stringMatching(/^[A-Za-z0-9._-]{1,3}$/), anyRuleButItsId), {
    selector: ([ruleId]) => ruleId,
    maxLength: 8,
  })
  .map((rules) => rules.map(([ruleId, change]) => rule({ ...change, id: ruleId })))

function proofsOf(endpoint: string | undefined): readonly Proof[] {
  const tenantId = endpoint === undefined ? undefined : tenantBySubscription[id(endpoint).subscriptionId]
  const isManagedTenant = tenantId === managedTenant
  const unproven = { requester: undefined, groupIds: undefined, refusals: [] }
  const nothing: Proof = {
    ...unproven,
    level: 'none',
    endpointTenantId: undefined,
    isManagedTenant: undefined,
  }
  if (endpoint === undefined || tenantId === undefined) return [nothing]
  const platform: Proof = { ...unproven, level: 'platform', endpointTenantId: tenantId, isManagedTenant }
  const witnesses = isManagedTenant
    ? [factoryId, otherFactoryId].map((factory) => ({ kind: 'data-factory' as const, id: id(factory) }))
    : [{ kind: 'private-endpoint' as const, id: id(endpoint) }]
  const confirmed = witnesses.flatMap((requester) =>
    [undefined, ['blob'], ['blob', 'dfs']].map((groupIds) => ({
      ...platform,
      level: 'confirmed' as const,
      requester,
      groupIds,
    })),
  )
  return [nothing, platform, ...confirmed]
}

/** A pending connection of anybody, with any proof that can come with it. */
export const anyFacts: fc.Arbitrary<Facts> = fc
  .record({
    target: fc.constantFrom(...targetIds),
    endpoint: fc.constantFrom(...endpointIds, undefined),
    groupIds: fc.option(groups, { nil: undefined }),
  })
  .chain(({ target, endpoint, groupIds }) =>
    fc.constantFrom(...proofsOf(endpoint)).map((proof) => ({
      connection: connection({ target, endpoint, ...(groupIds && { groupIds }) }),
      proof,
      context: nothingKnown,
    })),
  )

/** A rule whose target is certainly not the target of these facts. */
export const anyRuleElsewhere: fc.Arbitrary<Rule> = anyRuleButItsId.map((change) =>
  rule({ ...change, id: 'elsewhere', target: `${group}/rg-elsewhere/${storage}/st` }),
)
