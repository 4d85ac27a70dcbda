import { fits, isPathWithin, type Scope } from '../domain/scope.ts'
import type { Comparable, Names, OneRequester } from './comparable.ts'

/** Whether one condition of the outer rule is at least as wide as that of the inner one. */
type Condition = (outer: Comparable, inner: Comparable) => boolean

/** The quick ones first. */
const conditions: readonly Condition[] = [
  period,
  proof,
  maxConnections,
  endpointName,
  (outer, inner) => isAsWideAList(...bothOf(outer, inner, ({ types }) => types)),
  (outer, inner) => isSubset(...bothOf(outer, inner, ({ tags }) => tags)),
  (outer, inner) => isAsWideAList(...bothOf(outer, inner, ({ groups }) => groups)),
  requester,
  target,
]

/**
 * True only when it is certain, condition by condition, that from now on the outer rule matches every request that the
 * inner one matches; and, unless the inner one is an `allow`, that it may match every request that the inner one may
 * match. The outer rule must have the same effect or a more restrictive one; in the latter case its match may be
 * unknown.
 */
export function covers(outer: Comparable, inner: Comparable): boolean {
  return conditions.every((isAsWide) => isAsWide(outer, inner))
}

/** In the form in which the outer rule is compared with a request. */
function bothOf<Part>(
  outer: Comparable,
  inner: Comparable,
  part: (names: Names) => Part,
): readonly [wide: Part, narrow: Part] {
  return outer.rule.effect === 'allow' ? [part(outer.strict), part(inner.strict)] : [part(outer), part(inner)]
}

function period(outer: Comparable, inner: Comparable): boolean {
  return outer.from <= inner.from && outer.until >= inner.until
}

function proof(outer: Comparable, inner: Comparable): boolean {
  return outer.rule.effect !== 'allow' || outer.rule.proof === 'platform' || inner.rule.proof === 'confirmed'
}

/** Which connections count depends on the whole rule, so two limits are never compared. */
function maxConnections({ rule }: Comparable): boolean {
  return rule.maxConnections === undefined
}

/** In a name that is itself a pattern, `*` is a letter that only a `*` takes in. */
function endpointName(outer: Comparable, inner: Comparable): boolean {
  const [wide, narrow] = bothOf(outer, inner, (names) => names.endpointName)
  if (wide === undefined || wide === narrow) return true
  return narrow !== undefined && wide.includes('*') && fits(narrow, wide)
}

function requester(outer: Comparable, inner: Comparable): boolean {
  const [wide, narrow] = bothOf(outer, inner, (names) => names.requester)
  if (wide.kind === 'anybody') return true
  if (wide.kind !== 'scope') return wide.kind === narrow.kind && wide.text === narrow.text
  if (narrow.kind === 'scope')
    return isPathWithin(narrow.segments, wide.segments) && isOfSameType(wide.scope, narrow.scope)
  return (
    narrow.kind === 'resource' &&
    isPathWithin(narrow.segments, wide.segments) &&
    appliesTo(narrow, outer, inner)
  )
}

/**
 * Whether a scope applies to one requester in it. In an `allow` it applies to ordinary endpoints only; elsewhere also
 * to a managed requester, but not to one suggested by an endpoint's name alone.
 */
function appliesTo({ isManaged }: OneRequester, outer: Comparable, inner: Comparable): boolean {
  return !isManaged || (outer.rule.effect !== 'allow' && inner.rule.effect === 'allow')
}

function isOfSameType(wide: Scope, narrow: Scope): boolean {
  return wide.type === undefined || wide.type === narrow.type
}

function target(outer: Comparable, inner: Comparable): boolean {
  const [wide, narrow] = bothOf(outer, inner, (names) => names.target)
  return wide.kind === 'scope'
    ? narrow.kind === 'scope' && isPathWithin(narrow.segments, wide.segments)
    : wide.text === narrow.text
}

/** For lists that mean everything when they are empty. */
function isAsWideAList(outer: ReadonlySet<string>, inner: ReadonlySet<string>): boolean {
  return outer.size === 0 || (inner.size > 0 && isSubset(inner, outer))
}

/** True when each of the few is among the many. */
export function isSubset(few: ReadonlySet<string>, many: ReadonlySet<string>): boolean {
  if (few.size > many.size) return false
  for (const each of few) if (!many.has(each)) return false
  return true
}
