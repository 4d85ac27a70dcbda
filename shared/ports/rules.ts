import type { RuleSet } from '../domain/rule.ts'

export interface RulesPort {
  /** The whole allow-list. Never throws: what cannot be read completely is `complete: false`. */
  load(): Promise<RuleSet>
}
