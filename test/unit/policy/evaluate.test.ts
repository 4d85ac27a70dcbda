import { describe, expect, it } from 'vitest'
import type { Rule } from '../../../shared/domain/rule.ts'
import type { Outcome, ReasonCode } from '../../../shared/domain/verdict.ts'
import { evaluate, prepareRules } from '../../../shared/policy/index.ts'
import {
  endpointIdIn,
  facts,
  verdictOf,
  managedSubscription,
  now,
  platform,
  provenFactory,
  rule,
  storageId,
  factoryId,
} from './given.ts'

const allow = rule({ id: 'allow-1' })
const askYes = rule({ id: 'ask-1', effect: 'ask', requester: undefined })
const askUnknown = rule({ id: 'ask-2', effect: 'ask', requester: undefined, groupIds: ['blob'] })
const denyYes = rule({ id: 'deny-1', effect: 'deny' })
const denyUnknown = rule({ id: 'deny-2', effect: 'deny', requester: undefined, groupIds: ['blob'] })
const managedWithoutName = endpointIdIn(managedSubscription, 'rg', 'a-guid')
const groupsHidden = facts({ ...provenFactory.proof, groupIds: undefined })

describe('the most restrictive rule wins', () => {
  const cases: readonly [string, readonly Rule[], Outcome, ReasonCode, string | undefined][] = [
    ['an allow that matches approves', [allow], 'approve', 'allowed-by-rule', 'allow-1'],
    ['no rule at all goes to a person', [], 'escalate', 'no-rule-matched', undefined],
    ['an ask beats an allow', [allow, askYes], 'escalate', 'asked-by-rule', 'ask-1'],
    ['a deny beats an allow', [allow, denyYes], 'reject', 'denied-by-rule', 'deny-1'],
    ['a deny beats an ask', [askYes, denyYes], 'reject', 'denied-by-rule', 'deny-1'],
    ['a possible deny beats an allow', [allow, denyUnknown], 'escalate', 'may-be-denied', 'deny-2'],
    ['a possible deny beats an ask', [askYes, denyUnknown], 'escalate', 'may-be-denied', 'deny-2'],
    ['a certain deny beats a possible one', [denyUnknown, denyYes], 'reject', 'denied-by-rule', 'deny-1'],
    ['a possible ask holds an allow back', [allow, askUnknown], 'escalate', 'may-be-asked', 'ask-2'],
    ['a possible ask alone is no match', [askUnknown], 'escalate', 'no-rule-matched', undefined],
  ]
  it.each(cases)('%s', (_title, rules, outcome, code, decidedBy) => {
    for (const order of [rules, rules.toReversed()]) {
      const verdict = verdictOf(order, groupsHidden)
      expect([verdict.outcome, verdict.reason.code, verdict.decidedBy?.ruleId]).toEqual([
        outcome,
        code,
        decidedBy,
      ])
    }
  })

  it('names the lowest id where two rules would decide alike', () => {
    const verdict = verdictOf([rule({ id: 'b' }), rule({ id: 'a' }), rule({ id: 'B' })], provenFactory)
    expect(verdict.decidedBy?.ruleId).toBe('B')
  })

  it('lists every rule on the target, the deciding one first', () => {
    const expired = rule({ id: 'a-expired', validUntil: '2026-01-01T00:00:00.000Z' })
    const verdict = verdictOf([expired, askUnknown, allow, denyYes], groupsHidden)
    expect(verdict.explanation.map(({ ruleId }) => ruleId)).toEqual([
      'deny-1',
      'allow-1',
      'ask-2',
      'a-expired',
    ])
  })
})

describe('the nearest rule', () => {
  it('is never a deny, however near', () => {
    const verdict = verdictOf([rule({ id: 'deny', effect: 'deny', groupIds: ['dfs'] })], provenFactory)
    expect(verdict.nearest).toBeUndefined()
    expect(verdict.reason.sentence).toBe('No rule allows anything on this target.')
  })

  it('is neither the rule that decided nor one that matched', () => {
    expect(verdictOf([allow, askUnknown], groupsHidden).nearest).toBeUndefined()
    expect(verdictOf([allow, askYes], groupsHidden).nearest).toBeUndefined()
    expect(verdictOf([allow, askYes, askUnknown], groupsHidden).nearest?.ruleId).toBe('ask-2')
  })
})

