import type { Connection } from '../domain/connection.ts'
import type { RequesterId } from '../domain/requester-id.ts'
import { claimsToBeOf, requesterKinds } from '../domain/requester-kind.ts'
import { namedManagedRequester } from '../domain/rule.ts'
import type { Rule, RuleSet } from '../domain/rule.ts'
import { indexRules, rulesFor, type RuleIndex } from './rule-index.ts'

/** A rule set made ready to be asked about many connections. */
export type PreparedRules =
  | { readonly complete: true; readonly index: RuleIndex; readonly hash: string }
  | { readonly complete: false; readonly problem: string }

/** Files a rule set. One that holds a rule the policy cannot place is treated like one that could not be read. */
export function prepareRules(ruleSet: RuleSet): PreparedRules {
  if (!ruleSet.complete) return ruleSet
  const index = indexRules(ruleSet.rules)
  const [unfiled] = index.unfiled
  return unfiled === undefined
    ? { complete: true, index, hash: ruleSet.hash }
    : { complete: false, problem: `The target of rule ${unfiled} is not a scope.` }
}

/**
 * Managed requesters worth asking about a connection: those that rules on its target name by full id, and that the
 * endpoint's name claims, or whose endpoints say nothing by their names. A name only says whom to ask; it proves
 * nothing.
 */
export function requestersToAsk(prepared: PreparedRules, connection: Connection): readonly RequesterId[] {
  const { endpoint, target } = connection
  if (!prepared.complete || endpoint === undefined) return []
  const worthAsking = ({ requester }: Rule): readonly RequesterId[] => {
    const named = namedManagedRequester(requester)
    if (named === undefined) return []
    const isNamedAfterIt = requesterKinds[named.kind].endpointName === 'requester-dot-name'
    return !isNamedAfterIt || claimsToBeOf(endpoint, named.id) ? [named.id] : []
  }
  const found = rulesFor(prepared.index, target).flatMap(worthAsking)
  return [...new Map(found.map((requester) => [requester.key, requester])).values()]
}
