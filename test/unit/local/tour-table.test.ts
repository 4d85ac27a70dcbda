import { describe, expect, it } from 'vitest'
import type { Ending } from '../../../local/tour/requests.ts'
import { endSummary, endTable } from '../../../local/tour/table.ts'
import type { Ended } from '../../../local/tour/watch.ts'

function ended(ending: Ending, seconds: number, problem = ''): Ended {
  return {
    request: {
      who: 'Factory adf-salesdepartment-h3in6',
      asksFor: 'stlandingdepartment-h3in6 (blob)',
      target: '',
      endpointName: '',
      ending,
      sentAt: 0,
      ownSide: undefined,
    },
    entry: undefined,
    targetStatus: '',
    ownStatus: undefined,
    seconds,
    problem,
  }
}

describe('the end of the tour', () => {
  it('counts every ending, and says how long the slowest approval took', () => {
    const all = [
      ended('approved', 0.4),
      ended('approved', 2.54),
      ended('manual review', 9),
      ended('rejected', 8),
    ]
    expect(endSummary(all, 21_400)).toBe(
      'Every request ended as it should. 2 approved, 1 in manual review, 1 rejected; the slowest approval in 2.5 s; 21 s in all.',
    )
  })

  it('does not count what ended in another way than it should', () => {
    expect(
      endSummary([ended('approved', Number.NaN, 'no decision in time'), ended('rejected', 1)], 900),
    ).toBe(
      '1 of 2 requests did not end as they should. 0 approved, 0 in manual review, 1 rejected; 1 s in all.',
    )
  })

  it('breaks long names at their joints at 100 columns', () => {
    const lines = endTable([ended('approved', 1)], 100).split('\n')
    expect(lines.join('\n')).toMatch(/│ Factory adf- +│.*\n│ salesdepartment- +│/)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100)
  })
})
