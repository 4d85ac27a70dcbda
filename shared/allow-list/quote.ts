const longestQuote = 100

/** A value that somebody wrote, as one speaks of it: text in quotes, at most 100 characters of it. */
export function quote(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = value instanceof Date || typeof value === 'bigint' ? String(value) : JSON.stringify(value)
  return text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text
}
