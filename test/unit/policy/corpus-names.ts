import type { Random } from './corpus-random.ts'

/** Every word has the letters i, k and s, which have look-alikes. */
const words = [
  ...['sink', 'risk', 'disk', 'skin', 'kiosk', 'silk', 'skid', 'task-i'],
  ...['ski\u00E4', 'S\u00C4k-i', 'iks\u03C2', 'ki\u01C5s', '\u0414isk', 'sik\u1F80', 'ski\u{10428}'],
]

type Spelling = (name: string, random: Random) => string

/** Ways to spell a name so that it is another one. */
export const nearMisses = {
  'last character cut': (name) => kept(name, 0, -1),
  'first character cut': (name) => kept(name, 1),
  'character added behind': (name, random) => `${name}${random.pick(['1', 'x', '-', '_', 'S'])}`,
  'character added in front': (name, random) => `${random.pick(['1', 'x', '-', '_', 'S'])}${name}`,
  'dot behind': (name) => `${name}.`,
  'dot in front': (name) => `.${name}`,
  'hyphen for underscore or back': (name) =>
    name.includes('-') ? name.replace('-', '_') : name.replace(/(.)$/u, '-$1'),
  'Kelvin sign': (name) => name.replace(/k/i, '\u212A'),
  'long s': (name) => name.replace(/s/i, '\u017F'),
  'dotless i': (name) => name.replace(/i/i, '\u0131'),
  'dotted capital I': (name) => name.replace(/i/i, '\u0130'),
  'Cyrillic letter': (name) => name.replace(/s/i, '\u0455'),
  'full-width letter': (name) => name.replace(/k/i, '\uFF4B'),
  'other case beyond A to Z': inOtherCaseBeyondAscii,
  'mathematical letter': (name) => name.replace(/i/i, '\u{1D5C2}'),
} satisfies Record<string, Spelling>

export type NearMiss = keyof typeof nearMisses

export const nearMissKinds = Object.keys(nearMisses) as readonly NearMiss[]

/** The same name in other capitals, which is the same name to Azure. */
export function inOtherCase(text: string, random: Random): string {
  return random.chance(0.3)
    ? text.replace(/[a-z]/gi, (letter) => (random.chance(0.5) ? letter.toUpperCase() : letter.toLowerCase()))
    : text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())
}

/** The same name to Azure, as far as anybody knows: too little for an `allow`. */
function inOtherCaseBeyondAscii(name: string): string {
  return Array.from(name, otherCaseOf).join('')
}

function otherCaseOf(letter: string): string {
  const known = { '\u01C5': '\u01C6', '\u03C2': '\u03C3', '\u1F80': '\u1F88', '\u1F88': '\u1F80' }[letter]
  if (letter <= '\u007F') return letter
  if (known !== undefined) return known
  const other = letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()
  return other.length === letter.length ? other : letter
}

/** A name, now and then with a second word or a number. */
export function anyName(prefix: string, random: Random): string {
  const name = `${prefix}${random.pick(words)}`
  return random.chance(0.3) ? `${name}${random.pick(['1', '2', '-prod', '_test', '.x'])}` : name
}

/** A pattern with one `*` or two. The name fits, unless the ends of the pattern overlap in it. */
export function patternFor(name: string, random: Random): string {
  const letters = Array.from(name)
  const first = random.below(letters.length)
  const last = first + 1 + random.below(letters.length - first)
  const part = (from: number, to?: number): string => letters.slice(from, to).join('')
  if (random.chance(0.3)) return `*${part(first, last)}*`
  return random.chance(0.2) ? `${part(0, last)}*${part(first)}` : `${part(0, first)}*${part(last)}`
}

/** One of the names that fit the pattern, never an empty one. */
export function nameFor(pattern: string, random: Random): string {
  const name = pattern.replaceAll('*', () => random.pick(['', '1', '-', 'skin', '.x', 'S-', ...words]))
  return isNoName(name) ? random.pick(words) : name
}

/** Some of the letters, or one more where those left would be no name. */
function kept(name: string, from: number, to?: number): string {
  const rest = Array.from(name).slice(from, to).join('')
  return isNoName(rest) ? `${name}x` : rest
}

function isNoName(text: string): boolean {
  return /^[.]{0,2}$/.test(text)
}
