import { describe, expect, it } from 'vitest'
import type { LogEntry } from '../../../shared/domain/log-entry.ts'
import type { Proof } from '../../../shared/domain/proof.ts'
import { nothingKnown, type RuleExplanation } from '../../../shared/domain/verdict.ts'
import { bounded, boundedReason, recordedContext } from '../../../shared/request/bounded.ts'
import { proofWith, rule } from './given.ts'

type Texts = Parameters<typeof bounded>[0] & Pick<LogEntry, 'reason'>
const short: Texts = {
  reason: { code: 'no-rule-matched', sentence: 'No rule matched.' },
  proof: undefined,
  groupIds: undefined,
  requesterSaid: undefined,
  decidedBy: undefined,
  nearest: undefined,
  audited: [],
  evaluatedRules: [],
  context: undefined,
}
const text = (length: number) => 'x'.repeat(length)
const explained = (length: number): RuleExplanation =>
  rule(1, {
    conditions: [{ name: 'target', match: 'no', expected: text(length), actual: text(length + 1) }],
  })
const evaluatedRule = { ruleId: 'r', ruleVersion: 1, effect: 'allow', mode: 'enforce', match: 'no' } as const
const proofOf = (groupIds: readonly string[]) => ({ ...proofWith(), groupIds })
const many = <T>(count: number, item: T): readonly T[] => Array.from({ length: count }, () => item)

function lengthsOf(explanation: RuleExplanation | undefined) {
  return explanation?.conditions.map(({ expected, actual }) => [expected.length, actual.length])
}

describe('an entry of usual length', () => {
  it('is left as it is, with what is missing in it', () => {
    expect(bounded(short)).toEqual(short)
    const full: Texts = {
      ...short,
      proof: { ...proofWith('could-not-ask'), groupIds: ['blob'] },
      groupIds: ['blob'],
      requesterSaid: 'Please.',
      decidedBy: explained(10),
      nearest: explained(10),
      audited: [explained(10)],
      evaluatedRules: [evaluatedRule],
    }
    expect(bounded(full)).toEqual(full)
  })
})

describe('texts of an entry are cut', () => {
  it('the sentence after 1000 characters', () => {
    expect(boundedReason({ code: 'no-rule-matched', sentence: text(1001) })).toEqual({
      code: 'no-rule-matched',
      sentence: text(1000),
    })
  })

  it('what the requester said after 500 characters', () => {
    expect(bounded({ ...short, requesterSaid: text(501) }).requesterSaid).toBe(text(500))
  })

  it('group ids after the twentieth, and each after a hundred characters', () => {
    const groupIds = many(21, text(101))
    const cut = bounded({ ...short, groupIds, proof: proofOf(groupIds) })
    expect(cut.groupIds).toEqual(many(20, text(100)))
    expect(cut.proof.groupIds).toEqual(many(20, text(100)))
  })

  it('refusals after the eighth, and each sentence after 500 characters', () => {
    const proof: Proof = {
      ...proofWith(),
      refusals: many(9, { code: 'could-not-ask', sentence: text(501), about: 'it' } as const),
    }
    expect(bounded({ ...short, proof }).proof).toEqual({
      ...proof,
      refusals: many(8, { code: 'could-not-ask', sentence: text(500), about: 'it' }),
    })
  })

  it('what a condition expects and found after 250 characters, in each rule that is named', () => {
    const cut = bounded({
      ...short,
      decidedBy: explained(250),
      nearest: explained(250),
      audited: [explained(250), explained(251)],
    })
    expect([cut.decidedBy, cut.nearest, ...cut.audited].map(lengthsOf)).toEqual(many(4, [[250, 250]]))
    expect(lengthsOf(bounded({ ...short, nearest: explained(249) }).nearest)).toEqual([[249, 250]])
  })

  it('audit rules after the third, evaluated rules after the fortieth', () => {
    const cut = bounded({ ...short, audited: many(4, rule()), evaluatedRules: many(41, evaluatedRule) })
    expect([cut.audited.length, cut.evaluatedRules.length]).toEqual([3, 40])
  })
})

