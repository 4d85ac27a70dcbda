import { describe, expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { Effect, Rule } from '../../../shared/domain/rule.ts'
import type { ManagementGroups, Context } from '../../../shared/domain/verdict.ts'
import { asksForTargetGroups, factsAskedFor, prepareRules } from '../../../shared/policy/index.ts'
import { plainTerms } from '../../support/sample-rule.ts'
import {
  conditionOf,
  confirmed,
  connection,
  endpointIdIn,
  factoryId,
  facts,
  foreignSubscription,
  id,
  verdictOf,
  managedSubscription,
  otherSubscription,
  ownEndpointId,
  platform,
  rule,
  storageId,
  subscription,
} from './given.ts'

const group = (name: string): string => `/providers/Microsoft.Management/managementGroups/${name}`
const whole = (...names: string[]): ManagementGroups => ({ names: ['root', ...names], isWhole: true })
const partly = (...names: string[]): ManagementGroups => ({ names, isWhole: false })
const ofFactory = confirmed(factoryId)
const around = (context: Partial<Context>) => facts(ofFactory, {}, context)

describe('a management group as target', () => {
  const platformTeam = rule({ target: group('Data-Platform') })

  it.each([
    ['lies under it', whole('data-platform', 'lakes'), 'approve', 'allowed-by-rule'],
    ['lies under another', whole('payroll'), 'escalate', 'no-rule-matched'],
    ['lies under a group that begins like it', whole('data-platform-2'), 'escalate', 'no-rule-matched'],
    [
      'lies under groups that are read in part, this one among them',
      partly('data-platform'),
      'approve',
      'allowed-by-rule',
    ],
    ['lies under groups that are read in part, others', partly('lakes'), 'escalate', 'no-rule-matched'],
    ['lies nobody knows where', undefined, 'escalate', 'no-rule-matched'],
  ] as const)('when the subscription %s: %s', (_words, targetGroups, outcome, code) => {
    const verdict = verdictOf([platformTeam], around({ targetGroups }))
    expect([verdict.outcome, verdict.reason.code]).toEqual([outcome, code])
  })

  it('is looked at only where it may hold the target', () => {
    const explanation = (targetGroups: ManagementGroups | undefined) =>
      verdictOf(
        [platformTeam, rule({ id: 'other', target: group('payroll') })],
        around({ targetGroups }),
      ).explanation.map(({ ruleId, match }) => `${ruleId}: ${match}`)
    expect(explanation(whole('payroll'))).toEqual(['other: yes'])
    expect(explanation(partly('payroll'))).toEqual(['other: yes', 'the-rule: unknown'])
    expect(explanation(undefined)).toEqual(['other: unknown', 'the-rule: unknown'])
  })

  it('that denies and may hold the target sends the request to a person, whatever allows it', () => {
    const denied = rule({ id: 'deny', effect: 'deny', target: group('payroll'), requester: undefined })
    const code = (targetGroups: ManagementGroups | undefined) =>
      verdictOf([rule(), denied], around({ targetGroups })).reason.code
    expect([undefined, partly(), whole(), whole('payroll')].map(code)).toEqual([
      'may-be-denied',
      'may-be-denied',
      'allowed-by-rule',
      'denied-by-rule',
    ])
  })

  it('tells what was seen', () => {
    const target = (targetGroups: ManagementGroups | undefined) =>
      verdictOf([platformTeam], around({ targetGroups })).explanation[0]?.conditions[0]
    expect(target(undefined)).toEqual({
      name: 'target',
      match: 'unknown',
      expected: group('Data-Platform'),
      actual: `unknown, because not all groups above ${subscription} can be read`,
    })
    expect(target(whole('data-platform'))?.actual).toBe(storageId)
  })
})

describe('a management group as requester', () => {
  const inGroup = (effect: Effect): Rule =>
    rule({
      effect,
      requester: { kind: 'management-group', name: 'Apps' },
      ...(effect === 'allow' && { proof: 'platform' as const }),
    })
  const ordinary = (endpointGroups: ManagementGroups | undefined) =>
    facts(platform('own'), { endpoint: ownEndpointId }, { endpointGroups })

  it.each([
    ['under it', whole('apps'), 'yes', 'yes'],
    ['elsewhere', whole('lakes'), 'no', 'no'],
    ['perhaps under it', partly('lakes'), 'unknown', 'unknown'],
    ['nobody knows where', undefined, 'unknown', 'unknown'],
  ] as const)('means ordinary endpoints %s', (_words, groups, allowed, denied) => {
    expect(conditionOf(inGroup('allow'), ordinary(groups), 'requester')).toBe(allowed)
    expect(conditionOf(inGroup('deny'), ordinary(groups), 'requester')).toBe(denied)
  })

  it('never allows an endpoint in a managed network, or one whose tenant nobody knows', () => {
    const known = { endpointGroups: whole('apps'), requesterGroups: whole('apps') }
    expect(conditionOf(inGroup('allow'), facts(ofFactory, {}, known), 'requester')).toBe('no')
    expect(conditionOf(inGroup('allow'), facts(platform('managed'), {}, known), 'requester')).toBe('no')
    const nobodyKnows = { ...platform('own'), isManagedTenant: undefined, endpointTenantId: undefined }
    expect(conditionOf(inGroup('allow'), facts(nobodyKnows, {}, known), 'requester')).toBe('unknown')
  })

  it.each([
    ['is under it', ofFactory, whole('apps'), 'yes'],
    ['is elsewhere', ofFactory, whole('lakes'), 'no'],
    ['is nobody knows where', ofFactory, undefined, 'unknown'],
    ['is not confirmed', platform('managed'), whole('lakes'), 'unknown'],
    [
      'lies in no subscription',
      confirmed('/fabric/workspaces/00000001-0000-4000-8000-000000000001', 'fabric-workspace'),
      undefined,
      'no',
    ],
  ] as const)(
    'denies who stands behind a managed endpoint when that %s',
    (_words, proof, requesterGroups, match) => {
      expect(conditionOf(inGroup('deny'), facts(proof, {}, { requesterGroups }), 'requester')).toBe(match)
    },
  )

  it('may be anybody when the endpoint is not shown', () => {
    expect(conditionOf(inGroup('deny'), facts(ofFactory, { endpoint: undefined }), 'requester')).toBe(
      'unknown',
    )
  })

  it('is told in words', () => {
    const expected = (effect: Effect) =>
      verdictOf([inGroup(effect)], ordinary(whole())).explanation[0]?.conditions.find(
        ({ name }) => name === 'requester',
      )?.expected
    expect(expected('allow')).toBe('an ordinary endpoint in the subscriptions under management group apps')
    expect(expected('ask')).toBe('anybody in the subscriptions under management group apps')
  })
})

describe('tags of the target', () => {
  const tagged = rule({
    targetTags: [
      { name: 'environment', value: 'prod' },
      { name: 'tier', value: 'Gold' },
    ],
  })
  const tags = (...pairs: [string, string][]) =>
    around({ targetTags: pairs.map(([name, value]) => ({ name, value })) })

  it.each([
    ['all there', tags(['tier', 'Gold'], ['environment', 'prod'], ['owner', 'x']), 'yes'],
    ['names in other case', tags(['TIER', 'Gold'], ['Environment', 'prod']), 'yes'],
    ['a value in other case', tags(['tier', 'gold'], ['environment', 'prod']), 'no'],
    ['one missing', tags(['environment', 'prod']), 'no'],
    ['none', tags(), 'no'],
    ['not readable', around({}), 'unknown'],
  ] as const)('%s', (_words, about, match) => {
    expect(conditionOf(tagged, about, 'targetTags')).toBe(match)
  })

  it('are told beside what was expected', () => {
    const conditionOf = (about: ReturnType<typeof tags>) =>
      verdictOf([tagged], about).explanation[0]?.conditions.find(({ name }) => name === 'targetTags')
    expect(conditionOf(tags(['environment', 'dev\u202E']))).toMatchObject({
      expected: 'environment=prod, tier=Gold',
      actual: expect.stringMatching(/^"environment=dev.+", no tier$/) as string,
    })
    expect(conditionOf(around({}))?.actual).toBe('unknown, because they could not be read')
  })

  it('that cannot be read keep an allow from approving and a deny from rejecting', () => {
    expect(verdictOf([tagged], around({})).outcome).toBe('escalate')
    expect(verdictOf([rule(), { ...tagged, id: 'deny', effect: 'deny' }], around({})).reason.code).toBe(
      'may-be-denied',
    )
  })

  it('are no matter of proof: who asks is known', () => {
    expect(verdictOf([tagged], around({})).reason.code).toBe('no-rule-matched')
  })
})

describe('the most connections of one requester on a target', () => {
  const atMost = (maxConnections: number, change: Partial<Rule> = {}): Rule =>
    rule({ maxConnections, ...change })
  const other = (name: string, endpoint: string | undefined): Connection => ({
    ...connection({ endpoint }),
    id: id(`${storageId}/privateEndpointConnections/${name}`),
    status: 'Approved',
  })
  const managed = (name: string) => endpointIdIn(managedSubscription, 'rg', name)
  const approved = (...endpoints: (string | undefined)[]) =>
    around({ approved: endpoints.map((endpoint, index) => other(`c${index}`, endpoint)) })

  it.each([
    ['none yet', approved(), 'yes'],
    ['one of two', approved(managed('adf-prod.a')), 'yes'],
    ['two of two', approved(managed('adf-prod.a'), managed('ADF-PROD.b')), 'no'],
    ['others beside it', approved(managed('adf-x.a'), managed('adf-prod2.a'), ownEndpointId), 'yes'],
    ['one whose endpoint is not shown', approved(managed('adf-prod.a'), undefined), 'no'],
    ['nobody knows', around({}), 'unknown'],
  ] as const)('%s', (_words, about, match) => {
    expect(conditionOf(atMost(2), about, 'maxConnections')).toBe(match)
  })

  it('leaves out the connection that is evaluated', () => {
    const itself = { ...facts(ofFactory).connection, status: 'Approved' }
    expect(conditionOf(atMost(1), around({ approved: [itself] }), 'maxConnections')).toBe('yes')
  })

  it.each<[string, Partial<Rule>, string, boolean]>([
    ['an endpoint by its id', { requester: { kind: 'resource', id: ownEndpointId } }, ownEndpointId, true],
    ['another endpoint', { requester: { kind: 'resource', id: ownEndpointId } }, `${ownEndpointId}2`, false],
    [
      'a scope',
      { requester: { kind: 'scope', pattern: `/subscriptions/${subscription}` } },
      ownEndpointId,
      true,
    ],
    [
      'another scope',
      { requester: { kind: 'scope', pattern: `/subscriptions/${otherSubscription}` } },
      ownEndpointId,
      false,
    ],
    ['a tenant, which may be anybody', { requester: { kind: 'tenant', tenantId: 'x' } }, ownEndpointId, true],
    [
      'a management group, which may be anybody',
      { requester: { kind: 'management-group', name: 'x' } },
      ownEndpointId,
      true,
    ],
    ['nobody named', { effect: 'ask', requester: undefined }, ownEndpointId, true],
    [
      'Databricks, by an endpoint named after nobody',
      {
        requester: {
          kind: 'resource',
          id: '/databricks/accounts/00000001-0000-4000-8000-000000000001/networkConnectivityConfigs/00000001-0000-4000-8000-000000000001',
        },
      },
      endpointIdIn(foreignSubscription, 'rg', 'databricks-1-pe'),
      true,
    ],
    [
      'Databricks, by an endpoint named after a factory',
      {
        requester: {
          kind: 'resource',
          id: '/databricks/accounts/00000001-0000-4000-8000-000000000001/networkConnectivityConfigs/00000001-0000-4000-8000-000000000001',
        },
      },
      managed('adf-prod.a'),
      false,
    ],
  ])('counts for %s', (_words, change, endpoint, counts) => {
    expect(conditionOf(atMost(1, change), approved(endpoint), 'maxConnections')).toBe(counts ? 'no' : 'yes')
  })

  it('is told with the number there is', () => {
    const verdict = verdictOf([atMost(1)], approved(managed('adf-prod.a')))
    expect(verdict.reason.sentence).toBe(
      'No rule matched this request. The nearest was the-rule: it requires at most 1 connection of this requester ' +
        'on the target, this one included; actual: 1 that are approved or may be.',
    )
  })
})

describe('what rules ask for', () => {
  const target = id(storageId)
  const prepared = (...rules: Rule[]) => prepareRules({ complete: true, rules, hash: 'h' })

  it('is the groups above the target only where a rule has a group as its target', () => {
    expect(asksForTargetGroups(prepared(rule()))).toBe(false)
    expect(asksForTargetGroups(prepared(rule(), rule({ id: 'g', target: group('g') })))).toBe(true)
    expect(asksForTargetGroups({ complete: false, problem: '' })).toBe(false)
  })

  it('is tags, the groups above the requester and what is Approved only where a rule on that target says so', () => {
    const tagged = rule({ targetTags: [{ name: 'a', value: 'b' }] })
    const grouped = rule({ id: 'g', requester: { kind: 'management-group', name: 'g' } })
    const limited = rule({ id: 'm', maxConnections: 1 })
    const nothing = { targetTags: false, requesterGroups: false, approved: false }
    const asked = factsAskedFor(prepared(tagged, grouped), target, undefined)
    expect(asked).toEqual({ targetTags: true, requesterGroups: true, approved: false })
    expect(factsAskedFor(prepared(limited), target, undefined)).toEqual({ ...nothing, approved: true })
    expect(factsAskedFor(prepared(rule()), target, undefined)).toEqual(nothing)
    const elsewhere = id(`${storageId}2`)
    expect(factsAskedFor(prepared(tagged, grouped, limited), elsewhere, undefined)).toEqual(nothing)
    expect(factsAskedFor({ complete: false, problem: '' }, target, undefined)).toEqual(nothing)
  })
})

describe('the terms of an answer', () => {
  it('are those of the rule that decides', () => {
    const ends = rule({ approvalEndsAfter: 'P90D' })
    const asks = rule({ id: 'ask', effect: 'ask', approvers: ['a@contoso.example'], requiredApprovals: 2 })
    expect(verdictOf([ends], around({})).terms).toEqual({ ...plainTerms, approvalEndsAfter: 'P90D' })
    expect(verdictOf([ends, asks], around({})).terms).toEqual({
      ...plainTerms,
      approvers: ['a@contoso.example'],
      requiredApprovals: 2,
    })
    expect(verdictOf([], around({})).terms).toBeUndefined()
  })

  it.each<Partial<Rule>>([
    { reasonRequired: true },
    { expiresAfter: 'P3D' },
    { atExpiry: 'reject' },
    { reasonRequired: true, expiresAfter: 'PT8H', atExpiry: 'reject' },
  ])('say of the question of an ask what the rule says: %j', (terms) => {
    const asks = rule({ id: 'ask', effect: 'ask', ...terms })
    expect(verdictOf([rule(), asks], around({})).terms).toEqual({ ...plainTerms, ...terms })
  })
})
