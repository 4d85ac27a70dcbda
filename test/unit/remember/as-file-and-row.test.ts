import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readRuleFile } from '../../../shared/allow-list/file/read.ts'
import { writeRuleFile } from '../../../shared/allow-list/file/write.ts'
import { contentHash } from '../../../shared/allow-list/rule/hash.ts'
import type { RuleContent } from '../../../shared/domain/rule.ts'
import { columnsOfRule, onlyRules, ruleFromRow } from '../allow-list/given.ts'
import { confirmed, facts, factoryId, storageId } from '../policy/given.ts'
import { pinned } from './given.ts'

/** Rules of requests with odd names, and of people with odd reasons. */
const remembered: fc.Arbitrary<RuleContent> = fc
  .record({
    account: fc.constantFrom('stdata', 'Ärzte', 'null', '1e3', 'a(b)', '_'),
    groupIds: fc.uniqueArray(fc.constantFrom('blob', 'dfs', 'null', '0x1f', 'a.b'), { minLength: 1 }),
    reason: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
    ticket: fc.option(fc.string({ unit: 'grapheme', maxLength: 100 }), { nil: undefined }),
  })
  .map(({ account, groupIds, ...terms }) => {
    const target = storageId.replace('stdata', account)
    return pinned(facts(confirmed(factoryId, 'data-factory', groupIds), { target }), {}, terms).content
  })
  .filter((content) => content !== undefined)

it('a remembered rule is the same after it was exported and read from a file', () => {
  fc.assert(
    fc.property(remembered, (content) => {
      const read = readRuleFile(Buffer.from(writeRuleFile(onlyRules([content]))), 'rules.yaml')
      expect(read.rules?.map((one) => contentHash(one.content))).toEqual([contentHash(content)])
    }),
  )
})

it('a remembered rule is the same after it was written and read as a row', () => {
  fc.assert(
    fc.property(remembered, (content) => {
      const { id: rowKey } = content
      const rule = { ...content, version: 1, changedBy: undefined, changedAt: undefined }
      const read = ruleFromRow({ partitionKey: 'rule', rowKey, ...columnsOfRule(rule) })
      expect(read.rule).toEqual(rule)
    }),
  )
})
