import type { Comparable } from './comparable.ts'

/** Limit of rules under one scope and requester that are compared with each rule. */
export const maxAlike = 200

type Compartment = readonly Comparable[]
type Shelf = Map<string, Comparable[]>

/** Index of enforced rules, to find those that could cover a rule without a full scan. */
export interface Candidates {
  /** By target, then by requester; each by the longest path without `*`. */
  readonly shelves: ReadonlyMap<string, Shelf>
  /** The first rule of each compartment that was too full for it. */
  readonly leftOut: ReadonlySet<Comparable>
}

/** Files the enforced rules. */
export function fileCandidates(rules: readonly Comparable[]): Candidates {
  const shelves = new Map<string, Shelf>()
  const leftOut = new Set<Comparable>()
  const full = new Set<Compartment>()
  for (const one of rules) {
    if (one.rule.mode !== 'enforce') continue
    const shelf = getOrAdd(shelves, one.target.key, () => new Map<string, Comparable[]>())
    const filed = getOrAdd(shelf, one.requester.key, () => [])
    if (filed.length < maxAlike) filed.push(one)
    else if (!full.has(filed)) {
      full.add(filed)
      leftOut.add(one)
    }
  }
  return { shelves, leftOut }
}

/** The rules that could cover this one, and more, compartment by compartment; itself perhaps among them. */
export function candidatesFor({ shelves }: Candidates, inner: Comparable): readonly Compartment[] {
  const requesterKeys = ['', ...keysOver(inner.requester.key)]
  const found: Compartment[] = []
  for (const target of keysOver(inner.target.key)) {
    const shelf = shelves.get(target)
    if (shelf === undefined) continue
    for (const requesterKey of requesterKeys) {
      const compartment = shelf.get(requesterKey)
      if (compartment !== undefined) found.push(compartment)
    }
  }
  return found
}

/** The key and each shorter path that it lies under. */
function keysOver(key: string): readonly string[] {
  const keys: string[] = []
  for (let end = key.length; end > 0; end = key.lastIndexOf('/', end - 1)) keys.push(key.slice(0, end))
  return keys
}

function getOrAdd<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}
