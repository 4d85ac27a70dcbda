/**
 * Breaks a text into lines of at most `width` characters: at spaces, and inside words that are longer than a line after
 * `/`, `-`, `.` or `,`, or else at the edge.
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
  const texts: string[] = []
  let rest = word
  while (rest.length > width) {
    const at = breakOf(rest, width)
    texts.push(rest.slice(0, at))
    rest = rest.slice(at)
  }
  return [...texts, rest].map((text, index) => ({ text, joins: index > 0 }))
}

/** After the last `/` that fits, else after another joint, else at the edge. */
function breakOf(word: string, width: number): number {
  const line = word.slice(0, width)
  const joint = Math.max(...['-', '.', ','].map((sign) => line.lastIndexOf(sign)))
  const found = [line.lastIndexOf('/'), joint].find((at) => at > 0)
  return found === undefined ? width : found + 1
}
