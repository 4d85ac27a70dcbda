import { asciiLowerCase } from '../../domain/resource-id.ts'

const maxEdits = 2
const maxNameLength = 40

/**
 * The known name that was probably meant: it differs in case only, or by at most two letters. Undefined if there is
 * none.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > maxNameLength) return undefined
  const [best] = known
    .map((candidate) => ({ candidate, edits: editsBetween(asciiLowerCase(name), asciiLowerCase(candidate)) }))
    .filter(({ edits }) => edits <= maxEdits)
    .sort((a, b) => a.edits - b.edits)
  return best?.candidate
}

/** The number of letters to insert, remove or replace (Levenshtein). */
function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [at, letter] of Array.from(from).entries()) {
    const next = [at + 1]
    for (const [index, other] of Array.from(to).entries()) {
      const change = (row[index] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(change, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
