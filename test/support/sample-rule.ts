import { plainContent, type Rule } from '../../shared/domain/rule.ts'
import type { Terms } from '../../shared/domain/verdict.ts'

/** What a rule says when its row states nothing but the required columns. */
export const plainRule: Omit<Rule, 'id' | 'effect' | 'target' | 'requester'> = {
  ...plainContent,
  version: 1,
  changedBy: undefined,
  changedAt: undefined,
}

/** The terms of a rule that states none. */
export const plainTerms: Terms = {
  approvalEndsAfter: undefined,
  approvers: [],
  requiredApprovals: 1,
  reasonRequired: false,
  expiresAfter: undefined,
  atExpiry: 'stay-pending',
}
