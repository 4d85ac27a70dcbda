import type { Rule } from '../../../shared/domain/rule.ts'
import { checkerOf } from './corpus-check.ts'
import { factsOf, type Draft } from './corpus-draft.ts'
import { rule } from './given.ts'

const unchanged = new Map<string, unknown>(Object.entries(rule()))

/** Leaves out rules as long as something is still wrong with the verdict on the request. */
export function minRules(
  rules: readonly Rule[],
  inOtherOrder: readonly Rule[],
  draft: Draft,
): { readonly rules: readonly Rule[]; readonly fault: string | undefined } {
  const facts = factsOf(draft)
  const faultWithout = (left: readonly Rule[]): string | undefined =>
    checkerOf(
      left,
      inOtherOrder.filter((each) => left.includes(each)),
    )(facts).fault
  let left = rules
  for (const candidate of rules) {
    const fewer = left.filter((each) => each !== candidate)
    if (faultWithout(fewer) !== undefined) left = fewer
  }
  return { rules: left, fault: faultWithout(left) }
}

/** The failure as a person can read it: each rule and the request on a line, without what they leave open. */
export function describeFailure(rules: readonly Rule[], draft: Draft, fault: string): string {
  return [
    fault,
    ...rules.map((each) => `rule    ${compact(each, (key, value) => keepInRule(key, value))}`),
    `request ${compact(draft, () => true)}`,
  ].join('\n')
}

function keepInRule(key: string, value: unknown): boolean {
  const isDecisive = ['id', 'effect', 'target', 'requester', 'proof'].includes(key)
  return isDecisive || JSON.stringify(value) !== JSON.stringify(unchanged.get(key))
}

function compact(value: object, keeps: (key: string, value: unknown) => boolean): string {
  const kept = Object.entries(value).filter(([key, part]) => part !== undefined && keeps(key, part))
  return kept.map(([key, part]) => `${key}=${JSON.stringify(part)}`).join(' ')
}
