/** So many lines are passed over for each whose beginning is kept: a file may have twenty million. */
const linesKeptEvery = 64

/** Lines and columns of a text, both counted from 1; a column is one UTF-16 unit, as editors count. */
export class Places {
  readonly #text: string
  /** Where lines 1, 65, 129 and so on begin. */
  readonly #begins: number[] = [0]

  constructor(text: string) {
    this.#text = text
    let line = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1))
      if (++line % linesKeptEvery === 0) this.#begins.push(end + 1)
  }

  /** Where the character stands that has so many before it. */
  of(at: number): { readonly line: number; readonly column: number } {
    const kept = this.#lastKept(at)
    let line = kept * linesKeptEvery
    let begin = this.#begins[kept] ?? 0
    for (
      let end = this.#text.indexOf('\n', begin);
      end >= 0 && end < at;
      end = this.#text.indexOf('\n', begin)
    ) {
      line++
      begin = end + 1
    }
    return { line: line + 1, column: at - begin + 1 }
  }

  #lastKept(at: number): number {
    let last = 0
    let beyond = this.#begins.length
    while (beyond - last > 1) {
      const middle = (last + beyond) >> 1
      if ((this.#begins[middle] ?? 0) <= at) last = middle
      else beyond = middle
    }
    return last
  }
}
