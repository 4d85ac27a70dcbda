import type { PreparedRule, RequesterPart } from '../domain/prepared-rule.ts'
import type { RequesterId } from '../domain/requester-id.ts'
import {
  isCertainlySameName,
  isCertainlySameResource,
  isSameName,
  isSameResource,
} from '../domain/resource-id.ts'
import {
  certainlyMatchesName,
  isCertainlyWithin,
  isWithin,
  matchesName,
  type Scope,
} from '../domain/scope.ts'
import type { Condition, Facts, ManagementGroups } from '../domain/verdict.ts'
import { seenGroupIds } from './conditions.ts'

/** True when a part of the rule names what the facts show, but in letters that differ beyond A–Z. */
type Differ = (prepared: PreparedRule, facts: Facts) => boolean

const parts: readonly (readonly [what: string, differ: Differ])[] = [
  ['the target', differInTarget],
  ['the target type', ({ rule }, { connection }) => differInList(rule.targetTypes, [connection.target.type])],
  ['the tags', differInTags],
  ['the group ids', ({ rule }, facts) => differInList(rule.groupIds, seenGroupIds(facts) ?? [])],
  ['the requester', ({ requester }, facts) => requester !== undefined && differInRequester(requester, facts)],
  ['the endpoint name', differInEndpointName],
]

/**
 * The other conditions take two names for the same when Azure probably does. An `allow` also needs that nothing but the
 * case of A–Z differs. Undefined where that is so, and for the other effects.
 */
export function lettersCondition(prepared: PreparedRule, facts: Facts): Condition | undefined {
  if (prepared.rule.effect !== 'allow' || !prepared.hasLettersBeyondAscii) return undefined
  const different = parts.filter(([, differ]) => differ(prepared, facts)).map(([what]) => what)
  if (different.length === 0) return undefined
  return {
    name: 'letters',
    match: 'unknown',
    expected: 'the letters of the rule, beyond A to Z, too',
    actual: `other letters in ${different.join(' and ')}`,
  }
}

function differInTarget({ target }: PreparedRule, { connection, context }: Facts): boolean {
  return target.kind === 'scope'
    ? differInPlace(connection.target, target.scope)
    : differInGroups(context.targetGroups, target.name)
}

function differInRequester(
  requester: RequesterPart,
  { connection: { endpoint }, proof, context }: Facts,
): boolean {
  switch (requester.kind) {
    case 'managed':
      return proof.level === 'confirmed' && differInId(proof.requester?.id, requester.id)
    case 'endpoint':
      return differInId(endpoint, requester.id)
    case 'scope':
      return differInPlace(endpoint, requester.scope)
    case 'management-group':
      return endpoint !== undefined && differInGroups(context.endpointGroups, requester.name)
    default:
      return false
  }
}

function differInTags({ rule }: PreparedRule, { context: { targetTags = [] } }: Facts): boolean {
  return rule.targetTags.some(({ name, value }) => {
    const names = targetTags.filter((tag) => tag.value === value).map((tag) => tag.name)
    return differInList(names, [name])
  })
}

function differInEndpointName({ rule: { endpointName } }: PreparedRule, { connection }: Facts): boolean {
  const name = connection.endpoint?.name
  return (
    endpointName !== undefined &&
    name !== undefined &&
    !certainlyMatchesName(name, endpointName) &&
    matchesName(name, endpointName)
  )
}

function differInList(listed: readonly string[], names: readonly string[]): boolean {
  return names.some(
    (name) =>
      !listed.some((item) => isCertainlySameName(item, name)) &&
      listed.some((item) => isSameName(item, name)),
  )
}

function differInId(actual: RequesterId | undefined, expected: RequesterId): boolean {
  return (
    actual !== undefined && !isCertainlySameResource(actual, expected) && isSameResource(actual, expected)
  )
}

function differInPlace(id: RequesterId | undefined, scope: Scope): boolean {
  return id !== undefined && !isCertainlyWithin(id, scope) && isWithin(id, scope)
}

function differInGroups(groups: ManagementGroups | undefined, name: string): boolean {
  const names = groups?.names ?? []
  return (
    !names.some((each) => isCertainlySameName(each, name)) && names.some((each) => isSameName(each, name))
  )
}
