import type { RuleSet } from '../domain/rule.ts'
import { prepareRules, type PreparedRules } from '../policy/index.ts'
import type { RulesPort } from './ports.ts'

const prepared = new WeakMap<RuleSet, PreparedRules>()

/** The allow-list as it is now. A set that was loaded before is not made ready again. */
export async function currentRules(rules: RulesPort): Promise<PreparedRules> {
  const set = await rules.load()
  const ready = prepared.get(set) ?? prepareRules(set)
  prepared.set(set, ready)
  return ready
}
