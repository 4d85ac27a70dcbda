import { visible } from './printable.ts'

const maxQuoteLength = 100

/** A value from outside for use in a sentence: text in quotes, at most 100 characters, all of them visible. */
export function quote(value: unknown): string {
  if (value === undefined) return 'nothing'
  return shortened(value instanceof Date || typeof value === 'bigint' ? String(value) : JSON.stringify(value))
}

/** At most 100 characters of a text, each of them visible. */
export function shortened(text: string): string {
  return visible(text.length > maxQuoteLength ? `${text.slice(0, maxQuoteLength)}…` : text)
}
