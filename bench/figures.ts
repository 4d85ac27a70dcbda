/** Times of one kind, sorted. */
export class Times {
  readonly #sorted: readonly number[]

  /** @param milliseconds in any order. */
  constructor(milliseconds: readonly number[]) {
    this.#sorted = milliseconds.toSorted((a, b) => a - b)
  }

  /** The time within which that share of them were. NaN where there are none. */
  at(share: number): number {
    return this.#sorted[Math.max(0, Math.ceil(this.#sorted.length * share) - 1)] ?? NaN
  }

  /** For people: p50, p95 and the longest, each shown by `unit`. */
  shown(unit: (milliseconds: number) => string): string {
    return `p50 ${unit(this.at(0.5))}, p95 ${unit(this.at(0.95))}, max ${unit(this.at(1))}`
  }
}

export function inMilliseconds(milliseconds: number): string {
  return `${milliseconds.toFixed(1)} ms`
}

export function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`
}

/** A line of the result: what was measured, and what is expected. */
export function printFigure(what: string, figure: string, expected: string): void {
  console.log(`${what}: ${figure} (expected: ${expected})`)
}

/** Prints what a long work is about to do. */
export function printProgress(line: string): void {
  console.error(`… ${line}`)
}

/** @throws Error with the name of the option when it is no whole number from 1 on. */
export function wholeNumber(option: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new Error(`Option '--${option}' needs a whole number, not "${text}"`)
  return Number(text)
}
