/** How often each kind of thing occurred in a corpus. */
export class Tally {
  readonly #counts = new Map<string, number>()

  add(what: string): void {
    this.#counts.set(what, this.of(what) + 1)
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0
  }

  /** Those of the things that occurred less often than they should, with their counts. */
  scarce(things: readonly string[], atLeast: number): readonly string[] {
    return things.filter((what) => this.of(what) < atLeast).map((what) => `${what}: ${this.of(what)}`)
  }
}
