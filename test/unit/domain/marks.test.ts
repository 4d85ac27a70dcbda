import { describe, expect, it } from 'vitest'
import { untilMark } from '../../../shared/domain/marks.ts'

describe('the seconds until the next mark', () => {
  it.each([
    ['at the beginning, until the first mark', 0, 60],
    ['before a mark, until that one', 59, 1],
    ['less than a second before a mark, until the one after it', 59.5, 240.5],
    ['at a mark, until the next one', 60, 240],
    ['before the last mark', 299, 1],
    ['at the last mark, a whole period', 300, 1000],
    ['within a period, until its end', 1000, 300],
    ['less than a second before the end of a period, until the end of the next one', 1299.5, 1000.5],
    ['at the end of a period, a whole period', 1300, 1000],
    ['many periods later', 300 + 7 * 1000 + 400, 600],
    ['after a beginning that lies ahead, as at the beginning', -31_536_000, 60],
  ])('%s: %d → %d', (_when, elapsed, seconds) => {
    expect(untilMark([60, 300], 1000, elapsed)).toBe(seconds)
  })

  it('without marks are those of the periods', () => {
    expect([0, 400, 1000].map((elapsed) => untilMark([], 1000, elapsed))).toEqual([1000, 600, 1000])
  })
})
