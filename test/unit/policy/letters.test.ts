import { describe, expect, it } from 'vitest'
import type { Rule } from '../../../shared/domain/rule.ts'
import { isWithin, parseScope } from '../../../shared/domain/scope.ts'
import { confirmed, type connection, facts, factoryId, id, rule, storageId, verdictOf } from './given.ts'

const small = storageId.replace('rg-data', 'rg-\u00E4rzte')
const capital = storageId.replace('rg-data', 'RG-\u00C4RZTE')

function verdict(change: Parameters<typeof connection>[0], ...rules: Partial<Rule>[]) {
  const all = rules.map((part, at) => rule({ id: `rule-${at}`, ...part }))
  return verdictOf(all, facts(confirmed(factoryId), change))
}

describe('a target in other letters beyond A to Z', () => {
  it('is denied by the rule for it', () => {
    const { reason } = verdict({ target: capital }, { target: small, effect: 'deny', requester: undefined })
    expect(reason.code).toBe('denied-by-rule')
  })

  it('waits for manual review by an ask for it', () => {
    const { reason } = verdict({ target: capital }, { target: small, effect: 'ask', requester: undefined })
    expect(reason.code).toBe('asked-by-rule')
  })

  it('is not approved by an allow for it, and the sentence says why', () => {
    const { outcome, reason, nearest } = verdict({ target: capital }, { target: small })
    expect(outcome).toBe('escalate')
    expect(reason.code).toBe('no-rule-matched')
    expect(reason.sentence).toContain(
      'it requires the letters of the rule, beyond A to Z, too; actual: other letters in the target',
    )
    expect(nearest?.conditions.find(({ name }) => name === 'letters')?.match).toBe('unknown')
  })

  it('is approved by an allow in its very letters, in any case of A to Z', () => {
    expect(verdict({ target: small.replace('rg-', 'RG-') }, { target: small }).outcome).toBe('approve')
  })

  it('is approved by another allow in its very letters', () => {
    expect(verdict({ target: capital }, { target: small }, { target: capital }).outcome).toBe('approve')
  })

  it('lies in a scope with a pattern', () => {
    const scope = parseScope(small.replace(/rg-.*/, 'rg-\u00C4*'))
    expect(scope && isWithin(id(capital), scope)).toBe(true)
  })
})

it('an allow of plain letters has no condition on letters', () => {
  const { explanation } = verdict({}, {})
  expect(explanation.flatMap(({ conditions }) => conditions.map(({ name }) => name))).not.toContain('letters')
})
