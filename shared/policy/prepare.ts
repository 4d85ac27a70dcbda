import type { Connection } from '../domain/connection.ts'
import { isSameName, parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import { claimedRequesterName, isManagedKind, requesterKindOfType } from '../domain/rule.ts'
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
 * Managed requesters worth asking about a connection: those that rules on its target name by full id and whose
 * name stands before the first dot of the endpoint's name. The name only says whom to ask; it proves nothing.
 */
export function requestersToAsk(prepared: PreparedRules, connection: Connection): readonly ResourceId[] {
  const claimed = connection.endpoint && claimedRequesterName(connection.endpoint)
  if (!prepared.complete || claimed === undefined) return []
  const named = rulesFor(prepared.index, connection.target)
    .flatMap((rule) => managedRequesterOf(rule) ?? [])
    .filter((requester) => isSameName(requester.name, claimed))
  return [...new Map(named.map((requester) => [requester.key, requester])).values()]
}

function managedRequesterOf(rule: Rule): ResourceId | undefined {
  if (rule.requester?.kind !== 'resource') return undefined
  const id = parseResourceId(rule.requester.id)
  const kind = id && requesterKindOfType(id.type)
  return kind !== undefined && isManagedKind(kind) ? id : undefined
}
