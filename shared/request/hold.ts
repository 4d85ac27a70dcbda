import type { Proof } from '../domain/proof.ts'
import type { RefusalCode } from '../domain/refusal-codes.ts'
import type { Hold, Request, RuleName } from '../domain/request.ts'
import { isSameName, type ResourceId } from '../domain/resource-id.ts'
import type { Reason, RuleExplanation, Verdict } from '../domain/verdict.ts'

/** `{rule} v{version}`. */
export function nameOfRule({ ruleId, ruleVersion }: RuleExplanation): RuleName {
  return `${ruleId} v${ruleVersion}`
}

/** As many as fit beside the rest of a request. A request that more rules apply to stays in manual review. */
const maxKnownRules = 200

/** A hold that begins now: the rules as they are. */
export function holdNow(kind: Hold['kind'], verdict: Verdict): Hold {
  const { explanation, decidedBy } = verdict
  const knownRules = explanation.length <= maxKnownRules ? explanation.map(nameOfRule) : 'too-many'
  return kind === 'burst'
    ? { kind, knownRules }
    : { kind, knownRules, isProvisional: decidedBy === undefined }
}

/**
 * True when the request is released by a new rule or a new version of one. An expired rule that leaves the decision to
 * an older one does not release it.
 */
export function isReleased(hold: Hold, { decidedBy }: Verdict): boolean {
  return (
    !isProvisional(hold) &&
    hold.knownRules !== 'too-many' &&
    decidedBy !== undefined &&
    !hold.knownRules.includes(nameOfRule(decidedBy))
  )
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
  return ofCase.length > 0 && (isKnown || !ofCase.some((held) => isNewSince(held, target, verdict)))
}

function knows(hold: Hold | undefined, { decidedBy }: Verdict): boolean {
  if (hold === undefined || hold.knownRules === 'too-many') return hold !== undefined
  return decidedBy === undefined || hold.knownRules.includes(nameOfRule(decidedBy))
}

/** Rules for other targets were not evaluated then: only another version of a known one is certainly newer. */
function isNewSince(
  { hold, subject }: Pick<Request, 'hold' | 'subject'>,
  target: ResourceId,
  verdict: Verdict,
): boolean {
  const { decidedBy } = verdict
  if (!hold || hold.knownRules === 'too-many' || !decidedBy || isProvisional(hold)) return false
  if (isSameName(subject.targetId, target.id)) return isReleased(hold, verdict)
  return hold.knownRules.some((name) => name.startsWith(`${decidedBy.ruleId} v`))
}

/** The same hold, with the rule that decides now and was prevented by a competing claim then. */
export function byDecidingRule(hold: Hold, verdict: Verdict): Hold {
  return isProvisional(hold) ? holdNow('competing-claim', verdict) : hold
}

function isProvisional(hold: Hold): boolean {
  return hold.kind === 'competing-claim' && hold.isProvisional
}

/** Why a request that is on hold is not decided automatically. */
export function reasonOfHold(hold: Hold, caseId: string | undefined): Reason {
  if (hold.kind === 'competing-claim') {
    return {
      code: 'competing-claim-before',
      sentence:
        'Another connection claimed the same endpoint name before; it requires manual review to find out which of the two was meant.',
    }
  }
  const release =
    hold.knownRules === 'too-many'
      ? 'too many rules match it to recognize a new one.'
      : 'a new rule, or a new version of a rule, releases it.'
  return {
    code: 'burst-limit',
    sentence: `The request came in burst case ${caseId ?? 'unknown'} and stays in manual review; ${release}`,
  }
}

const atOnce: readonly RefusalCode[] = ['competing-claim', 'competing-claim-hidden']
const holding: readonly RefusalCode[] = [...atOnce, 'competing-claim-unexplained']

/** True when another connection claims the same endpoint name now, or may and does not show it. */
export function hasCompetingClaim({ refusals }: Proof): boolean {
  return refusals.some(({ code }) => atOnce.includes(code))
}

/** True when a competing claim puts the request on hold, and it is not on hold for that yet. */
export function hasNewCompetingClaim({ refusals }: Proof, before: Request | undefined): boolean {
  return before?.hold?.kind !== 'competing-claim' && refusals.some(({ code }) => holding.includes(code))
}
