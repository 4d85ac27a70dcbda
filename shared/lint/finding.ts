/**
 * - `error`: the rule can never have its effect.
 * - `warning`: the rule does less, or lets in more, than its author probably meant.
 * - `note`: worth knowing.
 */
export type Severity = 'error' | 'warning' | 'note'

/** Most severe first. */
export const severities: readonly Severity[] = ['error', 'warning', 'note']

/** Every code of the linter, with its severity. Meaning and fix of each: docs/lint-rules.md. */
export const lintCodes = {
  'never-matches': 'error',
  expired: 'warning',
  shadowed: 'warning',
  overruled: 'warning',
  duplicate: 'warning',
  'wider-than-neighbours': 'warning',
  'whole-tenant': 'warning',
  'wide-target': 'warning',
  'wide-platform-proof': 'warning',
  'star-alone': 'warning',
  'no-owner': 'warning',
  'rejects-after-default': 'warning',
  'no-end-date': 'note',
  'begins-later': 'note',
  'ends-soon': 'note',
  'never-confirmed': 'note',
  'quorum-of-anybody': 'note',
  'quorum-of-groups': 'note',
  'not-compared': 'note',
  'route-never-matches': 'warning',
  'route-shadowed': 'warning',
  'route-rule-missing': 'warning',
  'channel-unused': 'warning',
} as const satisfies Record<string, Severity>

export type LintCode = keyof typeof lintCodes

/** A finding of one check. */
export interface Remark {
  readonly code: LintCode
  /** Printable. What was seen and what to do; what it is about is not named in it. */
  readonly sentence: string
  /** Id of the other rule that it concerns, if any. */
  readonly about?: string
}

/** A finding about one rule, channel or route. */
export interface Finding extends Remark {
  readonly severity: Severity
  /** Of a channel or route `channel:NAME` or `route:NAME`. */
  readonly ruleId: string
}
