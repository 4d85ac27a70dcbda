import { isGuid } from '../domain/resource-id.ts'
import type { RuleSet } from '../domain/rule.ts'

/** Object ids that rules name as approvers, in lower case: of groups, or of people, whom no list of groups contains. */
export function namedGroups(set: RuleSet): readonly string[] {
  const named = set.complete ? set.rules.flatMap(({ approvers }) => approvers) : []
  return [...new Set(named.map((name) => name.toLowerCase()).filter(isGuid))]
}
