import { expect, it } from 'vitest'
import { ruleFromRow, subscription } from './given.ts'

it.each([
  ['endpointName', 'a\u3164', 2],
  ['targetTags', '{"environment":"prod\u200b"}', 21],
])('a row whose %s holds a character that does not show is refused', (column, value, at) => {
  const row = { partitionKey: 'rule', rowKey: 'a', effect: 'deny', target: `/subscriptions/${subscription}` }
  const sentence = new RegExp(`; it holds U\\+[0-9A-F]{4} as character ${at}, which does not show\\.$`)
  expect(ruleFromRow({ ...row, [column]: value }).problem).toMatch(sentence)
  expect(ruleFromRow({ ...row, [column]: value.replace(/[\u3164\u200b]/, '') }).problem).toBeUndefined()
})
