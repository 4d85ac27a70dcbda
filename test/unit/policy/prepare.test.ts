import { describe, expect, it } from 'vitest'
import type { Rule } from '../../../shared/domain/rule.ts'
import { prepareRules, requestersToAsk } from '../../../shared/policy/index.ts'
import { indexRules, rulesFor } from '../../../shared/policy/rule-index.ts'
import {
  connection,
  endpointIdIn,
  factoryId,
  id,
  managedSubscription,
  ownEndpointId,
  rule,
  storageId,
  subscription,
} from './given.ts'

const workspaceId = factoryId.replace('DataFactory/factories', 'Synapse/workspaces')
const accountId = factoryId.replace('DataFactory/factories', 'Purview/accounts')

function asked(rules: readonly Rule[], endpointName = 'adf-prod.mpe-blob'): readonly string[] {
  const endpoint = endpointIdIn(managedSubscription, 'rg', endpointName)
  return requestersToAsk(
    prepareRules({ complete: true, rules, hash: 'h' }),
    connection({ endpoint }),
    undefined,
  ).map(({ id }) => id)
}

function naming(requester: string, change: Partial<Rule> = {}): Rule {
  return rule({ id: `names-${requester}`, requester: { kind: 'resource', id: requester }, ...change })
}

describe('whom to ask', () => {
  it('is every kind of managed requester that a rule on the target names in full', () => {
    expect(asked([naming(factoryId), naming(workspaceId), naming(accountId)])).toEqual([
      factoryId,
      accountId,
      workspaceId,
    ])
  })

  it('is asked once, however many rules name it and however they spell it', () => {
    const again = rule({
      id: 'z',
      effect: 'deny',
      requester: { kind: 'resource', id: factoryId.replace('adf-prod', 'ADF-Prod') },
    })
    expect(asked([naming(factoryId), naming(factoryId, { id: 'y' }), again])).toHaveLength(1)
  })

  it('includes who is named by deny, ask and audit rules', () => {
    expect(asked([naming(factoryId, { effect: 'deny' })])).toEqual([factoryId])
    expect(asked([naming(factoryId, { effect: 'ask' })])).toEqual([factoryId])
    expect(asked([naming(factoryId, { mode: 'audit' })])).toEqual([factoryId])
  })

  it.each([
    ['ADF-PROD.mpe', true],
    ['adf-prod.mpe.with.dots', true],
    ['adf-prod.', true],
    ['adf-prod', false],
    ['adf-prod2.mpe', false],
    ['adf.prod.mpe', false],
    ['x.adf-prod.mpe', false],
    ['adf-\u212Arod.mpe', false],
    ['\u0430df-prod.mpe', false],
  ])('by the endpoint name %s: %s', (name, isAsked) => {
    expect(asked([naming(factoryId)], name)).toEqual(isAsked ? [factoryId] : [])
  })

  const guid = '00000001-0000-4000-8000-000000000001'
  const fabricId = `/fabric/workspaces/${guid}`
  const databricksId = `/databricks/accounts/${guid}/networkConnectivityConfigs/${guid}`
  const ofType = (type: string): string => factoryId.replace('DataFactory/factories', type)

  it.each([
    databricksId,
    ofType('Search/searchServices'),
    ofType('Dashboard/grafana'),
    ofType('Kusto/clusters'),
    ofType('Cdn/profiles'),
  ])('is always %s, whose endpoints say nothing by their names', (requester) => {
    for (const name of ['x', 'adf-elsewhere.mpe', '0a5e6f10-2222-4a6b-8c2d-a4a191c50002'])
      expect(asked([naming(requester)], name)).toEqual([requester])
  })

  it.each([
    [`${guid}.SqlPE`, true],
    [`${guid.toUpperCase()}.SqlPE`, true],
    [`x${guid}.SqlPE`, false],
    [guid, false],
    ['adf-prod.mpe', false],
  ])('is a Fabric workspace by its id in the endpoint name %s: %s', (name, isAsked) => {
    expect(asked([naming(fabricId)], name)).toEqual(isAsked ? [fabricId] : [])
  })

  it('is nobody named by a rule on another target, by a scope or as an ordinary endpoint', () => {
    expect(asked([naming(factoryId, { target: `${storageId}2` })])).toEqual([])
    expect(
      asked([rule({ requester: { kind: 'scope', pattern: `/subscriptions/${subscription}` } })]),
    ).toEqual([])
    expect(asked([naming(ownEndpointId)], 'pe-app.x')).toEqual([])
  })

  it('is nobody when the rules cannot be read or the endpoint is not shown', () => {
    expect(requestersToAsk({ complete: false, problem: 'x' }, connection(), undefined)).toEqual([])
    const prepared = prepareRules({ complete: true, rules: [naming(factoryId)], hash: 'h' })
    expect(requestersToAsk(prepared, connection({ endpoint: undefined }), undefined)).toEqual([])
  })
})

describe('the index', () => {
  const inGroup = `/subscriptions/${subscription}/resourceGroups/rg-data`
  const targets = [
    `/subscriptions/${subscription}`,
    inGroup,
    `/subscriptions/${subscription}/resourceGroups/rg-*`,
    storageId,
    `${inGroup}/providers/Microsoft.Storage/storageAccounts/st*`,
    storageId.replace('rg-data', '*'),
  ]

  it('finds rules on the target, on what holds it, and with patterns', () => {
    const rules = targets.map((target, index) => rule({ id: `r${index}`, target }))
    expect(rulesFor(indexRules(rules), id(storageId), undefined).map(({ rule: found }) => found.id)).toEqual([
      'r0',
      'r1',
      'r2',
      'r3',
      'r4',
      'r5',
    ])
  })

  it('finds rules on a resource for what lies under it', () => {
    const found = rulesFor(indexRules([rule()]), id(`${storageId}/blobServices/default`), undefined)
    expect(found).toHaveLength(1)
  })

  it('files rules of other targets where a search for this one does not come by', () => {
    const elsewhere = Array.from({ length: 500 }, (_, index) =>
      rule({ id: `r${index}`, target: storageId.replace('rg-data', `rg-${index}`) }),
    )
    const index = indexRules([...elsewhere, rule({ id: 'here' })])
    const consulted: string[] = []
    const spied = new Map(index.byLiteralKey)
    spied.get = (key) => {
      consulted.push(...(index.byLiteralKey.get(key) ?? []).map((filed) => filed.prepared.rule.id))
      return index.byLiteralKey.get(key)
    }
    rulesFor({ ...index, byLiteralKey: spied }, id(storageId), undefined)
    expect(consulted).toEqual(['here'])
  })
})
