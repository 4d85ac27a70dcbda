import { foldCase } from './fold-case.ts'
import type { RequesterId } from './requester-id.ts'
import { asciiLowerCase, isGuid, type ResourceId } from './resource-id.ts'

/**
 * A part of the resource tree: a subscription, a resource group or a resource, and everything under it. Names of groups
 * and resources may hold `*`, which matches any characters within that one name.
 */
export interface Scope {
  /** Path segments, from `subscriptions` on, in the form of `ResourceId.key`. */
  readonly segments: readonly string[]
  /** The same in the form of `ResourceId.strictKey`. */
  readonly strictSegments: readonly string[]
  /** Provider and types in ASCII lower case when the scope is a resource. */
  readonly type: string | undefined
  /** The last name, in the form of `ResourceId.key`. */
  readonly name: string
  /** The longest scope without `*` that contains this one, in the form of `ResourceId.key`. */
  readonly literalKey: string
  /** False: the scope is `literalKey` itself. */
  readonly hasPattern: boolean
}

const namePattern = /^[\p{L}\p{N}._()*-]+$/u
const typeName = /^[a-z0-9.]+$/i
const maxScopeLength = 1024
const subscriptionLength = 2
const groupLength = 4
const namespaceLength = 6

/**
 * Reads `/subscriptions/{guid}`, `…/resourceGroups/{name}` or `…/providers/{namespace}/{type}/{name}[/{type}/{name}…]`.
 * Returns undefined for anything else: `*` outside a name, `**`, an empty or dot segment, a trailing slash.
 */
export function parseScope(text: string): Scope | undefined {
  if (text.length > maxScopeLength || !text.startsWith('/')) return undefined
  const strictText = asciiLowerCase(text)
  const foldedText = foldCase(strictText)
  const segments = foldedText.slice(1).split('/')
  const [subscriptions, subscriptionId = '', groups, , providers, namespace] = segments
  if (subscriptions !== 'subscriptions' || !isGuid(subscriptionId)) return undefined
  if (!isScopeLength(segments.length)) return undefined
  if (groups !== undefined && groups !== 'resourcegroups') return undefined
  if (providers !== undefined && providers !== 'providers') return undefined
  const types = segments.filter((_, index) => index >= namespaceLength && index % 2 === 0)
  const names = segments.filter((_, index) => index === 3 || (index > namespaceLength && index % 2 === 1))
  if (![...(namespace === undefined ? [] : [namespace]), ...types].every((part) => typeName.test(part)))
    return undefined
  if (!names.every(isNamePattern)) return undefined
  return {
    segments,
    strictSegments: strictText === foldedText ? segments : strictText.slice(1).split('/'),
    type: namespace === undefined ? undefined : [namespace, ...types].join('/'),
    name: names.at(-1) ?? subscriptionId,
    literalKey: literalKeyOf(segments),
    hasPattern: segments.some((segment) => segment.includes('*')),
  }
}

/** True for one name; `*` is allowed, `**` is not. */
export function isNamePattern(text: string): boolean {
  return namePattern.test(text) && !text.includes('**') && text !== '.' && text !== '..'
}

/** True when the resource is the scope or lies under it. Names are compared whole: `rg-a` does not contain `rg-ab`. */
export function isWithin(id: RequesterId, scope: Scope): boolean {
  return isPathWithin(id.key.slice(1).split('/'), scope.segments)
}

/** As `isWithin`, and nothing but the case of A–Z differs: for what allows. */
export function isCertainlyWithin(id: RequesterId, scope: Scope): boolean {
  return isPathWithin(id.strictKey.slice(1).split('/'), scope.strictSegments)
}

/**
 * True when the path is the scope or lies under it; both are segments in the same form. A `*` in the path is matched
 * only by a `*`.
 */
export function isPathWithin(path: readonly string[], scope: readonly string[]): boolean {
  return (
    scope.length <= path.length &&
    scope.every((expected, index) => {
      const name = path[index] ?? ''
      return name === expected || (expected.includes('*') && fits(name, expected))
    })
  )
}

/** True when the name fits the pattern to Azure, as far as is known. */
export function matchesName(name: string, pattern: string): boolean {
  return fits(foldCase(name), foldCase(pattern))
}

/** As `matchesName`, and nothing but the case of A–Z differs: for what allows. */
export function certainlyMatchesName(name: string, pattern: string): boolean {
  return fits(asciiLowerCase(name), asciiLowerCase(pattern))
}

/** True when the text fits the pattern letter by letter. The time is linear in the text for each `*`. */
export function fits(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const part of rest) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}

/** The keys of every scope without `*` that contains the resource, itself included: for lookups by `literalKey`. */
export function literalKeysOver(id: ResourceId): readonly string[] {
  const keys: string[] = []
  for (let end = id.key.indexOf('/', 1), length = 1; ; end = id.key.indexOf('/', end + 1), length += 1) {
    if (isScopeLength(length)) keys.push(end < 0 ? id.key : id.key.slice(0, end))
    if (end < 0) return keys
  }
}

function isScopeLength(length: number): boolean {
  return (
    length === subscriptionLength || length === groupLength || (length > namespaceLength && length % 2 === 0)
  )
}

function literalKeyOf(segments: readonly string[]): string {
  const firstPattern = segments.findIndex((segment) => segment.includes('*'))
  let length = firstPattern < 0 ? segments.length : firstPattern
  while (!isScopeLength(length)) length--
  return keyOf(segments.slice(0, length))
}

function keyOf(segments: readonly string[]): string {
  return `/${segments.join('/')}`
}

/** In lower case: with the flag `i` the long s would pass for an s. */
const managementGroup = /^\/providers\/microsoft\.management\/managementgroups\/([\p{L}\p{N}._()-]{1,90})$/u

/** Reads `/providers/Microsoft.Management/managementGroups/{name}`: the name, in ASCII lower case. */
export function parseManagementGroup(text: string): string | undefined {
  return managementGroup.exec(asciiLowerCase(text))?.[1]
}
