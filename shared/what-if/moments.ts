import type { Rule } from '../domain/rule.ts'
import type { RuleExplanation } from '../domain/verdict.ts'

/**
 * Moments after the first at which rules may decide otherwise: now, and each later time at which a rule begins or ends
 * that nothing but its time keeps from matching. In order of time.
 */
export function momentsOf(
  explanation: readonly RuleExplanation[],
  rules: ReadonlyMap<string, Rule>,
  first: Date,
  now: Date,
): readonly Date[] {
  const times = explanation
    .filter(dependsOnTime)
    .flatMap(({ ruleId }) => timesOf(rules.get(ruleId)))
    .filter((time) => time > first.getTime())
  if (times.length === 0) return []
  const ahead = times.filter((time) => time > now.getTime())
  const moments = now > first ? [now.getTime(), ...ahead] : ahead
  return [...new Set(moments)].toSorted((a, b) => a - b).map((time) => new Date(time))
}

function dependsOnTime({ conditions }: RuleExplanation): boolean {
  return conditions.every(({ name, match }) => name === 'valid' || match !== 'no')
}

function timesOf(rule: Rule | undefined): readonly number[] {
  return [rule?.validFrom, rule?.validUntil].flatMap((time) => (time === undefined ? [] : Date.parse(time)))
}
