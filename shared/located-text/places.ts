/** Lines and columns of a text, both counted from 1; a column is one UTF-16 unit, as editors count. */
export class Places {
  readonly #lineBegins: number[] = [0]

  constructor(text: string) {
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1))
      this.#lineBegins.push(end + 1)
  }

  /** Line and column of an offset. */
  of(at: number): { readonly line: number; readonly column: number } {
    let line = 0
    let beyond = this.#lineBegins.length
    while (beyond - line > 1) {
      const middle = (line + beyond) >> 1
      if ((this.#lineBegins[middle] ?? 0) <= at) line = middle
      else beyond = middle
    }
    return { line: line + 1, column: at - (this.#lineBegins[line] ?? 0) + 1 }
  }
}
