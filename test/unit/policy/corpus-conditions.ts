import type { Effect, RequesterPattern } from '../../../shared/domain/rule.ts'
import { withOtherGuid } from './corpus-edits.ts'
import { inOtherCase, nearMisses, nearMissKinds, patternFor } from './corpus-names.ts'
import {
  anySubscription,
  anyTenant,
  groupsOf,
  targetTypes,
  typeOf,
  type Owner,
  type Places,
} from './corpus-places.ts'
import type { Random } from './corpus-random.ts'
import { isOutsideGroups } from './corpus-requesters.ts'
import { anyManagementGroup, managementGroupId } from './corpus-context.ts'
import { now } from './given.ts'

const owners: readonly Owner[] = ['own', 'own', 'managed', 'foreign']
/** Beginnings of a validity that nobody can read. */
export const unreadableTimes = ['', 'tomorrow', '2026-13-41T99:00:00.000Z']

/** Where the validity of rules begins and ends, in milliseconds from now and as a rule holds it. */
export const windowEdges = [-86_400_000, -1, 0, 1, 86_400_000].map((fromNow) => ({
  fromNow,
  at: new Date(now.getTime() + fromNow).toISOString(),
}))

/** Targets that are no scopes: one rule with such a target makes the whole set unreadable. */
const brokenTargets: readonly ((target: string) => string)[] = [
  () => '',
  () => '/',
  () => '*',
  () => '/subscriptions/*',
  () => '/providers/Microsoft.Management/managementGroups/',
  () => '/provider\u017F/Microsoft.Management/managementGroups/risk-team',
  () => '/providers/Microsoft.Management/managementGroups/risk*',
  (target) => `${target}/`,
  (target) => target.slice(1),
  (target) => ` ${target}`,
  (target) => `${target} `,
  (target) => target.replace(/[^/]+$/, '..'),
  (target) => target.replace(/[^/]+$/, 'a**b'),
  (target) => target.replace(/[^/]+$/, 'a%2Fb'),
  (target) => target.replace('/providers/', '/provider/'),
  (target) => target.replace(/Microsoft[.]/, 'Micro*.'),
]

/** What a rule can hold where an id is meant, so that nobody can say whom it speaks of. */
const brokenRequesters: readonly ((id: string) => string)[] = [
  () => '',
  () => '*',
  () => '/subscriptions/*',
  (id) => `${id}/`,
  (id) => `${id}*`,
  (id) => ` ${id}`,
  (id) => `${id}/pipelines/p`,
  (id) => id.replace(/[^/]+$/, ''),
  (id) => id.replace(/.*[/]/, ''),
  (id) =>
    id.replace(/(?:providers[/].*|fabric|databricks)[/]/, 'providers/Microsoft.Storage/storageAccounts/'),
]

/** A target that is no scope. */
export function anyBrokenTarget(places: Places, random: Random): string {
  return random.pick(brokenTargets)(random.pick(places.targets))
}

export function anyTarget(places: Places, random: Random): string {
  const target = random.chance(0.1) ? managementGroupId(anyManagementGroup(random)) : anyScope(places, random)
  return spelled(target, random)
}

function anyScope(places: Places, random: Random): string {
  const target = random.pick(places.targets)
  const parts = target.split('/')
  const choice = random.below(20)
  if (choice < 3) return parts.slice(0, 3).join('/')
  if (choice < 7) return parts.slice(0, 5).join('/')
  if (choice < 9) return withPart(parts.slice(0, 5), 4, (name) => patternFor(name, random))
  if (choice < 12) return withPart(parts, 8, (name) => patternFor(name, random))
  if (choice < 13) return withPart(parts, 4, (name) => patternFor(name, random))
  if (choice < 15) return withPart(parts, random.pick([4, 8]), (name) => nearMissIn(name, random))
  return target
}

