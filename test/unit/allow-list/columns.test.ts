import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Rule, RuleContent } from '../../../shared/domain/rule.ts'
import { plainRule } from '../../support/sample-rule.ts'
import { anyContent, columnsOfRule, factoryId, maxContent, ruleFromRow, storageId } from './given.ts'

const plain: Rule = {
  ...plainRule,
  id: 'a',
  effect: 'allow',
  target: storageId,
  requester: { kind: 'resource', id: factoryId },
}

function readAgain(rule: Rule): Rule | string {
  const { rule: again, problem } = ruleFromRow({
    partitionKey: 'rule',
    rowKey: rule.id,
    ...columnsOfRule(rule),
  })
  return again ?? problem ?? ''
}

function written(content: RuleContent): Rule {
  return {
    ...content,
    version: 7,
    changedBy: 'anna@contoso.example',
    changedAt: '2026-11-20T10:00:00.500Z',
  }
}

describe('the columns of a rule', () => {
  it('hold nothing that means the same when it is left out', () => {
    expect(columnsOfRule(plain)).toEqual({
      effect: 'allow',
      target: storageId,
      requester: factoryId,
      version: 1,
    })
  })

  it('are spelled as a person would write them', () => {
    expect(
      columnsOfRule({
        ...plain,
        mode: 'audit',
        targetTags: [{ name: 'environment', value: 'prod' }],
        groupIds: ['blob', 'dfs'],
        maxConnections: 2,
        validFrom: '2026-01-01T00:00:00.000Z',
        validUntil: '2027-01-01T08:00:00.000Z',
        changedAt: '2026-11-20T10:00:00.500Z',
      }),
    ).toMatchObject({
      mode: 'audit',
      targetTags: '{"environment":"prod"}',
      groupIds: 'blob, dfs',
      maxConnections: 2,
      validFrom: '2026-01-01',
      validUntil: '2027-01-01T08:00:00Z',
      changedAt: '2026-11-20T10:00:00.500Z',
    })
  })

  it('read back as the same rule, whatever it says', () => {
    fc.assert(
      fc.property(anyContent, (content) => {
        expect(readAgain(written(content))).toEqual(written(content))
      }),
      { numRuns: 1000 },
    )
  })

  it.each(['allow', 'ask'] as const)('fit into a row of Azure, however much an %s says', (effect) => {
    const columns = columnsOfRule(written(maxContent(effect)))
    expect(readAgain(written(maxContent(effect)))).toEqual(written(maxContent(effect)))
    const lengths = Object.values(columns).map((column) => String(column).length)
    expect(Math.max(...lengths)).toBeLessThan(32_000)
    expect(2 * lengths.reduce((sum, length) => sum + length, 0)).toBeLessThan(2 ** 20)
    expect(lengths.length).toBeLessThan(252)
  })
})