describe('an audit rule', () => {
  it.each([
    ['allow', 'escalate'],
    ['ask', 'escalate'],
    ['deny', 'escalate'],
  ] as const)('that says %s is reported and decides nothing', (effect, outcome) => {
    const verdict = verdictOf([rule({ effect, mode: 'audit' })], provenFactory)
    expect([verdict.outcome, verdict.reason.code]).toEqual([outcome, 'no-rule-matched'])
    expect(verdict.audited.map(({ ruleId }) => ruleId)).toEqual(['the-rule'])
  })

  it('that denies does not hold back an enforced allow', () => {
    const verdict = verdictOf(
      [allow, rule({ id: 'audit-deny', effect: 'deny', mode: 'audit' })],
      provenFactory,
    )
    expect(verdict.outcome).toBe('approve')
    expect(verdict.audited.map(({ ruleId }) => ruleId)).toEqual(['audit-deny'])
  })

  it('that does not match is not reported', () => {
    expect(
      verdictOf([rule({ mode: 'audit', targetTypes: ['Microsoft.Sql/servers'] })], provenFactory).audited,
    ).toEqual([])
  })
})

describe('a set that cannot be read', () => {
  it('decides nothing and says what is wrong', () => {
    const prepared = prepareRules({ complete: false, problem: 'Row "x": effect is missing.' })
    const verdict = evaluate(provenFactory, prepared, now)
    expect([verdict.outcome, verdict.reason.code]).toEqual(['escalate', 'rules-unreadable'])
    expect(verdict.reason.sentence).toContain('Row "x": effect is missing.')
    expect(verdict.ruleSetHash).toBeUndefined()
  })

  it.each(['', '/', '/subscriptions/*', 'rg-data'])(
    'is one that holds a rule for the target %j',
    (target) => {
      const verdict = verdictOf([allow, rule({ id: 'broken', effect: 'deny', target })], provenFactory)
      expect(verdict.reason.code).toBe('rules-unreadable')
      expect(verdict.reason.sentence).toContain('broken')
    },
  )
})

