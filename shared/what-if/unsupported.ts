import type { LogEntry } from '../domain/log-entry.ts'
import type { Rule } from '../domain/rule.ts'
import { conditions, type RuleExplanation, type Verdict } from '../domain/verdict.ts'
import { obstacles } from '../policy/index.ts'

/** Why no rule of today supports an approval: what became of its rule, and which rule prevents it now. */
export function whyUnsupported(entry: LogEntry, verdict: Verdict, rules: ReadonlyMap<string, Rule>): string {
  const then = entry.decidedBy
  const became = then && whatBecame(then, verdict, rules)
  const now = verdict.decidedBy ?? verdict.nearest
  const isSame = now?.ruleId === then?.ruleId
  if (verdict.decidedBy) return [became, verdict.reason.sentence].filter(Boolean).join(' ')
  const nearest = now && !isSame ? `The nearest rule is ${now.ruleId}: ${obstaclesOf(now)}.` : undefined
  return [became, nearest].filter(Boolean).join(' ') || verdict.reason.sentence
}

/** Undefined when the rule still matches and a more restrictive one prevents it. */
function whatBecame(
  then: RuleExplanation,
  { explanation }: Verdict,
  rules: ReadonlyMap<string, Rule>,
): string | undefined {
  const { ruleId, ruleVersion } = then
  const rule = rules.get(ruleId)
  if (!rule) return `Rule ${ruleId}, which approved it, is removed.`
  const since = rule.version === ruleVersion ? '' : ` (v${rule.version} now, v${ruleVersion} then)`
  const explained = explanation.find((one) => one.ruleId === ruleId)
  if (!explained) return `Rule ${ruleId}${since}, which approved it, applies to other targets now.`
  if (rule.effect !== 'allow')
    return `Rule ${ruleId}${since}, which approved it, is of effect ${rule.effect} now.`
  if (rule.mode === 'audit') return `Rule ${ruleId}${since}, which approved it, is in audit mode now.`
  if (explained.match === 'yes') return undefined
  return `Rule ${ruleId}${since}, which approved it, does not fit any more: ${obstaclesOf(explained)}.`
}

function obstaclesOf(explanation: RuleExplanation): string {
  return obstacles(explanation)
    .map(({ name, expected, actual }) => `${conditions[name].label}: expected ${expected}, seen ${actual}`)
    .join('; ')
}
