import { foldCase } from '../domain/fold-case.ts'
import { requesterPart, targetPart } from '../domain/prepared-rule.ts'
import { asciiLowerCase } from '../domain/resource-id.ts'
import type { RequesterId } from '../domain/requester-id.ts'
import type { RequesterPattern, RuleContent } from '../domain/rule.ts'
import type { Scope } from '../domain/scope.ts'

/** A rule made ready to be held against other rules. Its names are in the form of `ResourceId.key`. */
export interface Comparable extends Names {
  readonly rule: RuleContent
  /** Its place among the rules. */
  readonly place: number
  /** In the form of `ResourceId.strictKey`: an `allow` matches no more than these. */
  readonly strict: Names
  readonly approvers: ReadonlySet<string>
  /** Milliseconds; from now on, and never before now. */
  readonly from: number
  readonly until: number
}

/** What a rule names, all in one of two forms. */
export interface Names {
  readonly target: Target
  readonly requester: RequesterPart
  readonly endpointName: string | undefined
  readonly types: ReadonlySet<string>
  /** Names in the form, values as they are. */
  readonly tags: ReadonlySet<string>
  readonly groups: ReadonlySet<string>
}

interface Form {
  readonly of: (text: string) => string
  readonly segments: (scope: Scope) => readonly string[]
  readonly key: (id: RequesterId) => string
}

const folded: Form = { of: foldCase, segments: ({ segments }) => segments, key: ({ key }) => key }
const strict: Form = {
  of: asciiLowerCase,
  segments: ({ strictSegments }) => strictSegments,
  key: ({ strictKey }) => strictKey,
}

interface Place {
  readonly kind: 'scope'
  readonly key: string
  readonly text: string
  readonly segments: readonly string[]
  readonly scope: Scope
}

/** `key` is the longest path without `*` above it, by which rules are indexed. */
export type Target =
  Place | { readonly kind: 'management-group'; readonly key: string; readonly text: string }

/** As `Target`. Two of kind `alike` are equal, or nothing certain is known about their relation. */
export type RequesterPart =
  | { readonly kind: 'anybody'; readonly key: string; readonly text: string }
  | OneRequester
  | Place
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
  const [names, strictNames] = [namesOf(rule, folded), namesOf(rule, strict)]
  const from = Math.max(timeOf(rule.validFrom, -Infinity), now.getTime())
  const until = timeOf(rule.validUntil, Infinity)
  if (names === undefined || strictNames === undefined || !(from < until)) return undefined
  const approvers = new Set(rule.approvers.map(foldCase))
  return { ...names, rule, place, strict: strictNames, approvers, from, until }
}

function namesOf(rule: RuleContent, form: Form): Names | undefined {
  const isOfNobody = rule.effect === 'allow' && rule.requester === undefined
  const target = targetOf(rule.target, form)
  const requester = isOfNobody ? undefined : requesterPartOf(rule.requester, form)
  if (target === undefined || requester === undefined) return undefined
  return {
    target,
    requester,
    endpointName: rule.endpointName === undefined ? undefined : form.of(rule.endpointName),
    types: new Set(rule.targetTypes.map(form.of)),
    tags: new Set(rule.targetTags.map(({ name, value }) => `${form.of(name)}=${value}`)),
    groups: new Set(rule.groupIds.map(form.of)),
  }
}

function targetOf(text: string, form: Form): Target | undefined {
  const part = targetPart(text)
  return part?.kind === 'management-group'
    ? { kind: part.kind, ...named(`management group ${form.of(part.name)}`) }
    : part && placeOf(part, form)
}

function requesterPartOf(pattern: RequesterPattern | undefined, form: Form): RequesterPart | undefined {
  const part = pattern && requesterPart(pattern)
  switch (part?.kind) {
    case undefined:
      return { kind: 'anybody', key: '', text: '' }
    case 'managed':
    case 'endpoint': {
      const key = form.key(part.id)
      return {
        kind: 'resource',
        key,
        text: key,
        segments: key.slice(1).split('/'),
        isManaged: part.kind === 'managed',
      }
    }
    case 'scope':
      return placeOf(part, form)
    case 'tenant':
      return { kind: 'alike', ...named(`tenant ${part.tenantId}`) }
    case 'management-group':
      return { kind: 'alike', ...named(`management group ${form.of(part.name)}`) }
    case 'unreadable':
      return undefined
  }
}

function placeOf({ scope }: { readonly scope: Scope }, form: Form): Place {
  const segments = form.segments(scope)
  return { kind: 'scope', key: scope.literalKey, text: `/${segments.join('/')}`, segments, scope }
}

function named(text: string) {
  return { key: text, text }
}

function timeOf(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : Date.parse(text)
}
