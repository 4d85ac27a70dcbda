import { foldCase } from '../domain/fold-case.ts'
import { type PreparedRule, prepareRule } from '../domain/prepared-rule.ts'
import { isSameName, type ResourceId } from '../domain/resource-id.ts'
import type { Rule } from '../domain/rule.ts'
import { isWithin, literalKeysOver, type Scope } from '../domain/scope.ts'
import type { ManagementGroups, Match } from '../domain/verdict.ts'

interface FiledRule {
  readonly prepared: PreparedRule
  readonly scope: Scope
}

/** Rules indexed by their targets. */
export interface RuleIndex {
  /** By the longest part of the target without `*`. */
  readonly byLiteralKey: ReadonlyMap<string, readonly FiledRule[]>
  /** By the folded name. */
  readonly byManagementGroup: ReadonlyMap<string, readonly PreparedRule[]>
  /** Ids of rules with an invalid target. With any of them the index is incomplete. */
  readonly unfiled: readonly string[]
}

/** Files the rules so that finding those for one target takes no longer when there are more for other targets. */
export function indexRules(rules: readonly Rule[]): RuleIndex {
  const byLiteralKey = new Map<string, FiledRule[]>()
  const byManagementGroup = new Map<string, PreparedRule[]>()
  const unfiled: string[] = []
  for (const rule of rules) {
    const prepared = prepareRule(rule)
    if (prepared === undefined) {
      unfiled.push(rule.id)
      continue
    }
    const { target } = prepared
    if (target.kind === 'scope')
      file(byLiteralKey, target.scope.literalKey, { prepared, scope: target.scope })
    else file(byManagementGroup, foldCase(target.name), prepared)
  }
  return { byLiteralKey, byManagementGroup, unfiled: unfiled.sort() }
}

function file<Filed>(filed: Map<string, Filed[]>, key: string, rule: Filed): void {
  const others = filed.get(key)
  if (others === undefined) filed.set(key, [rule])
  else others.push(rule)
}

/**
 * The rules whose target is the resource, contains it or may contain it, lowest id first.
 * @param groups the management groups of the target's subscription; undefined when they are unknown.
 */
export function rulesFor(
  index: RuleIndex,
  target: ResourceId,
  groups: ManagementGroups | undefined,
): readonly PreparedRule[] {
  const onScopes = literalKeysOver(target)
    .flatMap((key) => index.byLiteralKey.get(key) ?? [])
    .filter(({ scope }) => !scope.hasPattern || isWithin(target, scope))
    .map(({ prepared }) => prepared)
  return [...onScopes, ...rulesForGroups(index, groups)].sort((a, b) => (a.rule.id < b.rule.id ? -1 : 1))
}

function rulesForGroups(
  { byManagementGroup }: RuleIndex,
  groups: ManagementGroups | undefined,
): readonly PreparedRule[] {
  if (byManagementGroup.size === 0) return []
  return groups?.isWhole
    ? [...new Set(groups.names.map(foldCase))].flatMap((name) => byManagementGroup.get(name) ?? [])
    : [...byManagementGroup.values()].flat()
}

/** Whether a subscription is under a management group, as far as its groups are known. */
export function liesUnder(groups: ManagementGroups | undefined, name: string): Match {
  if (groups?.names.some((each) => isSameName(each, name))) return 'yes'
  return groups?.isWhole ? 'no' : 'unknown'
}
