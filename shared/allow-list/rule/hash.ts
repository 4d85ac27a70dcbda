import { createHash } from 'node:crypto'
import { plainContent, type Rule, type RuleContent } from '../../domain/rule.ts'

/**
 * Fields that rules did not have from the beginning. At their default they do not count: a list that does not state
 * them keeps its hash, and no open request takes it for another list.
 */
const defaultsOfLaterFields: Readonly<Record<string, unknown>> = {
  reasonRequired: plainContent.reasonRequired,
  atExpiry: plainContent.atExpiry,
}

/** SHA-256, in hex, over the rules as JSON: sorted by id, members by name. The same rules have the same hash in any order. */
export function hashRules(rules: readonly Rule[]): string {
  return hashOf(rules.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
}

/** SHA-256, in hex, over what one rule says: so that the rule which is written is known for the one that was shown. */
export function contentHash(content: RuleContent): string {
  return hashOf(content)
}

function hashOf(value: RuleContent | readonly Rule[]): string {
  return createHash('sha256').update(JSON.stringify(value, withSortedMembers)).digest('hex')
}

function withSortedMembers(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => member !== defaultsOfLaterFields[name])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}
