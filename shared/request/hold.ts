import type { Hold, KnownRules, Request, RuleName } from '../domain/request.ts'
import { isSameName, type ResourceId } from '../domain/resource-id.ts'
import type { Reason, Verdict, VersionOfRule } from '../domain/verdict.ts'

/** `{rule} v{version}`. */
export function nameOfRule({ ruleId, ruleVersion }: VersionOfRule): RuleName {
  return `${ruleId} v${ruleVersion}`
}

/** What fits beside the rest of a request. Where more rules may apply to the target, it stays in manual review. */
const maxKnownRules = 200
const maxKnownRulesLength = 6_000

/** The rules over a target as they are now, so that a new one can be recognized later. */
export function knownRulesOf(rules: readonly VersionOfRule[]): KnownRules {
  const names = rules.map(nameOfRule)
  const isBounded = names.length <= maxKnownRules && JSON.stringify(names).length <= maxKnownRulesLength
  return isBounded ? names : 'too-many'
}

/** True when the rule was not known yet: no version of it was, or lower ones only. One that is put back is not new. */
export function isNewSince(known: KnownRules | undefined, rule: VersionOfRule | undefined): boolean {
  if (rule === undefined || known === undefined || known === 'too-many') return false
  return versionsIn(known, rule).every((version) => version < rule.ruleVersion)
}

/** Known versions of the same rule. */
function versionsIn(known: readonly RuleName[], { ruleId }: VersionOfRule): readonly number[] {
  const start = `${ruleId} v`
  return known.flatMap((name) => (name.startsWith(start) ? [Number(name.slice(start.length))] : []))
}

/** The second half of a sentence: which rule releases. */
export function releaseBy(known: KnownRules | undefined): string {
  return known === 'too-many'
    ? 'too many rules may apply to its target to recognize a new one.'
    : 'a new rule, or a new version of a rule, releases it.'
}

/** A hold that begins now, with the rules as they are. */
export function holdNow({ rulesOver }: Verdict): Hold {
  return { kind: 'burst', knownRules: knownRulesOf(rulesOver) }
}

/**
 * True when the request is released by a new rule or a new version of one. An expired rule that leaves the decision to
 * an older one does not release it.
 */
export function isReleased({ knownRules }: Hold, { decidedBy }: Verdict): boolean {
  return isNewSince(knownRules, decidedBy)
}

/**
 * True while the case that these unfinished requests are of holds another request of the same source, which is not on
 * hold itself: none of them was held under the rule that decides now, and one of them shows that it is newer.
 */
export function holdsSource(
  ofCase: readonly Pick<Request, 'hold' | 'subject'>[],
  target: ResourceId,
  verdict: Verdict,
): boolean {
  const isKnown = ofCase.some(({ hold }) => knows(hold, verdict))
  return ofCase.length > 0 && (isKnown || !ofCase.some((held) => isReleasedFor(held, target, verdict)))
}

function knows(hold: Hold | undefined, { decidedBy }: Verdict): boolean {
  if (hold === undefined || hold.knownRules === 'too-many') return hold !== undefined
  return decidedBy === undefined || hold.knownRules.includes(nameOfRule(decidedBy))
}

/** Rules for other targets are not among the known ones: only a higher version of a known one is certainly newer. */
function isReleasedFor(
  { hold, subject }: Pick<Request, 'hold' | 'subject'>,
  target: ResourceId,
  verdict: Verdict,
): boolean {
  const { decidedBy } = verdict
  if (!hold || hold.knownRules === 'too-many' || !decidedBy) return false
  if (isSameName(subject.targetId, target.id)) return isReleased(hold, verdict)
  return versionsIn(hold.knownRules, decidedBy).length > 0 && isReleased(hold, verdict)
}

/** Why a request that is on hold is not decided automatically. */
export function reasonOfHold({ knownRules }: Hold, caseId: string | undefined): Reason {
  return {
    code: 'burst-limit',
    sentence: `The request came in burst case ${caseId ?? 'unknown'} and stays in manual review; ${releaseBy(knownRules)}`,
  }
}
