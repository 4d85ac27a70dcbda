import { foldCase } from '../domain/fold-case.ts'
import type { RuleContent } from '../domain/rule.ts'
import { matchesName, parseScope } from '../domain/scope.ts'
import type { Remark } from './finding.ts'

const endpointType = 'microsoft.network/privateendpoints'

/** Names of endpoints that no endpoint has. Other contradictions within one rule are refused when it is read. */
export function neverMatches({ requester, endpointName }: RuleContent): Remark | undefined {
  const scope = requester?.kind === 'scope' ? parseScope(requester.pattern) : undefined
  if (endpointName === undefined || scope?.type !== endpointType || !areApart(endpointName, scope.name))
    return undefined
  return {
    code: 'never-matches',
    sentence: `endpointName is ${endpointName}, and the endpoints that requester names are called ${scope.name}; no name fits both.`,
  }
}

/** True only when no name fits both patterns. */
function areApart(one: string, other: string): boolean {
  const [a, b] = [foldCase(one), foldCase(other)]
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
