/**
 * Breaks a text into lines of at most `width` characters: at spaces, and inside words that are longer than a line after
 * `-`, `.`, `/` or `,`, or at the edge where none stands.
 */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).flatMap((whole) => pieces(whole, width))) {
    const longer = line === '' || word.joins ? line + word.text : `${line} ${word.text}`
    if (longer.length <= width) line = longer
    else {
      lines.push(line)
      line = word.text
    }
  }
  return [...lines, line]
}

interface Piece {
  readonly text: string
  /** True for what follows the piece before without a space. */
  readonly joins: boolean
}

function pieces(word: string, width: number): readonly Piece[] {
  if (word.length <= width) return [{ text: word, joins: false }]
  const found = word.match(new RegExp(`.{0,${width - 1}}[-./,](?=.)|.{1,${width}}`, 'gu')) ?? [word]
  return found.map((text, index) => ({ text, joins: index > 0 }))
}
