import type { Connection } from '../domain/connection.ts'
import type { PreparedRule } from '../domain/prepared-rule.ts'
import type { RequesterId } from '../domain/requester-id.ts'
import { claimsToBeOf, requesterKinds } from '../domain/requester-kind.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { RuleSet } from '../domain/rule.ts'
import type { ManagementGroups, VersionOfRule } from '../domain/verdict.ts'
import { indexRules, type RuleIndex, rulesFor } from './rule-index.ts'

/** A rule set prepared for evaluating many connections. */
export type PreparedRules =
  | { readonly complete: true; readonly index: RuleIndex; readonly hash: string }
  | { readonly complete: false; readonly problem: string }

/** Indexes a rule set. One with a rule that cannot be indexed is treated as unreadable. */
export function prepareRules(ruleSet: RuleSet): PreparedRules {
  if (!ruleSet.complete) return ruleSet
  const index = indexRules(ruleSet.rules)
  const [unfiled] = index.unfiled
  return unfiled === undefined
    ? { complete: true, index, hash: ruleSet.hash }
    : { complete: false, problem: `The target of rule ${unfiled} is not a part of the resource tree.` }
}

/**
 * Managed requesters to query about a connection: those that rules for its target name by full id, if the endpoint is
 * named after them, or if their kind has no naming rule. A name only selects whom to query; it proves nothing.
 * @param targetGroups see `Context`.
 */
export function requestersToAsk(
  prepared: PreparedRules,
  { endpoint, target }: Connection,
  targetGroups: ManagementGroups | undefined,
): readonly RequesterId[] {
  if (!prepared.complete || endpoint === undefined) return []
  const worthAsking = ({ requester }: PreparedRule): readonly RequesterId[] => {
    if (requester?.kind !== 'managed') return []
    const isNamedAfterIt = requesterKinds[requester.requesterKind].endpointName === 'requester-dot-name'
    return !isNamedAfterIt || claimsToBeOf(endpoint, requester.id) ? [requester.id] : []
  }
  const found = rulesFor(prepared.index, target, targetGroups).flatMap(worthAsking)
  return [...new Map(found.map((requester) => [requester.key, requester])).values()]
}

/** Facts around a connection that cost a call each, and that few rules need. */
export interface FactsAskedFor {
  readonly targetTags: boolean
  /** Which connections of the target count as Approved. */
  readonly approved: boolean
  /** The management groups above the requester. */
  readonly requesterGroups: boolean
}

/** Whether any rule has a management group as its target, so that the groups above a target must be known. */
export function asksForTargetGroups(prepared: PreparedRules): boolean {
  return prepared.complete && prepared.index.byManagementGroup.size > 0
}

/**
 * Further facts that the rules for a target need.
 * @param targetGroups see `Context`.
 */
export function factsAskedFor(
  prepared: PreparedRules,
  target: ResourceId,
  targetGroups: ManagementGroups | undefined,
): FactsAskedFor {
  const rules = prepared.complete ? rulesFor(prepared.index, target, targetGroups) : []
  return {
    targetTags: rules.some(({ rule }) => rule.targetTags.length > 0),
    approved: rules.some(({ rule }) => rule.maxConnections !== undefined),
    requesterGroups: rules.some(({ requester }) => requester?.kind === 'management-group'),
  }
}

/** Every rule that may apply to a target, whichever management groups it lies under; undefined: unreadable. */
export function rulesOver(prepared: PreparedRules, target: ResourceId): readonly VersionOfRule[] | undefined {
  return prepared.complete ? versionsOf(rulesFor(prepared.index, target, undefined)) : undefined
}

/** The next time at which a rule that may apply to a target begins or ends; undefined: none does. */
export function nextTimeOf(prepared: PreparedRules, target: ResourceId, now: Date): Date | undefined {
  const rules = prepared.complete ? rulesFor(prepared.index, target, undefined) : []
  const times = rules
    .flatMap(({ rule: { validFrom, validUntil } }) => [validFrom, validUntil])
    .flatMap((time) => (time === undefined ? [] : Date.parse(time)))
    .filter((time) => time > now.getTime())
  return times.length === 0 ? undefined : new Date(Math.min(...times))
}

/** Names and versions of rules. */
export function versionsOf(rules: readonly PreparedRule[]): readonly VersionOfRule[] {
  return rules.map(({ rule: { id, version } }) => ({ ruleId: id, ruleVersion: version }))
}
