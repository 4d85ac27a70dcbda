import type { RuleContent } from '../domain/rule.ts'
import type { Remark } from './finding.ts'

const soon = 30 * 24 * 3_600_000

/** A finding about a rule that is not in force yet: it reads as if it decided today. */
export function beginDate({ validFrom }: RuleContent, now: Date): Remark | undefined {
  if (validFrom === undefined || Date.parse(validFrom) <= now.getTime()) return undefined
  return {
    code: 'begins-later',
    sentence: `validFrom is ${validFrom}; until then the rule matches nothing.`,
  }
}

/** Findings about the end of a rule: it is past, it is near, or there is none. */
export function endDate({ effect, validUntil }: RuleContent, now: Date): Remark | undefined {
  if (validUntil === undefined)
    return effect === 'allow'
      ? {
          code: 'no-end-date',
          sentence: 'validUntil is left out: this allow counts until somebody removes it.',
        }
      : undefined
  const left = Date.parse(validUntil) - now.getTime()
  if (left <= 0)
    return {
      code: 'expired',
      sentence: `validUntil was ${validUntil}; the rule matches nothing any more. Remove it or set a later date.`,
    }
  return left <= soon
    ? {
        code: 'ends-soon',
        sentence: `validUntil is ${validUntil}, within 30 days; from then on the rule matches nothing.`,
      }
    : undefined
}
