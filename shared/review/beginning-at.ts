import type { Connection } from '../domain/connection.ts'

/**
 * The same ones, starting at another one in each pass: new ones that are slow to prove must not always come before the
 * others. A pass that sends notifications needs no rotation: its requests come last from then on.
 */
export function beginningAt(startedAt: number, connections: readonly Connection[]): readonly Connection[] {
  const first = startedAt % Math.max(connections.length, 1)
  return [...connections.slice(first), ...connections.slice(0, first)]
}
