import type { ResourceId } from '../domain/resource-id.ts'
import type { Rule } from '../domain/rule.ts'
import { isWithin, literalKeysOver, parseScope, type Scope } from '../domain/scope.ts'

interface FiledRule {
  readonly rule: Rule
  readonly scope: Scope
}

/** Rules filed by the longest part of their target that holds no `*`. */
export interface RuleIndex {
  readonly byLiteralKey: ReadonlyMap<string, readonly FiledRule[]>
  /** Ids of rules whose target is not a scope. With any of them the index does not stand for all rules. */
  readonly unfiled: readonly string[]
}

/** Files the rules so that finding those for one target takes no longer when there are more for other targets. */
export function indexRules(rules: readonly Rule[]): RuleIndex {
  const byLiteralKey = new Map<string, FiledRule[]>()
  const unfiled: string[] = []
  for (const rule of rules) {
    const scope = parseScope(rule.target)
    if (scope === undefined) {
      unfiled.push(rule.id)
      continue
    }
    const filed = byLiteralKey.get(scope.literalKey)
    if (filed === undefined) byLiteralKey.set(scope.literalKey, [{ rule, scope }])
    else filed.push({ rule, scope })
  }
  return { byLiteralKey, unfiled: unfiled.sort() }
}

/** The rules whose target is the resource or holds it, lowest id first. */
export function rulesFor(index: RuleIndex, target: ResourceId): readonly Rule[] {
  return literalKeysOver(target)
    .flatMap((key) => index.byLiteralKey.get(key) ?? [])
    .filter(({ scope }) => isWithin(target, scope))
    .map(({ rule }) => rule)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}
