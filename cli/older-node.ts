/**
 * Features of Node 22 that the code uses, for Node 20: the command line runs on the operator's Node. Must be imported
 * first.
 */
const missing: readonly (readonly [owner: object, name: string, value: unknown])[] = [
  [Array, 'fromAsync', fromAsync],
  [Map, 'groupBy', groupBy],
  [Promise, 'withResolvers', withResolvers],
]

for (const [owner, name, value] of missing) {
  if (!(name in owner)) Object.defineProperty(owner, name, { value, writable: true, configurable: true })
}

/** As `Array.fromAsync`, without its second argument. */
export async function fromAsync<T>(items: AsyncIterable<T> | Iterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

/** As `Map.groupBy`. */
export function groupBy<K, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  let index = 0
  for (const item of items) {
    const key = keyOf(item, index++)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

/** As `Promise.withResolvers`. */
export function withResolvers<T>(): PromiseWithResolvers<T> {
  const parts: Partial<PromiseWithResolvers<T>> = {}
  const promise = new Promise<T>((resolve, reject) => {
    Object.assign(parts, { resolve, reject })
  })
  return { ...parts, promise } as PromiseWithResolvers<T>
}