describe('the explanation', () => {
  it('carries the hash of the set that was used', () => {
    expect(verdictOf([allow], provenFactory).ruleSetHash).toBe('hash-of-the-set')
  })

  it('says of every condition what was expected and what was seen', () => {
    const verdict = verdictOf(
      [rule({ groupIds: ['dfs'], validUntil: '2027-01-01T00:00:00.000Z' })],
      provenFactory,
    )
    expect(verdict.nearest?.conditions).toEqual([
      { name: 'target', match: 'yes', expected: storageId, actual: storageId },
      { name: 'groupIds', match: 'no', expected: 'only dfs', actual: 'blob' },
      {
        name: 'requester',
        match: 'yes',
        expected: `Data Factory adf-prod (${factoryId})`,
        actual: `Data Factory adf-prod (${factoryId.toLowerCase()}), confirmed`,
      },
      {
        name: 'proof',
        match: 'yes',
        expected: 'confirmed by a second witness',
        actual: 'confirmed by a second witness',
      },
      {
        name: 'valid',
        match: 'yes',
        expected: 'until 2027-01-01T00:00:00.000Z',
        actual: 'a time within that',
      },
    ])
    expect(verdict.reason.sentence).toBe(
      'No rule matched this request. The nearest was the-rule: it requires the group ids only dfs; actual: blob.',
    )
  })

  it('names as nearest the allow or ask with the fewest open conditions, never a deny', () => {
    const verdict = verdictOf(
      [
        rule({ id: 'a-two-open', groupIds: ['dfs'], targetTypes: ['Microsoft.Sql/servers'] }),
        rule({ id: 'b-one-open', groupIds: ['dfs'] }),
        rule({ id: 'c-one-open', groupIds: ['dfs'] }),
        rule({ id: 'd-deny', effect: 'deny', groupIds: ['dfs'] }),
      ],
      provenFactory,
    )
    expect(verdict.nearest?.ruleId).toBe('b-one-open')
  })

  it('counts a plain mismatch as farther than a fact not known', () => {
    const verdict = verdictOf(
      [rule({ id: 'a', targetTypes: ['Microsoft.Sql/servers'] }), rule({ id: 'b', groupIds: ['blob'] })],
      groupsHidden,
    )
    expect(verdict.nearest?.ruleId).toBe('b')
  })

  it('names no nearest rule when the request was approved or rejected', () => {
    const other = rule({ id: 'other', groupIds: ['dfs'] })
    expect(verdictOf([allow, other], provenFactory).nearest).toBeUndefined()
    expect(verdictOf([denyYes, other], provenFactory).nearest).toBeUndefined()
  })

  it('gives the first refusal when only the proof is missing', () => {
    const verdict = verdictOf([allow], facts(platform('managed')))
    expect(verdict.reason).toEqual({
      code: 'unproven-requester',
      sentence:
        'Rule allow-1 (version 1) would allow this request, but the requester is not proven. The factory adf-prod could not be asked: 403.',
    })
    expect(verdict.nearest?.ruleId).toBe('allow-1')
  })

  it('does not blame the proof when something else is in the way too', () => {
    const verdict = verdictOf([rule({ targetTypes: ['Microsoft.Sql/servers'] })], facts(platform('managed')))
    expect(verdict.reason.code).toBe('no-rule-matched')
  })

  it('blames the proof although groups and endpoint name are not known either', () => {
    const withEndpointName = rule({ groupIds: ['blob'], endpointName: 'adf-prod.*' })
    const verdict = verdictOf([withEndpointName], facts(platform('managed'), { endpoint: undefined }))
    expect(verdict.reason.code).toBe('unproven-requester')
  })

  it('does not blame a proof that is there', () => {
    expect(verdictOf([rule({ groupIds: ['blob'] })], groupsHidden).reason.code).toBe('no-rule-matched')
  })

  it('does not blame the proof when the time of the rule cannot be read', () => {
    const verdict = verdictOf([rule({ validUntil: 'soon' })], facts(platform('managed')))
    expect(verdict.reason.code).toBe('no-rule-matched')
  })

  it('is word for word the same at the next review pass, while nothing changes', () => {
    const rules = [
      rule({ validUntil: '2026-01-01T00:00:00.000Z' }),
      rule({ id: 'z', validFrom: '2026-01-01T00:00:00.000Z' }),
    ]
    const later = new Date(now.getTime() + 3_600_000)
    for (const about of [provenFactory, facts(platform('managed'))])
      expect(verdictOf(rules, about, later)).toEqual(verdictOf(rules, about, now))
    expect(verdictOf(rules.slice(0, 1), provenFactory).reason.sentence).toBe(
      'No rule matched this request. The nearest was the-rule: it requires the time until 2026-01-01T00:00:00.000Z; actual: a time after that.',
    )
  })

  it('says what keeps a possible deny open', () => {
    expect(verdictOf([denyUnknown], groupsHidden).reason.sentence).toBe(
      'Rule deny-2 (version 1) may deny this request: it requires the group ids blob; actual: unknown, because the target does not show it and no second witness stated it.',
    )
  })
})

describe('of several rules that only the proof holds back', () => {
  const graf =
    '/subscriptions/0a5e6f10-2222-4a6b-8c2d-a4a191c50002/resourceGroups/rg/providers/Microsoft.Dashboard/grafana/graf-ops'
  const others = rule({ id: 'a-factory', requester: { kind: 'resource', id: factoryId } })
  const grafana = rule({ id: 'b-grafana', requester: { kind: 'resource', id: graf } })
  const refusal = {
    code: 'endpoint-not-disclosed',
    sentence: 'Grafana graf-ops has an endpoint waiting.',
  } as const

  it('the one is named whose requester the first refusal speaks of', () => {
    const refusals = [{ ...refusal, about: graf.toLowerCase() }]
    const about = facts({ ...platform('managed'), refusals }, { endpoint: managedWithoutName })
    expect(verdictOf([others, grafana], about).nearest?.ruleId).toBe('b-grafana')
  })

  it('the first is named where the refusal speaks of nobody', () => {
    const about = facts({ ...platform('managed'), refusals: [refusal] }, { endpoint: managedWithoutName })
    expect(verdictOf([others, grafana], about).nearest?.ruleId).toBe('a-factory')
  })
})
