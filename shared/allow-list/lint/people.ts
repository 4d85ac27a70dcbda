import { asciiLowerCase } from '../../domain/resource-id.ts'
import type { RuleContent } from '../../domain/rule.ts'
import type { Remark } from './finding.ts'

/** A rule that nobody answers for. */
export function owner({ owner }: RuleContent): Remark | undefined {
  return owner === undefined
    ? { code: 'no-owner', sentence: 'owner is left out: nobody is named whom one could ask about this rule.' }
    : undefined
}

/** An `ask` that wants more answers than the approvers it names can give, or several from anybody. */
export function quorum({ approvers, requiredApprovals = 1 }: RuleContent): Remark | undefined {
  const people = new Set(approvers.map(asciiLowerCase)).size
  if (people === 0)
    return requiredApprovals > 1
      ? {
          code: 'quorum-of-anybody',
          sentence: `requiredApprovals is ${requiredApprovals} and approvers is left out: any ${requiredApprovals} approvers will do.`,
        }
      : undefined
  return people < requiredApprovals
    ? {
        code: 'too-few-approvers',
        sentence: `requiredApprovals is ${requiredApprovals}, but approvers names ${people}; such a request can never be approved.`,
      }
    : undefined
}
