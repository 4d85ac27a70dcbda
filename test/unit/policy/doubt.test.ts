import { describe, expect, it } from 'vitest'
import type { Facts, ManagementGroups } from '../../../shared/domain/verdict.ts'
import type { Rule } from '../../../shared/domain/rule.ts'
import {
  countRequest,
  evaluate,
  factsAskedFor,
  prepareRules,
  requestersToAsk,
} from '../../../shared/policy/index.ts'
import {
  conditionOf,
  confirmed,
  connection,
  endpointIdIn,
  factoryId,
  facts,
  foreignEndpointId,
  foreignTenant,
  id,
  verdictOf,
  managedSubscription,
  platform,
  provenFactory,
  rule,
  storageId,
  subscription,
} from './given.ts'

const askAnybody = rule({ id: 'ask-anybody', effect: 'ask', requester: undefined })
const ofUnknownType = (effect: Rule['effect']): Rule =>
  rule({
    effect,
    requester: {
      kind: 'scope',
      pattern: `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Batch/batchAccounts/adf-*`,
    },
  })
const managed = (name: string): Facts =>
  facts(platform('managed'), { endpoint: endpointIdIn(managedSubscription, 'vnet', name) })

describe('a rule on a target with a pattern', () => {
  it.each([
    ['rg-*', 'yes'],
    ['rg-d*a', 'yes'],
    ['rg-data*', 'yes'],
    ['rg-x*', undefined],
    ['*-dat', undefined],
    ['x*', undefined],
  ])('in the group %s', (name, match) => {
    const target = `/subscriptions/${subscription}/resourceGroups/${name}`
    expect(verdictOf([rule({ target })], provenFactory).explanation[0]?.match).toBe(match)
  })
})

describe('what is only held by the missing proof', () => {
  it('is an allow of a tenant, while nobody knows the tenant', () => {
    const nobodyKnows = { ...platform('foreign'), endpointTenantId: undefined, isManagedTenant: undefined }
    const allow = rule({ requester: { kind: 'tenant', tenantId: foreignTenant }, proof: 'platform' })
    expect(verdictOf([allow], facts(nobodyKnows, { endpoint: foreignEndpointId })).reason.code).toBe(
      'unproven-requester',
    )
  })

  it('is never an ask', () => {
    expect(verdictOf([rule({ effect: 'ask' })], facts(platform('managed'))).reason.code).toBe(
      'no-rule-matched',
    )
  })
})

describe('a requester that somebody names and nobody confirms', () => {
  it('counts as not confirmed', () => {
    const named = facts({ ...confirmed(factoryId), level: 'platform' })
    expect(conditionOf(rule({ effect: 'deny' }), named, 'requester')).toBe('unknown')
    const inGroup = rule({
      effect: 'deny',
      requester: { kind: 'scope', pattern: `/subscriptions/${subscription}` },
    })
    expect(conditionOf(inGroup, named, 'requester')).toBe('unknown')
  })

  it('may be in a scope of a type that requesters are not known to have, as far as names tell', () => {
    for (const effect of ['deny', 'ask'] as const) {
      expect(conditionOf(ofUnknownType(effect), managed('adf-prod.mpe'), 'requester')).toBe('unknown')
      expect(conditionOf(ofUnknownType(effect), managed('syn-prod.mpe'), 'requester')).toBe('no')
      expect(conditionOf(ofUnknownType(effect), managed('shortened'), 'requester')).toBe('unknown')
    }
  })
})

describe('a management group as requester of a deny', () => {
  it('may mean an endpoint that is not shown, whatever groups there are', () => {
    const deny = rule({ effect: 'deny', requester: { kind: 'management-group', name: 'apps' } })
    const groups = { names: ['apps'], isWhole: true }
    const around = { endpointGroups: groups, requesterGroups: groups }
    for (const proof of [platform('own'), confirmed(factoryId)])
      expect(conditionOf(deny, facts(proof, { endpoint: undefined }, around), 'requester')).toBe('unknown')
  })
})

describe('a rule of anybody', () => {
  it('asks nobody, and for nothing around the connection', () => {
    const prepared = prepareRules({ complete: true, rules: [askAnybody], hash: 'h' })
    expect(requestersToAsk(prepared, connection(), undefined)).toEqual([])
    expect(factsAskedFor(prepared, id(storageId), undefined)).toEqual({
      targetTags: false,
      requesterGroups: false,
      approved: false,
    })
  })
})

describe('terms', () => {
  it('are those of the deciding rule, also where others come before it', () => {
    const others = ['a', 'b'].map((ruleId) =>
      rule({ id: ruleId, groupIds: ['dfs'], approvalEndsAfter: 'P1D' }),
    )
    const decides = rule({ id: 'c', approvalEndsAfter: 'P90D' })
    expect(verdictOf([...others, decides], provenFactory).terms?.approvalEndsAfter).toBe('P90D')
  })
})

describe('a request of an earlier burst that finds no room', () => {
  const limit = { max: 1, windowMs: 1000 }
  const release = { key: 'again', at: 1500, decisionId: 'd-again', isRelease: true }

  it('leaves the window as it is, and stays with its case', () => {
    const first = { key: 'first', at: 1000, isOver: false }
    const over = { key: 'again', at: 1100, isOver: true }
    const window = { counted: [first, over], caseId: 'case', overAt: 1100 }
    const counted = countRequest(window, release, limit)
    expect(counted.window).toBe(window)
    expect(counted.caseId).toBe('case')
  })

  it('of which nothing is known leaves an empty window', () => {
    expect(countRequest(undefined, release, { ...limit, max: 0 })).toEqual({
      window: { counted: [], caseId: undefined, overAt: undefined },
      caseId: 'd-again',
      isJoining: false,
      inQuestion: undefined,
    })
  })
})

describe('the rules over a target', () => {
  const underGroup = (name: string) =>
    rule({ id: `in-${name}`, target: `/providers/Microsoft.Management/managementGroups/${name}` })
  const rules = [underGroup('apps'), underGroup('data'), rule({ id: 'here', version: 7 })]
  const idsIn = (targetGroups: ManagementGroups | undefined) => {
    const made = evaluate(
      facts(confirmed(factoryId), {}, { targetGroups }),
      prepareRules({ complete: true, rules, hash: 'h' }),
      new Date('2026-11-21T08:00:00Z'),
    )
    return [made.rulesOver, made.explanation].map((found) => found.map(({ ruleId }) => ruleId).sort())
  }
  const all = ['here', 'in-apps', 'in-data']

  it('are those of every management group, whichever the target lies under', () => {
    expect(idsIn(undefined)).toEqual([all, all])
    expect(idsIn({ names: ['apps'], isWhole: true })).toEqual([all, ['here', 'in-apps']])
    expect(idsIn({ names: ['apps'], isWhole: false })).toEqual([all, all])
  })
})
