import { printable } from '../domain/printable.ts'
import type { Effect, Rule, RuleContent } from '../domain/rule.ts'
import type { Facts, RuleExplanation } from '../domain/verdict.ts'
import { evaluate } from '../policy/index.ts'
import { preparedOf, preparedWith } from './prepared.ts'
import { refusal, type RememberRefusal } from './refusal.ts'

const does: Readonly<Record<Effect, string>> = { allow: 'allows', ask: 'asks', deny: 'denies' }

/**
 * Why the rule would change nothing beside the rules that there are: one of them approves such requests already, or one that
 * is more restrictive goes before it. Undefined when the rule would decide them. Pure; for pages as well.
 */
export function withoutEffect(
  content: RuleContent,
  facts: Facts,
  rules: readonly Rule[],
  now: Date,
): RememberRefusal | undefined {
  const today = evaluate(facts, preparedOf(rules), now)
  if (today.outcome === 'approve' && today.decidedBy)
    return refusal(
      'already-allowed',
      `Rule ${named(today.decidedBy)} allows such requests already, so the new rule would change nothing.`,
    )
  const { outcome, decidedBy, reason } = evaluate(facts, preparedWith(content, rules), now)
  if (outcome === 'approve') return undefined
  return refusal('overruled', decidedBy ? overruledBy(decidedBy) : reason.sentence)
}

function overruledBy(rule: RuleExplanation): string {
  const may = rule.match === 'unknown' ? 'may apply to such requests, and ' : ''
  return `The new rule would change nothing while rule ${named(rule)} ${may}${does[rule.effect]}: ${rule.effect} goes before allow.`
}

function named({ ruleId, ruleVersion }: RuleExplanation): string {
  return `${printable(ruleId)} v${ruleVersion}`
}
