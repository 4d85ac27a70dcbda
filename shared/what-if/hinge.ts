import { requesterKinds, spokenRequester } from '../domain/requester-kind.ts'
import { printableName } from '../domain/printable.ts'
import { namedManagedRequester, type Rule } from '../domain/rule.ts'
import type { Condition, Facts, RuleExplanation, Context, Verdict } from '../domain/verdict.ts'

/** A fact that was not recorded, and that the app would have read if it had had these rules. */
export interface Hinge {
  /** The rule that might match with it. */
  readonly ruleId: string
  /** Each as a part of a sentence: "the tags of the target". */
  readonly missing: readonly string[]
  /** True when the verdict could have been an approval. */
  readonly mayApprove: boolean
}

/**
 * Whether an escalation depends on facts that were not recorded: only facts that the rules of the time needed were
 * read. Undefined when the verdict is certain.
 */
export function hingeOf(verdict: Verdict, facts: Facts, rules: ReadonlyMap<string, Rule>): Hinge | undefined {
  if (verdict.outcome !== 'escalate') return undefined
  const isAllowed = verdict.explanation.some((rule) => isEnforcedAllow(rule) && rule.match === 'yes')
  for (const explained of open(verdict)) {
    const rule = rules.get(explained.ruleId)
    const missing = rule && missingFor(explained, rule, facts)
    if (missing) {
      const mayApprove = explained.effect === 'allow' || isAllowed
      return { ruleId: rule.id, missing, mayApprove }
    }
  }
  return undefined
}

/** The rule that may have decided, or else each that would have to match for an approval. */
function open({ reason, decidedBy, explanation }: Verdict): readonly RuleExplanation[] {
  if (reason.code === 'may-be-denied' || reason.code === 'may-be-asked') return decidedBy ? [decidedBy] : []
  return decidedBy === undefined ? explanation.filter(isEnforcedAllow) : []
}

function isEnforcedAllow({ effect, mode }: RuleExplanation): boolean {
  return effect === 'allow' && mode === 'enforce'
}

/** The missing fact, if only that keeps the rule from matching. */
function missingFor(explained: RuleExplanation, rule: Rule, facts: Facts): readonly string[] | undefined {
  const obstacles = explained.conditions.filter(({ match }) => match !== 'yes')
  const notAsked = requesterNotAsked(rule, facts)
  const missing = obstacles.map((obstacle) => missingIn(obstacle, rule, facts, notAsked))
  return missing.length > 0 && missing.every((part) => part !== undefined) ? [...new Set(missing)] : undefined
}

interface Kept {
  readonly facts: readonly (keyof Context)[]
  readonly words: string
}

const keptFor: Partial<Record<Condition['name'], Kept>> = {
  target: { facts: ['targetGroups'], words: 'the management groups of the target' },
  targetTags: { facts: ['targetTags'], words: 'the tags of the target' },
  maxConnections: { facts: ['approved'], words: 'which connections of the target were Approved' },
}
const keptForRequester: Kept = {
  facts: ['endpointGroups', 'requesterGroups'],
  words: 'the management groups of the requester',
}

function missingIn(
  { name, match }: Condition,
  { requester }: Rule,
  { context }: Facts,
  notAsked: string | undefined,
): string | undefined {
  const kept =
    name === 'requester' && requester?.kind === 'management-group' ? keptForRequester : keptFor[name]
  if (kept)
    return match === 'unknown' && kept.facts.some((fact) => context[fact] === undefined)
      ? kept.words
      : undefined
  const isOfProof = name === 'proof' || (match === 'unknown' && (name === 'requester' || name === 'groupIds'))
  return isOfProof ? notAsked : undefined
}

/** A requester that could have been confirmed but was not queried; undefined when there is none. */
function requesterNotAsked({ requester }: Rule, { proof }: Facts): string | undefined {
  const named = namedManagedRequester(requester)
  if (!named || requesterKinds[named.kind].reach !== 'confirmed') return undefined
  if (proof.level === 'confirmed' || proof.isManagedTenant === false) return undefined
  const wasAsked = proof.refusals.some(({ about }) => about !== undefined && about === named.id.key)
  return wasAsked ? undefined : `what ${spokenRequester(named.kind, printableName(named.id.name))} would say`
}
