import type { RequesterId } from './requester-id.ts'
import { isManagedKind, type ManagedKind } from './requester-kind.ts'
import { asciiLowerCase } from './resource-id.ts'
import { namedRequester, type RequesterPattern, type Rule } from './rule.ts'
import { parseManagementGroup, parseScope, type Scope } from './scope.ts'

const beyondAscii = /\P{ASCII}/u

/** A rule with parsed fields, so that they are parsed once for all requests. */
export interface PreparedRule {
  readonly rule: Rule
  readonly target: TargetPart
  /** Undefined: the rule names no requester. */
  readonly requester: RequesterPart | undefined
  /** True when a name in it has letters beyond ASCII. Without them, what matches certainly matches. */
  readonly hasLettersBeyondAscii: boolean
}

/** The part of the resource tree that a rule applies to. */
export type TargetPart =
  | { readonly kind: 'scope'; readonly scope: Scope }
  /** The name is in ASCII lower case. */
  | { readonly kind: 'management-group'; readonly name: string }

/** Who a rule applies to. `unreadable`: whether it matches is always unknown. */
export type RequesterPart =
  | { readonly kind: 'managed'; readonly id: RequesterId; readonly requesterKind: ManagedKind }
  | { readonly kind: 'endpoint'; readonly id: RequesterId }
  | { readonly kind: 'scope'; readonly scope: Scope; readonly text: string }
  | { readonly kind: 'management-group'; readonly name: string }
  | { readonly kind: 'tenant'; readonly tenantId: string }
  | { readonly kind: 'unreadable'; readonly text: string }

/** Reads the texts of a rule; undefined when its target is none. */
export function prepareRule(rule: Rule): PreparedRule | undefined {
  const target = targetPart(rule.target)
  return (
    target && {
      rule,
      target,
      requester: rule.requester && requesterPart(rule.requester),
      hasLettersBeyondAscii: namesIn(rule).some((name) => beyondAscii.test(name)),
    }
  )
}

function namesIn({
  target,
  targetTypes,
  targetTags,
  groupIds,
  requester,
  endpointName,
}: Rule): readonly string[] {
  const tags = targetTags.map(({ name }) => name)
  return [target, ...targetTypes, ...tags, ...groupIds, ...Object.values(requester ?? {}), endpointName ?? '']
}

/** Reads the target of a rule; undefined when it is none. */
export function targetPart(text: string): TargetPart | undefined {
  const name = parseManagementGroup(text)
  if (name !== undefined) return { kind: 'management-group', name }
  const scope = parseScope(text)
  return scope && { kind: 'scope', scope }
}

/** Reads the requester of a rule. */
export function requesterPart(pattern: RequesterPattern): RequesterPart {
  switch (pattern.kind) {
    case 'resource':
      return namedPart(pattern)
    case 'scope': {
      const text = pattern.pattern
      const scope = parseScope(text)
      return scope ? { kind: 'scope', scope, text } : { kind: 'unreadable', text }
    }
    case 'management-group':
      return { kind: 'management-group', name: asciiLowerCase(pattern.name) }
    case 'tenant':
      return { kind: 'tenant', tenantId: asciiLowerCase(pattern.tenantId) }
  }
}

function namedPart(pattern: RequesterPattern & { readonly kind: 'resource' }): RequesterPart {
  const named = namedRequester(pattern)
  if (named === undefined) return { kind: 'unreadable', text: pattern.id }
  const { id, kind } = named
  return isManagedKind(kind) ? { kind: 'managed', id, requesterKind: kind } : { kind: 'endpoint', id }
}
