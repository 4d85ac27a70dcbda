import { plainContent, type Rule } from '../../shared/domain/rule.ts'

/** What a rule says when its row states nothing but the required columns. */
export const plainRule: Omit<Rule, 'id' | 'effect' | 'target' | 'requester'> = {
  ...plainContent,
  version: 1,
  changedBy: undefined,
  changedAt: undefined,
}
