import { Misread, type FileEntry, type FileNode, type MapNode } from './node.ts'

/** The values of a map by their names, and the map itself, for what is missing in it. */
export interface LocatedMap {
  readonly node: MapNode
  readonly values: ReadonlyMap<string, FileNode>
}

/**
 * The values of a map that may hold these names, each once.
 * @param what the map is, as the sentence names it.
 * @throws Misread at an unknown or duplicate name.
 */
export function mapOf(node: FileNode, what: string, names: readonly string[]): LocatedMap {
  if (node.kind !== 'map') throw new Misread(node.at, `${what} is no map; expected: ${names.join(', ')}.`)
  const odd = oddEntry(node, names)
  if (!odd) return { node, values: new Map(node.entries.map(({ name, value }) => [name, value])) }
  const why = names.includes(odd.name) ? 'stands here twice' : 'is not known here'
  throw new Misread(odd.at, `"${odd.name}" ${why}; ${what} may hold ${names.join(', ')}.`)
}

function oddEntry({ entries }: MapNode, names: readonly string[]): FileEntry | undefined {
  const before = new Set<string>()
  return entries.find(({ name }) => !names.includes(name) || before.has(name) || !before.add(name))
}

/** A value that has to be there. @throws Misread at the map. */
export function needed({ node, values }: LocatedMap, name: string, expected: string): FileNode {
  const value = values.get(name)
  if (!value) throw new Misread(node.at, `${name} is missing; expected: ${expected}.`)
  return value
}

/** A text that is not empty. @throws Misread at the value. */
export function textOf(value: FileNode, name: string, expected: string): string {
  if (value.kind === 'text' && value.value !== '') return value.value
  throw new Misread(value.at, `${name} is no text; expected: ${expected}.`)
}

/** One of these words. @throws Misread at the value. */
export function oneOf<T extends string>(value: FileNode, name: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => value.kind === 'text' && value.value === one)
  if (found !== undefined) return found
  const seen = value.kind === 'text' ? `"${value.value}"` : 'no text'
  throw new Misread(value.at, `${name} is ${seen}; expected: one of ${allowed.join(', ')}.`)
}

/** The value as JSON. @throws Misread at a duplicate name in a map. */
export function plainValue(node: FileNode): unknown {
  if (node.kind === 'list') return node.items.map(plainValue)
  if (node.kind !== 'map') return node.value
  const names = new Set<string>()
  const pairs = node.entries.map(({ at, name, value }) => {
    if (names.has(name)) throw new Misread(at, `"${name}" stands here twice.`)
    names.add(name)
    return [name, plainValue(value)] as const
  })
  return Object.fromEntries(pairs)
}
