import { needsNothing, type RouteNeeds, routeNeeds } from '../domain/route.ts'
import type { RoutingPort } from '../ports/routing.ts'
import type { RuleSet } from '../domain/rule.ts'
import { prepareRules, type PreparedRules } from '../policy/index.ts'
import type { RulesPort } from '../ports/rules.ts'

const prepared = new WeakMap<RuleSet, PreparedRules>()

/**
 * The newest rules, at each call, for one review pass. Once they are unusable, they stay so for the rest of the pass:
 * every request is then escalated, and reading the list again may take long.
 */
export function newestRulesOf(rules: RulesPort): () => Promise<PreparedRules> {
  let unusable: PreparedRules | undefined
  return async () => {
    if (unusable) return unusable
    const newest = await currentRules(rules)
    if (!newest.complete) unusable = newest
    return newest
  }
}

/** The allow-list as it is now. A set that was loaded before is not prepared again. */
export async function currentRules(rules: RulesPort): Promise<PreparedRules> {
  const set = await rules.load()
  const ready = prepared.get(set) ?? prepareRules(set)
  prepared.set(set, ready)
  return ready
}

/** What routes need to know of a target now; nothing, while they cannot be read. */
export async function routeNeedsNow(port: RoutingPort): Promise<RouteNeeds> {
  const { routing } = await port.loadRouting()
  return routing ? routeNeeds(routing) : needsNothing
}
