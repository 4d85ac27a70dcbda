import type { HeldBack, Request } from '../domain/decision.ts'
import type { Verdict } from '../domain/verdict.ts'
import { type Judged, nameOfRule } from './entries.ts'

/** What is kept of an answer that is not given: the rule behind it, as it is now. */
export function heldBackNow(why: 'flood' | 'rival', verdict: Verdict): HeldBack {
  const rule = verdict.decidedBy ?? verdict.nearest
  return { why, rule: rule && nameOfRule(rule), ruleSetHash: verdict.ruleSetHash }
}

/** True when the request goes to a person while another claims the same, and that is not kept yet. */
export function hasNewRival({ proof }: Judged, before: Request | undefined): boolean {
  return before?.heldBack?.why !== 'rival' && claimsTheSame(proof)
}

/** True when another connection claims the same endpoint name just now. */
export function claimsTheSame({ refusals }: Judged['proof']): boolean {
  return refusals.some(({ code }) => code === 'rival-claims-the-same')
}

/**
 * True when a person has let the request go, by another rule or another version of it. A rule that runs out, and so
 * lets another one decide, is no act of a person: the rules must have changed, too.
 */
export function isLetGo(held: HeldBack, verdict: Verdict): boolean {
  const { rule, ruleSetHash } = heldBackNow('flood', verdict)
  return held.ruleSetHash !== undefined && rule !== held.rule && ruleSetHash !== held.ruleSetHash
}

/** The same by the rule that decides now, which a rival kept from deciding then; only while nobody changed the rules. */
export function byDecidingRule(held: HeldBack, verdict: Verdict): HeldBack {
  const isUnchanged = held.ruleSetHash === undefined || held.ruleSetHash === verdict.ruleSetHash
  return held.why === 'rival' && isUnchanged ? heldBackNow('rival', verdict) : held
}
