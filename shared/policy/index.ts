export { seenGroupIds } from './conditions.ts'
export { evaluate } from './evaluate.ts'
export { obstacles } from './explain.ts'
export { type Count, countRequest } from './burst-window.ts'
export {
  asksForTargetGroups,
  factsAskedFor,
  prepareRules,
  requestersToAsk,
  nextTimeOf,
  rulesOver,
  type PreparedRules,
} from './prepare.ts'
