import type { RuleContent } from '../domain/rule.ts'
import type { Facts } from '../domain/verdict.ts'
import { evaluate } from '../policy/index.ts'
import { preparedWith } from './prepared.ts'
import { nearMisses } from './near-misses.ts'
import { refusal, type RememberRefusal } from './refusal.ts'

/**
 * Why the rule does not approve exactly such requests, by the policy itself: it has to approve this one when it is the only
 * rule, and none that differs in one thing. Undefined when it does.
 */
export function inexact(content: RuleContent, facts: Facts, now: Date): RememberRefusal | undefined {
  if ([content.target, ...namesIn(content)].some((name) => name.includes('*')))
    return refusal('not-exact', 'A name in the rule holds *, which stands for any other.')
  const prepared = preparedWith(content, [])
  const { outcome, reason } = evaluate(facts, prepared, now)
  if (outcome !== 'approve')
    return refusal('not-exact', `The rule would not approve this request. ${reason.sentence}`)
  const missed = nearMisses(facts).find((miss) => evaluate(miss.facts, prepared, now).outcome === 'approve')
  return missed && refusal('not-exact', `The rule would also approve ${missed.what}.`)
}

function namesIn({ requester, endpointName = '', groupIds }: RuleContent): readonly string[] {
  return [...Object.values(requester ?? {}), endpointName, ...groupIds]
}
