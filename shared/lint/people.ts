import { foldCase } from '../domain/fold-case.ts'
import type { RuleContent } from '../domain/rule.ts'
import type { Remark } from './finding.ts'

/** A rule without an owner. */
export function owner({ owner }: RuleContent): Remark | undefined {
  return owner === undefined
    ? { code: 'no-owner', sentence: 'owner is left out: nobody is named whom one could ask about this rule.' }
    : undefined
}

/** An `ask` that requires several approvals, and names no approvers, or fewer: which may be groups. */
export function quorum({ approvers, requiredApprovals = 1 }: RuleContent): Remark | undefined {
  const named = new Set(approvers.map(foldCase)).size
  if (named >= requiredApprovals) return undefined
  if (named > 0)
    return {
      code: 'quorum-of-groups',
      sentence: `requiredApprovals is ${requiredApprovals} and approvers names ${named}: enough people can approve only if there is a group among them.`,
    }
  return requiredApprovals > 1
    ? {
        code: 'quorum-of-anybody',
        sentence: `requiredApprovals is ${requiredApprovals} and approvers is left out: any ${requiredApprovals} approvers will do.`,
      }
    : undefined
}

/** An `ask` that rejects what nobody decides, after a time that it does not state. */
export function defaultExpiry({ atExpiry, expiresAfter }: RuleContent): Remark | undefined {
  return atExpiry === 'reject' && expiresAfter === undefined
    ? {
        code: 'rejects-after-default',
        sentence:
          'atExpiry is reject and expiresAfter is left out: what nobody decides is rejected after the default time of the app, which may change.',
      }
    : undefined
}
