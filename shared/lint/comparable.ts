import { requesterPart, targetPart } from '../domain/prepared-rule.ts'
import { asciiLowerCase } from '../domain/resource-id.ts'
import type { RequesterPattern, RuleContent } from '../domain/rule.ts'
import type { Scope } from '../domain/scope.ts'

/** A rule made ready to be held against other rules. */
export interface Comparable {
  readonly rule: RuleContent
  /** Its place among the rules. */
  readonly place: number
  readonly target: Target
  readonly requester: RequesterPart
  /** In ASCII lower case, as are the sets but for the values of tags. */
  readonly endpointName: string | undefined
  readonly types: ReadonlySet<string>
  readonly tags: ReadonlySet<string>
  readonly groups: ReadonlySet<string>
  readonly approvers: ReadonlySet<string>
  /** Milliseconds; from now on, and never before now. */
  readonly from: number
  readonly until: number
}

/** `key` is the longest path without `*` above it, by which rules are indexed. `text` has ASCII lower case. */
export type Target =
  | { readonly kind: 'scope'; readonly key: string; readonly text: string; readonly scope: Scope }
  | { readonly kind: 'management-group'; readonly key: string; readonly text: string }

/** As `Target`. Two of kind `alike` are equal, or nothing certain is known about their relation. */
export type RequesterPart =
  | { readonly kind: 'anybody'; readonly key: string; readonly text: string }
  | OneRequester
  | { readonly kind: 'scope'; readonly key: string; readonly text: string; readonly scope: Scope }
  | { readonly kind: 'alike'; readonly key: string; readonly text: string }

export interface OneRequester {
  readonly kind: 'resource'
  readonly key: string
  readonly text: string
  readonly segments: readonly string[]
  readonly isManaged: boolean
}

/** Undefined for a rule that is no longer valid, or of which some part is not understood. */
export function comparable(rule: RuleContent, place: number, now: Date): Comparable | undefined {
  const target = targetOf(rule.target)
  const isOfNobody = rule.effect === 'allow' && rule.requester === undefined
  const requester = isOfNobody ? undefined : requesterPartOf(rule.requester)
  const from = Math.max(timeOf(rule.validFrom, -Infinity), now.getTime())
  const until = timeOf(rule.validUntil, Infinity)
  if (target === undefined || requester === undefined || !(from < until)) return undefined
  return {
    rule,
    place,
    target,
    requester,
    endpointName: rule.endpointName === undefined ? undefined : asciiLowerCase(rule.endpointName),
    types: lowerCase(rule.targetTypes),
    tags: new Set(rule.targetTags.map(({ name, value }) => `${asciiLowerCase(name)}=${value}`)),
    groups: lowerCase(rule.groupIds),
    approvers: lowerCase(rule.approvers),
    from,
    until,
  }
}

function targetOf(text: string): Target | undefined {
  const part = targetPart(text)
  return part?.kind === 'management-group'
    ? { kind: part.kind, ...named(`management group ${part.name}`) }
    : part && placeOf(part)
}

function requesterPartOf(pattern: RequesterPattern | undefined): RequesterPart | undefined {
  const part = pattern && requesterPart(pattern)
  switch (part?.kind) {
    case undefined:
      return { kind: 'anybody', key: '', text: '' }
    case 'managed':
    case 'endpoint': {
      const { key } = part.id
      return {
        kind: 'resource',
        key,
        text: key,
        segments: key.slice(1).split('/'),
        isManaged: part.kind === 'managed',
      }
    }
    case 'scope':
      return placeOf(part)
    case 'tenant':
      return { kind: 'alike', ...named(`tenant ${part.tenantId}`) }
    case 'management-group':
      return { kind: 'alike', ...named(`management group ${part.name}`) }
    case 'unreadable':
      return undefined
  }
}

function placeOf({ scope }: { readonly scope: Scope }) {
  return { kind: 'scope', key: scope.literalKey, text: `/${scope.segments.join('/')}`, scope } as const
}

function named(text: string) {
  return { key: text, text }
}

function timeOf(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : Date.parse(text)
}

function lowerCase(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.map(asciiLowerCase))
}
