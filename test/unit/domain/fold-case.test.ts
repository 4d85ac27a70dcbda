import { describe, expect, it } from 'vitest'
import { foldCase } from '../../../shared/domain/fold-case.ts'

const basicPlane = Array.from({ length: 0x1_0000 }, (_, code) => String.fromCharCode(code))
const beyond = Array.from({ length: 0x2_0000 }, (_, at) => String.fromCodePoint(0x1_0000 + at))
const letters = [...basicPlane, ...beyond]

/** As .NET's `OrdinalCasing`: `u_toupper` for each letter, except for these two. */
const upperOf = (letter: string): string =>
  ['\u0131', '\u017F'].includes(letter) ? letter : (titleCaseOf[letter] ?? oneFor(letter))

/** UnicodeData.txt gives these a simple upper case, beside the longer one of SpecialCasing.txt. */
const titleCaseOf: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...[0x1f80, 0x1f90, 0x1fa0].flatMap((first) =>
      Array.from({ length: 8 }, (_, at): readonly [number, number] => [first + at, first + at + 8]),
    ),
    ...[0x1fb3, 0x1fc3, 0x1ff3].map((code): readonly [number, number] => [code, code + 9]),
  ].map(([small, title]): [string, string] => [String.fromCodePoint(small), String.fromCodePoint(title)]),
)

function oneFor(letter: string): string {
  const upper = letter.toUpperCase()
  return upper.length === letter.length ? upper : letter
}

describe('the folded form of a text', () => {
  it('is that of A to Z in lower case, as before', () => {
    const ascii = basicPlane.slice(0, 0x80).join('')
    expect(foldCase(ascii)).toBe(ascii.toLowerCase())
  })

  it('is the same for two letters if, and only if, .NET takes them for one', () => {
    const folded = Map.groupBy(letters, foldCase)
    const upper = Map.groupBy(letters, upperOf)
    const groups = (by: Map<string, string[]>) => [...by.values()].map((group) => group.join(' ')).sort()
    expect(groups(folded)).toEqual(groups(upper))
  })

  it('has as many letters', () => {
    expect(letters.filter((letter) => foldCase(letter).length !== letter.length)).toEqual([])
  })

  it('is its own folded form', () => {
    expect(letters.filter((letter) => foldCase(foldCase(letter)) !== foldCase(letter))).toEqual([])
  })

  it('is in A to Z for no letter but those', () => {
    const others = letters.slice(0x80)
    expect(others.filter((letter) => /[ -~]/.test(foldCase(letter)))).toEqual([])
  })

  it('is made letter by letter, wherever a letter stands', () => {
    const text = 'RG-\u039F\u0394\u039F\u03A3\u{10400}\u01C5'
    expect(foldCase(text)).toBe(Array.from(text, foldCase).join(''))
  })

  it('of half a pair is that half', () => {
    expect(foldCase('a\uD801')).toBe('a\uD801')
    expect(foldCase('\uDC28A')).toBe('\uDC28a')
  })

  it('is that of a normalization form: letters of one sign and of two are others', () => {
    expect(foldCase('\u00C4')).not.toBe(foldCase('A\u0308'))
  })
})
