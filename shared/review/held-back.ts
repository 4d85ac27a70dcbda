import type { HeldBack, Request } from '../domain/decision.ts'
import type { RefusalCode } from '../domain/refusal-codes.ts'
import type { Verdict } from '../domain/verdict.ts'
import { type Judged, nameOfRule } from './entries.ts'

/** What is kept of an answer that is not given: the rule behind it, as it is now. */
export function heldBackNow(why: 'flood' | 'rival', verdict: Verdict): HeldBack {
  const rule = verdict.decidedBy ?? verdict.nearest
  const isGuess = verdict.decidedBy === undefined
  return { why, rule: rule && nameOfRule(rule), ruleSetHash: verdict.ruleSetHash, isGuess }
}

/** True when the request goes to a person while another claims the same, and that is not kept yet. */
export function hasNewRival({ proof }: Judged, before: Request | undefined): boolean {
  return before?.heldBack?.why !== 'rival' && proof.refusals.some(({ code }) => keptBack.includes(code))
}

const toldAtOnce: readonly RefusalCode[] = ['rival-claims-the-same', 'rival-hides-its-endpoint']
const keptBack: readonly RefusalCode[] = [...toldAtOnce, 'rival-unexplained']

/** True when another connection claims the same endpoint name just now, or may and does not show it. */
export function claimsTheSame({ refusals }: Judged['proof']): boolean {
  return refusals.some(({ code }) => toldAtOnce.includes(code))
}

/**
 * True when a person has let the request go, by another rule or another version of it. A rule that runs out, and so
 * lets another one decide, is no act of a person: the rules must have changed, too.
 */
export function isLetGo(held: HeldBack, verdict: Verdict): boolean {
  const { rule, ruleSetHash } = heldBackNow('flood', verdict)
  return (
    !isGuess(held) && held.ruleSetHash !== undefined && rule !== held.rule && ruleSetHash !== held.ruleSetHash
  )
}

/** The same by the rule that decides now, which a rival kept from deciding then. */
export function byDecidingRule(held: HeldBack, verdict: Verdict): HeldBack {
  return isGuess(held) ? heldBackNow('rival', verdict) : held
}

/** While a rival stands, no rule decides; the nearest one is a guess, until one would decide. */
function isGuess({ why, isGuess: told }: HeldBack): boolean {
  return why === 'rival' && (told ?? true)
}
