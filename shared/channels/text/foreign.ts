import { visible } from '../../domain/printable.ts'

/** `{{` begins an expression of cards and of many templates, `<at` a mention. */
const expressions = /\{(?=[{%])|\$(?=\{)|<(?=\/?at\b)/gi
/** Programs for mail make links of addresses by themselves: `https://`, `www.`, and of paths: `\\server`. */
const linkBeginnings = /:(?=\/\/)|(?<=\bwww)\.|\\(?=\\)/giu
/** What they also make links of: `mailto:me`, `evil.example`, `me@evil.example`. */
const shortLinks = /(?<=\b[a-z][a-z0-9+-]+):(?=\S)|(?<=[\p{L}\p{N}])[.\u3002\uFF0E\uFF61](?=\p{L}{2,})/giu

/** An id, a command or a code: visible, cut to `max` characters, and no expression of a card. */
export function idShown(text: string, max: number): string {
  return visible(cut(text, max)).replaceAll(expressions, (sign) => `${sign} `)
}

/** A sentence of this app that may quote others: as `idShown`, and no address in it becomes a link. */
export function sentenceShown(text: string, max: number): string {
  return idShown(text, max).replaceAll(linkBeginnings, '[$&]')
}

/** Words or names of others: as `sentenceShown`, and no name in it becomes a link either: `evil[.]example`. */
export function foreignShown(text: string, max: number): string {
  return sentenceShown(text, max).replaceAll(shortLinks, '[$&]')
}

/** Words of others in quotes, which they cannot close. */
export function quoteShown(text: string, max: number): string {
  return `“${foreignShown(text, max).replaceAll(/["“”„‟«»]/g, "'")}”`
}

function cut(text: string, max: number): string {
  // At most two units make a character; the rest of a very long text is not gone through.
  const characters = Array.from(text.slice(0, 2 * max + 2))
  return characters.length > max ? `${characters.slice(0, max - 1).join('')}…` : text
}
