import type { RuleContent } from '../domain/rule.ts'
import type { Remark } from './finding.ts'

/** A rule without an owner. */
export function owner({ owner }: RuleContent): Remark | undefined {
  return owner === undefined
    ? { code: 'no-owner', sentence: 'owner is left out: nobody is named whom one could ask about this rule.' }
    : undefined
}

/** An `ask` that requires several approvals, and names no approvers. */
export function quorum({ approvers, requiredApprovals = 1 }: RuleContent): Remark | undefined {
  return approvers.length === 0 && requiredApprovals > 1
    ? {
        code: 'quorum-of-anybody',
        sentence: `requiredApprovals is ${requiredApprovals} and approvers is left out: any ${requiredApprovals} approvers will do.`,
      }
    : undefined
}
