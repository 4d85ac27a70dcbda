import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nothingKnown, type RuleExplanation } from '../../../shared/domain/verdict.ts'
import type { EvaluatedRule } from '../../../shared/domain/log-entry.ts'
import { bounded, recordedContext } from '../../../shared/request/bounded.ts'

const longText = fc.string({ unit: 'grapheme', minLength: 0, maxLength: 4000 })

function explanation(text: string): RuleExplanation {
  const names = ['target', 'targetTypes', 'groupIds', 'requester', 'endpointName', 'proof', 'valid'] as const
  return {
    ruleId: 'r'.repeat(100),
    ruleVersion: 999_999_999,
    effect: 'allow',
    mode: 'enforce',
    match: 'unknown',
    conditions: names.map((name) => ({ name, match: 'unknown', expected: text, actual: text })),
  }
}

function entryOf(text: string) {
  return {
    proof: {
      level: 'platform',
      requester: undefined,
      endpointTenantId: undefined,
      isManagedTenant: undefined,
      groupIds: Array.from({ length: 200 }, () => text),
      refusals: Array.from({ length: 50 }, () => ({ code: 'could-not-ask', sentence: text }) as const),
    } as const,
    groupIds: Array.from({ length: 200 }, () => text),
    requesterSaid: text,
    decidedBy: explanation(text),
    nearest: explanation(text),
    audited: Array.from({ length: 40 }, () => explanation(text)),
    evaluatedRules: Array.from({ length: 40 }, () => evaluatedRule(text)),
    context: recordedContext({ ...nothingKnown, targetTags: [{ name: 'team', value: text.slice(0, 900) }] }),
  }
}

function evaluatedRule(ruleId: string): EvaluatedRule {
  return { ruleId, ruleVersion: 1, effect: 'allow', mode: 'enforce', match: 'no' }
}

describe('a log entry', () => {
  it('leaves room for ids and times in its column, however long the texts', () => {
    fc.assert(
      fc.property(longText, (text) => {
        expect(JSON.stringify(bounded(entryOf(text))).length).toBeLessThan(28_000)
      }),
      { numRuns: 50 },
    )
    for (const character of ['x', '"', '\\'])
      expect(JSON.stringify(bounded(entryOf(character.repeat(4000)))).length).toBeLessThan(28_000)
  })

  it('of usual length is left as it is', () => {
    const entry = {
      ...entryOf('short'),
      audited: [],
      evaluatedRules: [evaluatedRule('short')],
      groupIds: ['blob'],
    }
    const usual = { ...entry, proof: { ...entry.proof, groupIds: undefined, refusals: [] } }
    expect(bounded(usual)).toEqual(usual)
  })
})
