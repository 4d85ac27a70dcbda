import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planChanges as planOf } from '../../../shared/allow-list/change/plan.ts'
import { forms } from '../../../shared/allow-list/routing/forms.ts'
import type { Rule, RuleContent } from '../../../shared/domain/rule.ts'
import { plainRule } from '../../support/sample-rule.ts'
import { factoryId, storageId } from './given.ts'

function rule(id: string, change: Partial<Rule> = {}): Rule {
  return {
    ...plainRule,
    id,
    effect: 'allow',
    target: storageId,
    requester: { kind: 'resource', id: factoryId },
    ...change,
  }
}

const planChanges = (current: readonly Rule[], desired: readonly RuleContent[]) =>
  planOf(forms.rules, current, desired)
const ids = (rules: readonly RuleContent[]) => rules.map(({ id }) => id)

describe('a plan', () => {
  it('tells what is added, changed, removed and unchanged', () => {
    const plan = planChanges(
      [rule('a'), rule('b'), rule('c')],
      [rule('d'), rule('c', { effect: 'deny', owner: 'kim' }), rule('a')],
    )
    expect(ids(plan.added)).toEqual(['d'])
    expect(plan.changed).toMatchObject([
      { before: { id: 'c', effect: 'allow' }, after: { effect: 'deny' }, fields: ['effect', 'owner'] },
    ])
    expect(ids(plan.removed)).toEqual(['b'])
    expect(ids(plan.unchanged)).toEqual(['a'])
  })

  it.each<[string, Partial<Rule>]>([
    ['effect', { effect: 'ask' }],
    ['mode', { mode: 'audit' }],
    ['target', { target: `${storageId}2` }],
    ['targetTypes', { targetTypes: ['Microsoft.Storage/storageAccounts'] }],
    ['targetTags', { targetTags: [{ name: 'a', value: 'b' }] }],
    ['groupIds', { groupIds: ['blob'] }],
    ['requester', { requester: { kind: 'scope', pattern: factoryId } }],
    ['requester', { requester: undefined }],
    ['endpointName', { endpointName: 'x' }],
    ['proof', { proof: 'platform' }],
    ['maxConnections', { maxConnections: 2 }],
    ['validFrom', { validFrom: '2026-01-01T00:00:00.000Z' }],
    ['validUntil', { validUntil: '2026-01-01T00:00:00.000Z' }],
    ['approvalEndsAfter', { approvalEndsAfter: 'P1D' }],
    ['approvers', { approvers: ['kim'] }],
    ['requiredApprovals', { requiredApprovals: 2 }],
    ['reasonRequired', { reasonRequired: true }],
    ['expiresAfter', { expiresAfter: 'P3D' }],
    ['atExpiry', { atExpiry: 'reject' }],
    ['owner', { owner: 'kim' }],
    ['justification', { justification: 'x' }],
    ['ticket', { ticket: 'x' }],
  ])('sees that %s differs', (field, change) => {
    expect(planChanges([rule('a')], [rule('a', change)]).changed).toMatchObject([{ fields: [field] }])
    expect(planChanges([rule('a', change)], [rule('a')]).changed).toMatchObject([{ fields: [field] }])
  })

  it('does not mind version, author and time, nor the order of tags', () => {
    const tags = [
      { name: 'a', value: '1' },
      { name: 'b', value: '2' },
    ]
    const before = rule('a', { targetTags: tags, version: 7, changedBy: 'kim', changedAt: '2026-01-01' })
    const plan = planChanges([before], [rule('a', { targetTags: tags.toReversed() })])
    expect(plan.changed).toEqual([])
    expect(plan.unchanged).toEqual([before])
  })

  it('does not take one list for another that is spelled alike', () => {
    const before = rule('a', { groupIds: ['blob,dfs'] })
    expect(planChanges([before], [rule('a', { groupIds: ['blob', 'dfs'] })]).changed).toHaveLength(1)
  })

  it('refuses an id that is wanted twice, and does not take ids of other case for it', () => {
    expect(() => planChanges([], [rule('a'), rule('a')])).toThrow('The rule "a" stands there twice.')
    expect(ids(planChanges([], [rule('a'), rule('A')]).added)).toEqual(['a', 'A'])
  })

  it('names each rule of either list exactly once, and nothing when both are the same', () => {
    const list = fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'constructor'),
        owner: fc.constantFrom('x', 'y'),
      }),
      { selector: ({ id }) => id },
    )
    fc.assert(
      fc.property(list, list, (before, after) => {
        const [current, desired] = [before, after].map((rules) =>
          rules.map(({ id, owner }) => rule(id, { owner })),
        )
        const plan = planChanges(current ?? [], desired ?? [])
        const kept = [...ids(plan.unchanged), ...plan.changed.map((change) => change.after.id)]
        expect([...kept, ...ids(plan.removed)].toSorted()).toEqual(ids(current ?? []).toSorted())
        expect([...kept, ...ids(plan.added)].toSorted()).toEqual(ids(desired ?? []).toSorted())
        expect(ids(planChanges(current ?? [], current ?? []).unchanged)).toEqual(ids(current ?? []))
      }),
    )
  })
})
