/** Width of a table in characters: the terminal's, within bounds; 120 where it is unknown. */
export function tableWidth(columns: number | undefined, min: number, max: number): number {
  return Math.min(Math.max(columns ?? 120, min), max)
}

/**
 * Breaks words that are longer than a column, which the table would cut off: after a `-`, `.` or `/` within the column,
 * else at its edge.
 */
export function breakable(text: string, width: number): string {
  if (text.includes('\u001b')) return text
  const isTooLong = `(?=\\S{${width + 1}})`
  const piece = `(?:\\S{0,${width - 1}}[-./]|\\S{${width}})`
  return text.replace(new RegExp(isTooLong + piece, 'gu'), '$& ')
}
