import type { Connection } from '../domain/connection.ts'
import { printableName } from '../domain/printable.ts'
import { asciiLowerCase } from '../domain/resource-id.ts'
import { plainContent, type RuleContent } from '../domain/rule.ts'
import type { Facts } from '../domain/verdict.ts'
import { evaluate, seenGroupIds, type PreparedRules } from '../policy/index.ts'
import { suggestedRequester, type SuggestedRequester, type Width } from './suggest-requester.ts'
import { distinctIds, type Named } from './suggest-ids.ts'
import { refusedFor, type NotProposed } from './suggest-refusals.ts'

/** An Approved connection, with the facts of its requester and Azure today. */
export interface Approval {
  readonly facts: Facts
  /** Tenant that owns the target's subscription; undefined when unknown. */
  readonly ownTenantId: string | undefined
}

export interface SuggestOptions {
  readonly by: Width
  /** Propose rules for endpoints of other tenants, too. */
  readonly includeForeign: boolean
  /** Propose what rules of today cover already. */
  readonly includeCovered: boolean
  readonly validUntil: string | undefined
  /** The rules of today; undefined when there are none to compare with. */
  readonly rules: PreparedRules | undefined
  /** Ids that rules of today have: no proposal takes one. */
  readonly takenIds: readonly string[]
  readonly now: Date
}

/** A rule that would have approved connections that are Approved today. */
export interface Proposal {
  readonly rule: RuleContent
  /** The evidence, for the reviewer of the file. */
  readonly because: string
  readonly supports: readonly Connection[]
  /** The endpoint belongs to another tenant. */
  readonly isForeign: boolean
  /** What needs a second check; each a sentence. */
  readonly remarks: readonly string[]
}

export interface Suggestion {
  readonly proposals: readonly Proposal[]
  readonly notProposed: readonly NotProposed[]
}

/** One proposal in the making: connections of one requester on one target. */
interface Draft extends SuggestedRequester, Named {
  readonly proof: RuleContent['proof']
  readonly facts: Facts
  readonly coveredBy: string | undefined
}

/**
 * Proposes rules that would approve what is Approved today: one for each requester and target, never wider than the
 * existing connections unless `by` asks for it. Unproven connections and look-alikes are reported and not proposed.
 */
export function suggest(approvals: readonly Approval[], options: SuggestOptions): Suggestion {
  const drafts: Draft[] = []
  const notProposed: NotProposed[] = []
  for (const approval of approvals) {
    const drafted = draftFor(approval, options)
    if ('why' in drafted) notProposed.push(drafted)
    else drafts.push(drafted)
  }
  const groups = [...Map.groupBy(drafts, keyOf)].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const named = groups.flatMap(([, group]) => (group[0] ? [{ first: group[0], group }] : []))
  const ids = distinctIds(
    named.map(({ first }) => first),
    options.takenIds,
  )
  return {
    proposals: named.map(({ first, group }, index) => proposalOf(ids[index] ?? '', first, group, options)),
    notProposed,
  }
}

function draftFor({ facts, ownTenantId }: Approval, options: SuggestOptions): Draft | NotProposed {
  const refused = refusedFor(facts, ownTenantId, options.includeForeign)
  if (refused) return refused
  const { connection, proof } = facts
  const verdict = options.rules && evaluate(facts, options.rules, options.now)
  const coveredBy = verdict?.outcome === 'approve' ? verdict.decidedBy?.ruleId : undefined
  if (coveredBy !== undefined && !options.includeCovered) {
    return { connection, kind: 'covered', why: `Rule ${coveredBy} allows it already.` }
  }
  const isOverruled = verdict?.decidedBy !== undefined && coveredBy === undefined
  if (isOverruled) return { connection, kind: 'overruled', why: verdict.reason.sentence }
  const asks = suggestedRequester(facts, ownTenantId, options.by)
  const { target } = connection
  return {
    ...asks,
    proof: proof.level === 'confirmed' && !asks.isForeign ? 'confirmed' : 'platform',
    target,
    facts,
    coveredBy,
  }
}

function keyOf({ requesterKey, target, proof }: Draft): string {
  return `${requesterKey} ${target.strictKey} ${proof}`
}

function proposalOf(
  id: string,
  first: Draft,
  group: readonly Draft[],
  { validUntil, now }: SuggestOptions,
): Proposal {
  const groups = group.map(({ facts }) => seenGroupIds(facts))
  const isGroupIdUnknown = groups.some((known) => known === undefined)
  const groupIds = isGroupIdUnknown ? [] : distinctNames(groups.flatMap((known) => known ?? []))
  const unknown = isGroupIdUnknown ? ' Not every group is known, so none is named.' : ''
  const covered = [...new Set(group.flatMap(({ coveredBy }) => coveredBy ?? []))]
  return {
    rule: {
      ...plainContent,
      id,
      effect: 'allow',
      target: first.target.id,
      groupIds,
      requester: first.requester,
      proof: first.proof,
      validUntil,
      justification: `Found Approved on ${now.toISOString().slice(0, 10)}, before the allow-list; proposed by suggest.${unknown}`,
    },
    because: becauseOf(first, group),
    supports: group.map(({ facts }) => facts.connection),
    isForeign: first.isForeign,
    remarks: [
      ...(first.isForeign ? [foreignRemark(first)] : []),
      ...(isGroupIdUnknown ? ['It names no groups, because not all are known: every group is allowed.'] : []),
      ...covered.map((rule) => `Rule ${rule} allows the same already.`),
    ],
  }
}

const maxNamed = 5

function becauseOf({ spoken, target, proof }: Draft, group: readonly Draft[]): string {
  const endpoints = group.map(({ facts }) => printableName(facts.connection.endpoint?.name ?? ''))
  const more = endpoints.length > maxNamed ? ` and ${endpoints.length - maxNamed} more` : ''
  const named = `${endpoints.slice(0, maxNamed).join(', ')}${more}`
  const witness = proof === 'confirmed' ? 'says so itself' : 'cannot be asked; only Azure names its endpoint'
  return `${spoken} is connected to ${printableName(target.name)} by ${named} and ${witness}.`
}

function foreignRemark({ facts }: Draft): string {
  const tenant = facts.proof.endpointTenantId ?? 'nobody could name'
  return `FOREIGN: the endpoint belongs to tenant ${tenant}, not to the one of the target. Make sure that you know whose it is.`
}

/** Each once, without regard to case, in alphabetical order. */
function distinctNames(names: readonly string[]): readonly string[] {
  const byKey = new Map(names.map((name) => [asciiLowerCase(name), name]))
  return [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, name]) => name)
}
