import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wrapped } from '../../../cli/terminal/wrap.ts'
import { explanationOf } from '../../../cli/what-if/explanation.ts'
import type { Rule } from '../../../shared/domain/rule.ts'
import type { Facts } from '../../../shared/domain/verdict.ts'
import { confirmed, factoryId, facts, verdictOf, platform, provenFactory, rule } from '../policy/given.ts'

function explained(rules: readonly Rule[], about: Facts, ruleCount = rules.length, width = 100): string {
  return explanationOf(verdictOf(rules, about), ruleCount, { width, coloured: (text) => text })
}

describe('an explanation', () => {
  it('tells what a rule wants where it matched, and what was seen where it did not', () => {
    const file = facts(confirmed(factoryId, 'data-factory', ['file']))
    expect(explained([rule({ groupIds: ['blob', 'dfs'] })], file, 3, 140)).toBe(
      `escalate (no-rule-matched)
No rule matched this request. The nearest was the-rule: it requires the group ids only blob, dfs; actual: file.

✗ the-rule (allow): came nearest
    ✓ target         /subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-data/providers/Microsoft.Storage/storageAccounts/
                     stdata
    ✗ groupIds       expected: only blob, dfs
                     actual:   file
    ✓ requester      Data Factory adf-prod
                     (/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-adf/providers/Microsoft.DataFactory/factories/
                     adf-prod)
    ✓ proof          confirmed by a second witness

2 rules were not evaluated: they apply to other targets.`,
    )
  })

  it('says which rule decided, which match, too, and which only watch', () => {
    const rules = [
      rule(),
      rule({ id: 'ask', effect: 'ask', requester: undefined }),
      rule({ id: 'deny', effect: 'deny', mode: 'audit', requester: undefined }),
    ]
    const titles = explained(rules, provenFactory)
      .split('\n')
      .filter((line) => line.startsWith('✓'))
    expect(titles).toEqual([
      '✓ ask (ask): decided',
      '✓ deny (deny, audit only): matches, and decides nothing',
      '✓ the-rule (allow): matches, too',
    ])
  })

  it('marks what is not known', () => {
    const unproven = facts({ ...platform('managed'), refusals: [] })
    expect(explained([rule({ groupIds: ['blob'] })], unproven)).toMatch(
      / {4}\? groupIds {7}expected: only blob\n +actual: {3}unknown, because/,
    )
    const never = rule({ effect: 'deny', groupIds: ['blob'], requester: undefined })
    expect(explained([never], unproven)).toContain(
      '? the-rule (deny): may match, so the request needs manual review\n',
    )
  })

  it.each([
    [0, 'There are no rules.'],
    [1, '1 rule was not evaluated: it applies to other targets.'],
  ])('counts the rules that were not looked at: %i', (count, sentence) => {
    expect(explained([], provenFactory, count)).toContain(sentence)
  })

  it.each([
    [[rule()], 'There are no other rules.'],
    [[rule(), rule({ id: 'two' })], 'These are all the rules.'],
  ])('says when there are no others: %#', (rules, sentence) => {
    expect(explained(rules, provenFactory)).toContain(sentence)
  })

  it('shows nothing that turns the direction of reading', () => {
    const groups = facts(confirmed(factoryId, 'data-factory', ['\u202Eblob']))
    expect(explained([rule({ groupIds: ['blob'] })], groups)).not.toContain('\u202E')
  })

  it('fits the terminal', () => {
    for (const width of [60, 80, 100, 200]) {
      const lines = explained([rule({ groupIds: ['file'] })], provenFactory, 1, width).split('\n')
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(Math.min(width, 140))
    }
  })
})

describe('wrapping', () => {
  it.each([
    ['one two three', 7, ['one two', 'three']],
    ['/a/bc/def/ghij', 8, ['/a/bc/', 'def/ghij']],
    ['abc-defgh', 6, ['abc-', 'defgh']],
    ['abcdefgh', 3, ['abc', 'def', 'gh']],
    ['x /a/bcdefg', 8, ['x /a/', 'bcdefg']],
    ['', 5, ['']],
  ])('breaks %j', (text, width, lines) => {
    expect(wrapped(text, width)).toEqual(lines)
  })

  it('loses nothing but spaces, and keeps to the width', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z/. -]{0,80}$/), fc.integer({ min: 2, max: 30 }), (text, width) => {
        const lines = wrapped(text, width)
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
        expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(width)
      }),
    )
  })
})
