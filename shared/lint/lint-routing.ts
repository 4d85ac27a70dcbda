import { foldCase } from '../domain/fold-case.ts'
import { quoted } from '../domain/printable.ts'
import type { Route, Routing } from '../domain/route.ts'
import type { RuleContent } from '../domain/rule.ts'
import { isPathWithin, parseManagementGroup, parseScope } from '../domain/scope.ts'
import { type Finding, lintCodes, type Remark } from './finding.ts'

/**
 * Findings about channels and routes that are well-formed, and the rules that they name: channels first, each list in its
 * order. Never throws.
 */
export function lintRouting(
  { channels, routes }: Routing,
  rules: readonly RuleContent[],
): readonly Finding[] {
  const used = new Set(routes.flatMap((route) => [...route.channels, ...route.fallback]))
  const ids = new Set(rules.map(({ id }) => id))
  return [
    ...channels.flatMap(({ name }) => (used.has(name) ? [] : [findingOf(`channel:${name}`, unused)])),
    ...routes.flatMap((route, place) =>
      [missingRules(route, ids), shadow(route, triedBefore(routes, route, place))]
        .filter((remark) => remark !== undefined)
        .map((remark) => findingOf(`route:${route.name}`, remark)),
    ),
  ]
}

const unused: Remark = {
  code: 'channel-unused',
  sentence: 'no route names this channel, so it is never notified. Name it in a route, or remove it.',
}

function findingOf(ruleId: string, remark: Remark): Finding {
  return { severity: lintCodes[remark.code], ruleId, ...remark }
}

function missingRules({ rules }: Route, ids: ReadonlySet<string>): Remark | undefined {
  const missing = rules.filter((id) => !ids.has(id))
  if (missing.length === 0) return undefined
  const names = missing.map(quoted).join(', ')
  return missing.length === rules.length
    ? {
        code: 'route-never-matches',
        sentence: `there is none of the rules that it names (${names}), so it takes no message. Correct the ids, or remove the route.`,
      }
    : {
        code: 'route-rule-missing',
        sentence: `rules names ${names}, which is not there. Correct the id, or leave it out.`,
      }
}

/** The default route is tried last, wherever it stands. */
function triedBefore(routes: readonly Route[], route: Route, place: number): readonly Route[] {
  return routes.filter((other, at) => !other.isDefault && (route.isDefault || at < place))
}

function shadow(route: Route, before: readonly Route[]): Remark | undefined {
  const other = before.find((candidate) => takesAllOf(candidate, route))
  return (
    other && {
      code: 'route-shadowed',
      sentence: `the route ${other.name} comes before it and takes every message that it would take. Narrow that one, or move it down.`,
      about: `route:${other.name}`,
    }
  )
}

/** True only when it is certain, condition by condition. */
function takesAllOf(outer: Route, inner: Route): boolean {
  return (
    (outer.risk === undefined || outer.risk === inner.risk) &&
    isAsWide(outer.rules, inner.rules, (wide, narrow) => wide === narrow) &&
    isAsWide(outer.scopes, inner.scopes, isScopeWithin) &&
    outer.targetTags.every(({ name, value }) =>
      inner.targetTags.some((tag) => foldCase(tag.name) === foldCase(name) && tag.value === value),
    )
  )
}

/** For lists that mean everything when they are empty. */
function isAsWide(
  outer: readonly string[],
  inner: readonly string[],
  covers: (wide: string, narrow: string) => boolean,
): boolean {
  return (
    outer.length === 0 || (inner.length > 0 && inner.every((one) => outer.some((wide) => covers(wide, one))))
  )
}

function isScopeWithin(wide: string, narrow: string): boolean {
  const group = parseManagementGroup(wide)
  if (group !== undefined) return group === parseManagementGroup(narrow)
  const [outer, inner] = [parseScope(wide), parseScope(narrow)]
  return outer !== undefined && inner !== undefined && isPathWithin(inner.segments, outer.segments)
}
