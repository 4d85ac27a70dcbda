import type { RuleContent } from '../domain/rule.ts'
import { neverConfirmed, starAlone, wholeTenant, widePlatformProof, wideTarget } from './breadth.ts'
import { comparable } from './comparable.ts'
import { beginDate, endDate } from './dates.ts'
import { lintCodes, severities, type Finding, type Remark } from './finding.ts'
import { widths } from './neighbours.ts'
import { neverMatches } from './never-matches.ts'
import { overlaps } from './overlap.ts'
import { defaultExpiry, owner, quorum } from './people.ts'

/** Checks one rule alone; undefined when there is no finding. */
type Check = (rule: RuleContent, now: Date) => Remark | undefined

const checks: readonly Check[] = [
  neverMatches,
  quorum,
  beginDate,
  endDate,
  wholeTenant,
  wideTarget,
  widePlatformProof,
  starAlone,
  owner,
  defaultExpiry,
  neverConfirmed,
]

/**
 * Findings about these rules: in the order of the rules, and for each the most severe first. Each rule must be
 * well-formed, as it is after a rule file or a row was read. Never throws.
 */
export function lintRules(rules: readonly RuleContent[], now: Date): readonly Finding[] {
  const comparables = rules.map((rule, place) => comparable(rule, place, now))
  const compared = comparables.filter((one) => one !== undefined)
  const comparisons = [overlaps(compared), widths(compared)]
  return rules.flatMap((rule, place) => {
    const alone = checks.map((check) => check(rule, now)).filter((remark) => remark !== undefined)
    const one = comparables[place]
    const beside = one === undefined ? [] : comparisons.flatMap((compare) => compare(one))
    return [...alone, ...beside].map((remark) => findingOf(rule, remark)).toSorted(byGravity)
  })
}

function findingOf({ id }: RuleContent, remark: Remark): Finding {
  return { severity: lintCodes[remark.code], ruleId: id, ...remark }
}

function byGravity(a: Finding, b: Finding): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity)
}
