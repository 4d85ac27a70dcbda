import { describe, expect, it } from 'vitest'
import type { Proof } from '../../../shared/domain/proof.ts'
import type { Rule } from '../../../shared/domain/rule.ts'
import type { Condition, ConditionName, Facts } from '../../../shared/domain/verdict.ts'
import {
  confirmed,
  factoryId,
  facts,
  foreignEndpointId,
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

const unknownGroups = facts({ ...confirmed(factoryId), groupIds: undefined })
const denyBlob = rule({ id: 'deny', effect: 'deny', requester: undefined, groupIds: ['blob'] })
const groupsNotShown = 'unknown, because the target does not show it and no second witness stated it'

function sentenceOf(rules: readonly Rule[], about: Facts = provenFactory): string {
  return verdictOf(rules, about).reason.sentence
}

function conditionOf(
  about: Facts,
  change: Partial<Rule>,
  name: ConditionName,
): Partial<Condition> | undefined {
  const condition = verdictOf([rule(change)], about).explanation[0]?.conditions.find(
    (each) => each.name === name,
  )
  return condition && { expected: condition.expected, actual: condition.actual }
}

describe('the reason, in words', () => {
  it.each<[string, readonly Rule[], Facts]>([
    ['Rule the-rule (version 1) allows this request.', [rule()], provenFactory],
    ['Rule the-rule (version 7) denies this request.', [rule({ effect: 'deny', version: 7 })], provenFactory],
    [
      'Rule the-rule (version 1) requires manual review of this request.',
      [rule({ effect: 'ask' })],
      provenFactory,
    ],
    [
      `Rule deny (version 1) may deny this request: it requires the group ids blob; actual: ${groupsNotShown}.`,
      [rule(), denyBlob],
      unknownGroups,
    ],
    [
      `Rule deny (version 1) may require manual review of this request: it requires the group ids blob; actual: ${groupsNotShown}.`,
      [rule(), { ...denyBlob, effect: 'ask' }],
      unknownGroups,
    ],
    ['No rule allows anything on this target.', [], provenFactory],
  ])('%s', (sentence, rules, about) => {
    expect(sentenceOf(rules, about)).toBe(sentence)
  })

  it('is nothing but the missing proof where nobody says why there is none', () => {
    expect(sentenceOf([rule()], facts({ ...platform('managed'), refusals: [] }))).toBe(
      'Rule the-rule (version 1) would allow this request, but the requester is not proven.',
    )
  })

  it.each<[string, Partial<Rule>, Facts]>([
    [
      `it requires the target /providers/Microsoft.Management/managementGroups/lakes; actual: unknown, because not all groups above ${subscription} can be read`,
      { target: '/providers/Microsoft.Management/managementGroups/lakes' },
      provenFactory,
    ],
    [
      'it requires the target type Microsoft.Sql/servers; actual: Microsoft.Storage/storageAccounts',
      { targetTypes: ['Microsoft.Sql/servers'] },
      provenFactory,
    ],
    [
      'it requires the tags tier=gold; actual: unknown, because they could not be read',
      { targetTags: [{ name: 'tier', value: 'gold' }] },
      provenFactory,
    ],
    ['it requires the group ids only dfs; actual: blob', { groupIds: ['dfs'] }, provenFactory],
    [
      'it requires the endpoint name adf-x.*; actual: adf-prod.mpe-blob',
      { endpointName: 'adf-x.*' },
      provenFactory,
    ],
    [
      'it requires the time until 2026-01-01T00:00:00.000Z; actual: a time after that',
      { validUntil: '2026-01-01T00:00:00.000Z' },
      provenFactory,
    ],
    [
      'it applies to another requester',
      { requester: { kind: 'resource', id: `${factoryId}2` } },
      provenFactory,
    ],
    ['the requester is not proven', { effect: 'ask' }, facts(platform('managed'))],
  ])('names what keeps the nearest rule from matching: %s', (obstacle, change, about) => {
    expect(sentenceOf([rule(change)], about)).toBe(
      `No rule matched this request. The nearest was the-rule: ${obstacle}.`,
    )
  })

  it('names the proof that a rule wants where the time speaks against it, too, and nothing but the first', () => {
    const about = facts(noProof, { endpoint: ownEndpointId })
    const change = {
      requester: { kind: 'resource', id: ownEndpointId } as const,
      proof: 'platform' as const,
      validUntil: '2026-01-01T00:00:00.000Z',
    }
    expect(sentenceOf([rule(change)], about)).toBe(
      'No rule matched this request. The nearest was the-rule: it requires proof at least the endpoint id and its' +
        ' tenant; actual: nothing that identifies the requester.',
    )
  })

  it('has no word of a rule where the rules cannot be read', () => {
    expect(
      verdictOf([rule({ id: 'b', target: '/**' }), rule({ id: 'a', target: '/**' })], provenFactory),
    ).toEqual({
      outcome: 'escalate',
      reason: {
        code: 'rules-unreadable',
        sentence:
          'The allow-list could not be read as a whole, so nothing is decided by it. The target of rule a is not a' +
          ' part of the resource tree.',
      },
      decidedBy: undefined,
      terms: undefined,
      explanation: [],
      nearest: undefined,
      audited: [],
      rulesOver: [],
      ruleSetHash: undefined,
    })
  })
})

describe('a condition, in words', () => {
  it('lists groups: an allow wants nothing but them, a deny any of them', () => {
    const groupIds = ['blob', 'dfs']
    const about = facts(confirmed(factoryId, 'data-factory', ['blob', 'file']))
    expect(conditionOf(about, { groupIds }, 'groupIds')).toEqual({
      expected: 'only blob, dfs',
      actual: 'blob, file',
    })
    expect(conditionOf(about, { groupIds, effect: 'deny' }, 'groupIds')?.expected).toBe('one of blob, dfs')
    expect(conditionOf(about, { groupIds: ['dfs'], effect: 'deny' }, 'groupIds')?.expected).toBe('dfs')
  })

  it('says that the endpoint is not shown', () => {
    const about = facts(noProof, { endpoint: undefined })
    const actual = 'unknown, because the connection does not show its endpoint'
    expect(conditionOf(about, { endpointName: 'x' }, 'endpointName')).toEqual({ expected: 'x', actual })
    expect(conditionOf(about, {}, 'requester')?.actual).toBe(actual)
  })

  it.each<[Proof, Rule['proof'], string, string]>([
    [confirmed(factoryId), 'confirmed', 'confirmed by a second witness', 'confirmed by a second witness'],
    [
      platform('own'),
      'confirmed',
      'confirmed by a second witness',
      'only what the platform wrote: the endpoint id and its tenant',
    ],
    [noProof, 'platform', 'at least the endpoint id and its tenant', 'nothing that identifies the requester'],
  ])('tells the proof', (proof, min, expected, actual) => {
    expect(conditionOf(facts(proof), { proof: min }, 'proof')).toEqual({ expected, actual })
  })

  it.each([
    ['2026-12-01T00:00:00.000Z', undefined, 'from 2026-12-01T00:00:00.000Z', 'a time before that'],
    [
      '2026-01-01T00:00:00.000Z',
      '2027-01-01T00:00:00.000Z',
      'from 2026-01-01T00:00:00.000Z until 2027-01-01T00:00:00.000Z',
      'a time within that',
    ],
    [undefined, '2026-01-01T00:00:00.000Z', 'until 2026-01-01T00:00:00.000Z', 'a time after that'],
    [undefined, 'soon', 'until soon', 'a time that cannot be read'],
  ])('tells the time from %s until %s', (validFrom, validUntil, expected, actual) => {
    expect(conditionOf(provenFactory, { validFrom, validUntil }, 'valid')).toEqual({ expected, actual })
  })

  it('tells how many connections there may be', () => {
    const actual = 'an unknown number of approved ones'
    expect(conditionOf(provenFactory, { maxConnections: 2 }, 'maxConnections')).toEqual({
      expected: 'at most 2 connections of this requester on the target, this one included',
      actual,
    })
    expect(conditionOf(provenFactory, { maxConnections: 1 }, 'maxConnections')?.expected).toBe(
      'at most 1 connection of this requester on the target, this one included',
    )
  })

  it.each<[string, Partial<Rule>]>([
    [`Data Factory adf-prod (${factoryId})`, {}],
    [`private endpoint pe-app (${ownEndpointId})`, { requester: { kind: 'resource', id: ownEndpointId } }],
    [
      `an ordinary endpoint in /subscriptions/${otherSubscription}`,
      { requester: { kind: 'scope', pattern: `/subscriptions/${otherSubscription}` } },
    ],
    [
      `anybody of tenant ${ownTenant}`,
      { effect: 'deny', requester: { kind: 'tenant', tenantId: ownTenant } },
    ],
    [storageId, { requester: { kind: 'resource', id: storageId } }],
    ['nobody: the rule names no requester', { requester: undefined }],
  ])('tells whom the rule means: %s', (expected, change) => {
    expect(conditionOf(provenFactory, change, 'requester')?.expected).toBe(expected)
  })

  const behind = (name: string, where: string, tenant: string) =>
    `somebody not confirmed, behind an endpoint named ${name} in subscription ${where} of ${tenant}`

  it.each<[string, Facts]>([
    [`Data Factory adf-prod (${factoryId.toLowerCase()}), confirmed`, provenFactory],
    [
      behind(
        'adf-prod.mpe-blob',
        managedSubscription,
        `tenant ${managedTenant}, where managed networks live`,
      ),
      facts(platform('managed'), { endpoint: managedEndpointId }),
    ],
    [
      behind('pe-x', foreignEndpointId.split('/')[2] ?? '', `tenant ${foreignTenant}`),
      facts(platform('foreign'), { endpoint: foreignEndpointId }),
    ],
    [
      behind('pe-app', subscription, 'a tenant nobody could name'),
      facts(noProof, { endpoint: ownEndpointId }),
    ],
    [
      behind(
        'adf-prod.mpe-blob',
        managedSubscription,
        `tenant ${managedTenant}, where managed networks live`,
      ),
      facts({ ...confirmed(factoryId), level: 'platform' }),
    ],
  ])('tells who was seen: %s', (actual, about) => {
    expect(conditionOf(about, {}, 'requester')?.actual).toBe(actual)
  })
})
