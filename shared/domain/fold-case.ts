const ascii = /^\p{ASCII}*$/u
const lettersToFold = /[A-Z]|[^\p{ASCII}]/gu

/** Letters that .NET leaves as they are: their capitals would be I and S. */
const keptByDotNet: readonly string[] = ['\u0131', '\u017F']

/** Greek letters with one capital of its own in UnicodeData.txt; `toUpperCase` makes two letters of each. */
const titleCases = [
  { first: 0x1f80, last: 0x1f87, distance: 8 },
  { first: 0x1f90, last: 0x1f97, distance: 8 },
  { first: 0x1fa0, last: 0x1fa7, distance: 8 },
  { first: 0x1fb3, last: 0x1fb3, distance: 9 },
  { first: 0x1fc3, last: 0x1fc3, distance: 9 },
  { first: 0x1ff3, last: 0x1ff3, distance: 9 },
] as const

const known = new Map<string, string>()

/**
 * The form that all spellings of one name share, for those that Azure Resource Manager takes for one: it compares as
 * .NET's `OrdinalIgnoreCase` does, by the one-to-one capitals of UnicodeData.txt. No letter beyond ASCII becomes one of
 * ASCII: a Kelvin sign is no K. In ASCII it is the lower case.
 */
export function foldCase(text: string): string {
  return ascii.test(text) ? text.toLowerCase() : text.replace(lettersToFold, foldLetter)
}

function foldLetter(letter: string): string {
  const before = known.get(letter)
  if (before !== undefined) return before
  const folded = lowerCaseIn(letter)
  known.set(letter, folded)
  return folded
}

/** The lower case of the capital, where its capital is that one again; otherwise the capital: an Ohm sign is no omega. */
function lowerCaseIn(letter: string): string {
  const capital = capitalOf(letter)
  const small = capital.toLowerCase()
  return small.length === capital.length && capitalOf(small) === capital ? small : capital
}

function capitalOf(letter: string): string {
  if (keptByDotNet.includes(letter)) return letter
  const code = letter.codePointAt(0) ?? 0
  const titleCase = titleCases.find(({ first, last }) => first <= code && code <= last)
  if (titleCase) return String.fromCodePoint(code + titleCase.distance)
  const capital = letter.toUpperCase()
  return capital.length === letter.length ? capital : letter
}
