/**
 * - `error`: the rule cannot do what it says.
 * - `warning`: the rule does less, or lets in more, than its author probably meant.
 * - `note`: worth knowing; nothing is wrong.
 */
export type Severity = 'error' | 'warning' | 'note'

/** Gravest first. */
export const severities: readonly Severity[] = ['error', 'warning', 'note']

/** Every code the linter gives, with its severity. What each means and how to mend it: docs/lint-rules.md. */
export const lintCodes = {
  'never-matches': 'error',
} as const satisfies Record<string, Severity>

export type LintCode = keyof typeof lintCodes

/** What the linter says of one rule. */
export interface Finding {
  readonly severity: Severity
  readonly code: LintCode
  readonly ruleId: string
  /** Printable. Says what was seen and what to do; does not name the rule itself. */
  readonly sentence: string
  /** Id of the other rule that it speaks of, if it speaks of one. */
  readonly about?: string
}
