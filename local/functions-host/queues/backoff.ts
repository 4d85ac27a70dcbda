const minimumMs = 100
const spread = 0.2

/**
 * The polling back-off of the storage queue extension (read in its source): 100 ms after a message was found, then
 * 100 ms plus 100, 200, 400 … ms (each ± 20 %), up to the maximum.
 * @param random gives a number from 0 up to 1
 */
export function createBackoff(maximumMs: number, random: () => number = Math.random) {
  let current = 0
  let exponent = 0
  return {
    /** Milliseconds until the next poll. */
    next(foundMessage: boolean): number {
      if (foundMessage) {
        current = minimumMs
        exponent = 1
      } else if (current !== maximumMs) {
        const factor = 1 - spread + random() * 2 * spread
        const expected = minimumMs + (exponent === 0 ? 0 : factor * 2 ** (exponent - 1) * minimumMs)
        if (expected < maximumMs) exponent += 1
        current = Math.min(expected, maximumMs)
      }
      return current
    },
  }
}
