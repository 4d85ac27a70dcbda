export { evaluate } from './evaluate.ts'
export { countRequest } from './flood-window.ts'
export {
  asksForTargetGroups,
  factsAskedFor,
  prepareRules,
  requestersToAsk,
  type PreparedRules,
} from './prepare.ts'
export { indexRules, rulesFor, type RuleIndex } from './rule-index.ts'
