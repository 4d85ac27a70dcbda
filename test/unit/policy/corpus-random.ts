/** Random choices that come out the same on every machine for the same seed. */
export interface Random {
  /** A whole number from 0 on, less than the limit. */
  below(limit: number): number
  /** True in this share of all calls. */
  chance(share: number): boolean
  pick<Item>(items: readonly Item[]): Item
  /** A few of the items, each at most once, in the order they have. */
  some<Item>(items: readonly Item[], share: number): readonly Item[]
  shuffled<Item>(items: readonly Item[]): readonly Item[]
}

/** The numbers of one part of the corpus (mulberry32). Parts do not depend on each other. */
export function randomOf(seed: number, part: number): Random {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(part + 1, 0xc2b2ae35)

  function next(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  function below(limit: number): number {
    return Math.floor(next() * limit)
  }

  return {
    below,
    chance: (share) => next() < share,
    pick(items) {
      const at = below(items.length)
      if (!(at in items)) throw new Error('There is nothing to pick from.')
      return items[at] as (typeof items)[number]
    },
    some: (items, share) => items.filter(() => next() < share),
    shuffled(items) {
      return items
        .map((item) => ({ item, place: next() }))
        .sort((a, b) => a.place - b.place)
        .map(({ item }) => item)
    },
  }
}
