import { printable } from '../../domain/printable.ts'
import { asciiLowerCase } from '../../domain/resource-id.ts'
import type { RuleContent } from '../../domain/rule.ts'
import { matchesName, parseScope } from '../../domain/scope.ts'
import type { Remark } from './finding.ts'

const endpointType = 'microsoft.network/privateendpoints'

/** Conditions that no request can meet at once. What one rule alone must not say is refused when it is read. */
export function neverMatches(rule: RuleContent): Remark | undefined {
  const sentence = contradictingTags(rule) ?? contradictingNames(rule)
  return sentence === undefined ? undefined : { code: 'never-matches', sentence }
}

function contradictingTags({ targetTags }: RuleContent): string | undefined {
  const values = new Map<string, string>()
  for (const { name, value } of targetTags) {
    const other = values.get(asciiLowerCase(name))
    if (other !== undefined && other !== value)
      return (
        `targetTags wants ${printable(name)} to be both ${printable(other)} and ${printable(value)};` +
        ' a tag has one value, so write two rules.'
      )
    values.set(asciiLowerCase(name), value)
  }
  return undefined
}

function contradictingNames({ requester, endpointName }: RuleContent): string | undefined {
  const scope = requester?.kind === 'scope' ? parseScope(requester.pattern) : undefined
  if (endpointName === undefined || scope?.type !== endpointType) return undefined
  return areApart(endpointName, scope.name)
    ? `endpointName is ${endpointName}, and the endpoints that requester names are called ${scope.name}; no name fits both.`
    : undefined
}

/** True only when no name fits both patterns. */
function areApart(one: string, other: string): boolean {
  const [a, b] = [asciiLowerCase(one), asciiLowerCase(other)]
  if (!a.includes('*')) return !matchesName(a, b)
  if (!b.includes('*')) return !matchesName(b, a)
  return !canStartAlike(ends(a).first, ends(b).first) || !canEndAlike(ends(a).last, ends(b).last)
}

function ends(pattern: string): { readonly first: string; readonly last: string } {
  return {
    first: pattern.slice(0, pattern.indexOf('*')),
    last: pattern.slice(pattern.lastIndexOf('*') + 1),
  }
}

function canStartAlike(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a)
}

function canEndAlike(a: string, b: string): boolean {
  return a.endsWith(b) || b.endsWith(a)
}
