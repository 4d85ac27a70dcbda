import type { PreparedRule } from '../domain/prepared-rule.ts'
import { printableName, quoted } from '../domain/printable.ts'
import type { Proof, ProofLevel } from '../domain/proof.ts'
import { type Witness, witnessOf } from '../domain/refusal-codes.ts'
import { isSameName } from '../domain/resource-id.ts'
import type { Rule, Tag } from '../domain/rule.ts'
import { matchesName } from '../domain/scope.ts'
import type { Condition, Facts, Match } from '../domain/verdict.ts'
import { liesUnder } from './rule-index.ts'

const proofOrder: readonly ProofLevel[] = ['none', 'platform', 'confirmed']

const proofWords: Readonly<Record<ProofLevel, string>> = {
  confirmed: 'confirmed by a second witness',
  platform: 'only what the platform wrote: the endpoint id and its tenant',
  none: 'nothing that identifies the requester',
}

/**
 * The rule was found by its target, so this matches for certain, except for management groups, which may be unknown. It
 * shows the reader the scope of the rule.
 */
export function targetCondition({ rule, target }: PreparedRule, facts: Facts): Condition {
  const { connection, context } = facts
  const { id, subscriptionId } = connection.target
  const match = target.kind === 'scope' ? 'yes' : liesUnder(context.targetGroups, target.name)
  const actual = match === 'yes' ? id : `unknown, because not all groups above ${subscriptionId} can be read`
  return { name: 'target', match, expected: rule.target, actual }
}

/** The type of the target, against the types the rule lists. */
export function targetTypesCondition(rule: Rule, facts: Facts): Condition | undefined {
  if (rule.targetTypes.length === 0) return undefined
  const { type } = facts.connection.target
  return {
    name: 'targetTypes',
    match: yesOrNo(holds(rule.targetTypes, type)),
    expected: oneOf(rule.targetTypes),
    actual: type,
  }
}

/** The tags of the target: it must have each tag of the rule, with exactly that value. */
export function targetTagsCondition(rule: Rule, facts: Facts): Condition | undefined {
  if (rule.targetTags.length === 0) return undefined
  const { targetTags } = facts.context
  const expected = rule.targetTags.map(tagText).join(', ')
  if (targetTags === undefined)
    return {
      name: 'targetTags',
      match: 'unknown',
      expected,
      actual: 'unknown, because they could not be read',
    }
  const actual = rule.targetTags.map((tag) => actualTag(targetTags, tag))
  const isThere = ({ value }: Tag, index: number): boolean => actual[index]?.value === value
  return {
    name: 'targetTags',
    match: yesOrNo(rule.targetTags.every(isThere)),
    expected,
    actual: rule.targetTags.map(({ name }, index) => describeTag(name, actual[index])).join(', '),
  }
}

/** The tag of that name; of several in different letters the one with that value. */
function actualTag(tags: readonly Tag[], { name, value }: Tag): Tag | undefined {
  const named = tags.filter((tag) => isSameName(tag.name, name))
  return named.find((tag) => tag.value === value) ?? named[0]
}

function describeTag(name: string, tag: Tag | undefined): string {
  return tag === undefined ? `no ${name}` : quoted(tagText(tag))
}

function tagText({ name, value }: Tag): string {
  return `${name}=${value}`
}

/**
 * The requested group ids, from the target, or from the second witness where the target does not show them. An `allow`
 * must list them all; for `ask` and `deny` one listed group is enough.
 */
export function groupIdsCondition(rule: Rule, facts: Facts): Condition | undefined {
  if (rule.groupIds.length === 0) return undefined
  const groupIds = seenGroupIds(facts)
  return {
    name: 'groupIds',
    match: matchGroupIds(rule, groupIds),
    expected: rule.effect === 'allow' ? `only ${rule.groupIds.join(', ')}` : oneOf(rule.groupIds),
    actual:
      groupIds === undefined
        ? 'unknown, because the target does not show it and no second witness stated it'
        : groupIds.map(quoted).join(', '),
  }
}

