import fc from 'fast-check'
import { expect, it } from 'vitest'
import { changesOf } from '../../../shared/allow-list/change/changes.ts'
import { planFor, stateOf } from '../../../shared/allow-list/change/list-state.ts'
import { keyOfRow, readRow } from '../../../shared/allow-list/table/rows.ts'
import type { RuleContent } from '../../../shared/domain/rule.ts'
import { columnsOfRule, onlyRules } from '../../unit/allow-list/given.ts'
import { author, rule } from './given.ts'

const groups = ['blob', 'dfs']
const anyRules = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    effect: fc.constantFrom('allow', 'ask', 'deny'),
    mode: fc.constantFrom('enforce', 'audit'),
    groupIds: fc.constantFrom(['blob'], ['dfs'], []),
  }),
  { selector: ({ id }) => id },
)

type Said = Pick<RuleContent, 'effect' | 'mode' | 'groupIds'>

function approved(rules: readonly Said[], group: string): boolean {
  const about = rules.filter(
    ({ mode, groupIds }) => mode === 'enforce' && (groupIds.length === 0 || groupIds.includes(group)),
  )
  return about.length > 0 && about.every(({ effect }) => effect === 'allow')
}

it('no part of an apply approves what neither the list before nor the list after does', () => {
  fc.assert(
    fc.property(anyRules, anyRules, (before, after) => {
      const desired = after.map(({ id, ...said }) => rule(id, said as Partial<RuleContent>))
      const rows = before.map(({ id, ...said }) => {
        const columns = columnsOfRule({
          ...rule(id, said),
          version: 1,
          changedBy: undefined,
          changedAt: undefined,
        })
        return readRow({ columns: { ...columns, partitionKey: 'rule', rowKey: id }, etag: id })
      })
      const plan = planFor(stateOf(new Map(rows.map((row) => [keyOfRow(row), row]))), onlyRules(desired))
      // Whom rules apply to is changed by one at most when a deny or ask is among them.
      fc.pre(
        plan.changed.length <= 1 ||
          plan.changed.every(
            ({ before: { effect }, after: to }) => effect === 'allow' && to.effect === 'allow',
          ),
      )
      const list = new Map<string, Said>(before.map((said) => [said.id, said as Said]))
      for (const { ruleId } of changesOf(plan, author, new Map())) {
        const to = desired.find(({ id }) => id === ruleId)
        if (to) list.set(ruleId, to)
        else list.delete(ruleId)
        for (const group of groups)
          if (approved(Array.from(list.values()), group))
            expect(approved(before as Said[], group) || approved(desired, group)).toBe(true)
      }
    }),
    { numRuns: 3000 },
  )
})
