import type { LogEntry } from '../domain/log-entry.ts'
import { conditions, type Match, type RuleExplanation } from '../domain/verdict.ts'
import { maxName, maxSentence, shown } from './shown.ts'

/** A condition of a rule against the facts. */
export interface ConditionView {
  readonly label: string
  readonly match: Match
  readonly expected: string
  readonly actual: string
}

/** A rule with its conditions, and what part it played. */
export interface RuleView {
  readonly heading: string
  /** "sales-lake v3: allow, audit only". */
  readonly name: string
  readonly match: Match
  readonly conditions: readonly ConditionView[]
}

/** The rule that decided, otherwise the nearest one; undefined where there is neither. */
export function ruleOf({
  decidedBy,
  nearest,
}: Pick<LogEntry, 'decidedBy' | 'nearest'>): RuleView | undefined {
  if (decidedBy)
    return viewOf(decidedBy.match === 'yes' ? 'The rule that applies' : 'A rule that may apply', decidedBy)
  return nearest && viewOf('The rule that came nearest', nearest)
}

function viewOf(heading: string, rule: RuleExplanation): RuleView {
  const { ruleId, ruleVersion, effect, mode, match } = rule
  return {
    heading,
    name: `${shown(ruleId, maxName)} v${ruleVersion}: ${effect}${mode === 'audit' ? ', audit only' : ''}`,
    match,
    conditions: rule.conditions.map((condition) => ({
      label: conditions[condition.name].label,
      match: condition.match,
      expected: shown(condition.expected, maxSentence),
      actual: shown(condition.actual, maxSentence),
    })),
  }
}