export function anyRequester(effect: Effect, places: Places, random: Random): RequesterPattern | undefined {
  const choice = random.below(40)
  if (choice < 1 || (choice < 10 && effect !== 'allow')) return undefined
  const managed = random.pick(places.managedRequesters)
  const endpoint = random.pick(places.endpoints)
  if (choice < 3) return anyBrokenRequester(places, random)
  if (choice < 18) return { kind: 'resource', id: spelled(nearly(managed, random), random) }
  if (choice < 23) return { kind: 'resource', id: spelled(nearly(endpoint, random), random) }
  if (choice < 34)
    return random.chance(0.25)
      ? { kind: 'management-group', name: anyManagementGroup(random) }
      : { kind: 'scope', pattern: spelled(anyRequesterScope(managed, endpoint, random), random) }
  return {
    kind: 'tenant',
    tenantId: random.chance(0.03) ? '*' : spelled(anyTenant(random.pick(owners), random), random),
  }
}

/** A requester that nobody can understand. */
export function anyBrokenRequester(places: Places, random: Random): RequesterPattern {
  const id = random.pick(brokenRequesters)(random.pick([...places.managedRequesters, ...places.endpoints]))
  return random.chance(0.5) ? { kind: 'resource', id } : { kind: 'scope', pattern: `${id}/` }
}

function anyRequesterScope(managed: string, endpoint: string, random: Random): string {
  const parts = random.pick([managed, endpoint, endpoint]).split('/')
  const choice = random.below(10)
  if (choice < 1) return `/subscriptions/${anySubscription(random.pick(owners), random)}`
  if (choice < 4) return parts.slice(0, 3).join('/')
  if (choice < 6) return nearly(parts.slice(0, 5).join('/'), random)
  if (choice < 8) return withPart(parts.slice(0, 5), 4, (name) => patternFor(name, random))
  return withPart(parts, 8, (name) => patternFor(name, random))
}

export function anyTypes(places: Places, random: Random): readonly string[] {
  const types = [...places.targets.map(typeOf), random.pick(targetTypes)[0]]
  const some = random.some(types, 0.4)
  return (some.length === 0 ? [random.pick(types)] : some).map((type) =>
    random.chance(0.1) ? nearMissIn(type, random) : spelled(type, random),
  )
}

export function anyGroups(places: Places, random: Random): readonly string[] {
  const groups = groupsOf(random.pick(places.targets))
  const some = random.some(groups, 0.6)
  return (some.length === 0 ? [random.pick(groups)] : some).map((group) =>
    random.chance(0.1) ? nearMissIn(group, random) : spelled(group, random),
  )
}

export function anyEndpointName(
  requester: RequesterPattern | undefined,
  places: Places,
  random: Random,
): string {
  const ids = requester?.kind === 'resource' ? [`${requester.id}.*`, requester.id] : places.endpoints
  const name = random.pick(ids).split('/').at(-1) ?? ''
  const choice = random.below(20)
  if (choice < 1) return ''
  if (choice < 3) return '*'
  if (choice < 5) return nearMissIn(name, random)
  return choice < 12 && name !== '' ? patternFor(name, random).replace('**', '*') : spelled(name, random)
}

/** The beginning or the end of a rule's validity, now and then one that cannot be read. */
export function anyTime(random: Random): string {
  return random.chance(0.03) ? random.pick(unreadableTimes) : random.pick(windowEdges).at
}

function nearly(id: string, random: Random): string {
  const parts = id.split('/')
  if (!random.chance(0.12)) return id
  return isOutsideGroups(id)
    ? withOtherGuid(id, random)
    : withPart(parts, random.pick(parts.length > 5 ? [4, 8] : [4]), (name) => nearMissIn(name, random))
}

function nearMissIn(name: string, random: Random): string {
  return nearMisses[random.pick(nearMissKinds)](name, random)
}

function spelled(text: string, random: Random): string {
  return random.chance(0.1) ? inOtherCase(text, random) : text
}

function withPart(parts: readonly string[], index: number, change: (name: string) => string): string {
  return parts.map((part, at) => (at === index ? change(part) : part)).join('/')
}