describe('an entry that is still too long', () => {
  const perCondition = JSON.stringify(explained(250).conditions[0]).length
  /** A rule whose conditions take about so many characters. */
  const heavy = (characters: number): RuleExplanation =>
    rule(1, {
      conditions: many(Math.ceil(characters / perCondition), explained(250).conditions[0]).flatMap((one) =>
        one ? [one] : [],
      ),
    })
  const rules = [evaluatedRule]
  const kept = ({ audited, nearest, evaluatedRules, decidedBy }: Texts) =>
    [
      audited.length > 0 && 'audited',
      nearest && 'nearest',
      evaluatedRules.length > 0 && 'evaluated',
      decidedBy && 'decided',
    ].filter((part) => part !== false && part !== undefined)

  it.each([
    ['nothing', 0, ['audited', 'nearest', 'evaluated', 'decided']],
    ['audit rules', 10_000, ['nearest', 'evaluated', 'decided']],
  ])('loses %s first', (_what, characters, left) => {
    const entry = {
      ...short,
      audited: [heavy(characters)],
      nearest: heavy(9_000),
      decidedBy: heavy(10_000),
      evaluatedRules: rules,
    }
    expect(kept(bounded(entry))).toEqual(left)
  })

  it('then loses the nearest rule, and keeps those that were evaluated', () => {
    const entry = { ...short, nearest: heavy(9_000), decidedBy: heavy(20_000), evaluatedRules: rules }
    expect(kept(bounded({ ...entry, audited: [rule()] }))).toEqual(['evaluated', 'decided'])
  })

  it('then loses the rules that were evaluated, and never the one that decided', () => {
    const long = { ...evaluatedRule, ruleId: text(300) }
    const entry = { ...short, decidedBy: heavy(20_000), evaluatedRules: many(40, long), nearest: rule() }
    expect(kept(bounded(entry))).toEqual(['decided'])
    const hopeless = { ...short, decidedBy: heavy(40_000), evaluatedRules: rules, nearest: rule() }
    expect(kept(bounded({ ...hopeless, audited: [rule()] }))).toEqual(['decided'])
  })

  it('then loses the facts around the connection', () => {
    const context = { targetTags: [{ name: 'team', value: text(1_900) }] }
    const entry = { ...short, decidedBy: heavy(20_000), context }
    expect(bounded(entry).context).toEqual(context)
    expect(bounded({ ...entry, decidedBy: heavy(27_000) }).context).toBeUndefined()
  })

  it('is too long beyond 28,000 characters, and not at that length', () => {
    const entry = { ...short, audited: [rule()], decidedBy: heavy(26_900) }
    const missing = 28_000 - JSON.stringify(bounded({ ...entry, requesterSaid: '' })).length
    expect(missing).toBeGreaterThan(0)
    const filled = (length: number) => ({
      ...entry,
      reason: { ...short.reason, sentence: short.reason.sentence + text(Math.min(length, 900)) },
      requesterSaid: text(Math.max(length - 900, 0)),
    })
    expect(bounded(filled(missing)).audited).toHaveLength(1)
    expect(JSON.stringify(bounded(filled(missing)))).toHaveLength(28_000)
    expect(bounded(filled(missing + 1)).audited).toHaveLength(0)
  })
})

describe('what an entry holds of the facts around a connection', () => {
  it('is what was read, without what is approved', () => {
    const targetTags = [{ name: 'team', value: 'sales' }]
    const groups = (name: string) => ({ names: [name], isWhole: true })
    const facts = {
      targetTags,
      targetGroups: groups('target'),
      endpointGroups: groups('endpoint'),
      requesterGroups: groups('requester'),
    }
    expect(recordedContext({ ...facts, approved: [] })).toEqual(facts)
    expect(recordedContext({ ...nothingKnown, targetTags })).toEqual({ targetTags })
  })

  it('is nothing where nothing was read', () => {
    expect(recordedContext(nothingKnown)).toBeUndefined()
  })

  it('leaves out whole what is longer than 2000 characters', () => {
    const ofLength = (length: number) => [
      { name: '', value: text(length - '[{"name":"","value":""}]'.length) },
    ]
    expect(recordedContext({ ...nothingKnown, targetTags: ofLength(2000) })).toEqual({
      targetTags: ofLength(2000),
    })
    expect(recordedContext({ ...nothingKnown, targetTags: ofLength(2001) })).toBeUndefined()
  })
})
