import { visible } from '../domain/printable.ts'

/** Marks over a letter, beyond which they cover the lines around. */
const stackedSigns = /(\p{M}{3})\p{M}+/gu

/** Text from outside as pages show it: visible, in one direction, cut to `max` characters. HTML escapes it. */
export function shown(text: string, max: number): string {
  // The rest of a very long text is not gone through.
  const characters = Array.from(visible(text.slice(0, 4 * max)).replaceAll(stackedSigns, '$1\uFFFD'))
  const isCut = characters.length > max || text.length > 4 * max
  return isCut ? `${characters.slice(0, max - 1).join('')}…` : characters.join('')
}

/** Characters of names, of sentences, and of ids. */
export const maxName = 80
export const maxSentence = 1_000
export const maxId = 1_100

/** A name; with a remark where it holds letters that look like others. */
export function nameShown(name: string): string {
  return /[^ -~]/u.test(name) ? `${shown(name, maxName)} (not only plain letters)` : shown(name, maxName)
}
