import { describe, expect, it } from 'vitest'
import { breakable, tableWidth } from '../../../cli/terminal/table-text.ts'

describe('words in a column of a table', () => {
  it.each([
    ['adf-sales.mpe-blob', 18, 'adf-sales.mpe-blob'],
    ['adf-sales.mpe-blob', 17, 'adf-sales.mpe- blob'],
    ['adf-sales.mpe-blob', 12, 'adf-sales. mpe-blob'],
    ['adf-sales.mpe-blob', 5, 'adf- sales .mpe- blob'],
    ['rg-lake/stlake', 10, 'rg-lake/ stlake'],
    ['abcdefghij', 4, 'abcd efgh ij'],
    ['ab-cdefghij', 4, 'ab- cdef ghij'],
    ['of sales-to-lake it speaks', 9, 'of sales-to- lake it speaks'],
    ['----------', 4, '---- ---- --'],
    ['𝒜𝒜𝒜', 2, '𝒜𝒜 𝒜'],
  ])('break where the name has a joint, else at the edge: %s in %i characters', (text, width, broken) => {
    expect(breakable(text, width)).toBe(broken)
  })

  it('stay whole when they carry a colour', () => {
    expect(breakable('\u001b[32mApproved\u001b[0m', 4)).toBe('\u001b[32mApproved\u001b[0m')
  })
})

describe('a table', () => {
  it.each([
    [40, 80],
    [80, 80],
    [123, 123],
    [300, 160],
    [undefined, 120],
  ])('in a terminal of %s columns is %i wide, when it may be 80 to 160', (columns, width) => {
    expect(tableWidth(columns, 80, 160)).toBe(width)
  })
})