/** The endpoint's own name, against the pattern. The requester chooses that name, so this narrows and never proves. */
export function endpointNameCondition(rule: Rule, facts: Facts): Condition | undefined {
  if (rule.endpointName === undefined) return undefined
  const { endpoint } = facts.connection
  return {
    name: 'endpointName',
    match: endpoint === undefined ? 'unknown' : yesOrNo(matchesName(endpoint.name, rule.endpointName)),
    expected: rule.endpointName,
    actual:
      endpoint === undefined
        ? 'unknown, because the connection does not show its endpoint'
        : printableName(endpoint.name),
  }
}

/** What a second witness says where the proof is `platform`, against an `allow` to which that is enough. */
const witnessed: Readonly<Record<Witness, Pick<Condition, 'match' | 'actual'>>> = {
  contradicts: { match: 'no', actual: 'contradicted by a second witness' },
  'not-heard': { match: 'unknown', actual: 'unknown, because no second witness was heard' },
  unreadable: { match: 'yes', actual: proofWords.platform },
}

/** How sure we are of the requester, against the least an `allow` accepts. Other effects take any. */
export function proofCondition(rule: Rule, facts: Facts): Condition | undefined {
  if (rule.effect !== 'allow') return undefined
  return {
    name: 'proof',
    expected: rule.proof === 'confirmed' ? proofWords.confirmed : 'at least the endpoint id and its tenant',
    ...matchProof(rule.proof, facts.proof),
  }
}

function matchProof(
  minProof: Rule['proof'],
  { level, refusals }: Proof,
): Pick<Condition, 'match' | 'actual'> {
  const witness = witnessOf(refusals.map(({ code }) => code))
  if (minProof === 'platform' && level === 'platform' && witness) return witnessed[witness]
  return {
    match: yesOrNo(proofOrder.indexOf(level) >= proofOrder.indexOf(minProof)),
    actual: proofWords[level],
  }
}

/**
 * Whether the rule is in force: from `validFrom` on, and no longer at `validUntil`. The actual value has no time of
 * day, so that it is the same at the next review pass.
 */
export function validCondition(rule: Rule, now: Date): Condition | undefined {
  const { validFrom, validUntil } = rule
  if (validFrom === undefined && validUntil === undefined) return undefined
  const from = validFrom === undefined ? -Infinity : Date.parse(validFrom)
  const until = validUntil === undefined ? Infinity : Date.parse(validUntil)
  return {
    name: 'valid',
    expected: [validFrom && `from ${validFrom}`, validUntil && `until ${validUntil}`]
      .filter(Boolean)
      .join(' '),
    ...matchPeriod(from, until, now.getTime()),
  }
}

function matchPeriod(from: number, until: number, at: number): Pick<Condition, 'match' | 'actual'> {
  if ([from, until, at].some(Number.isNaN)) return { match: 'unknown', actual: 'a time that cannot be read' }
  if (at < from) return { match: 'no', actual: 'a time before that' }
  return at < until
    ? { match: 'yes', actual: 'a time within that' }
    : { match: 'no', actual: 'a time after that' }
}

/**
 * The requested group ids, where known. An empty list counts as unknown: an `allow` must not take it for "only listed
 * groups".
 */
export function seenGroupIds(facts: Facts): readonly string[] | undefined {
  return [facts.connection.groupIds, facts.proof.groupIds].find((groups) => (groups?.length ?? 0) > 0)
}

function matchGroupIds(rule: Rule, actual: readonly string[] | undefined): Match {
  if (actual === undefined) return 'unknown'
  const isListed = (group: string): boolean => holds(rule.groupIds, group)
  return yesOrNo(rule.effect === 'allow' ? actual.every(isListed) : actual.some(isListed))
}

function holds(list: readonly string[], name: string): boolean {
  return list.some((item) => isSameName(item, name))
}

function oneOf(list: readonly string[]): string {
  return `${list.length > 1 ? 'one of ' : ''}${list.join(', ')}`
}

function yesOrNo(matches: boolean): Match {
  return matches ? 'yes' : 'no'
}
