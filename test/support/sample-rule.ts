import type { Rule } from '../../shared/domain/rule.ts'

/** What a rule says when its row states nothing but the required columns. */
export const plainRule: Omit<Rule, 'id' | 'effect' | 'target' | 'requester'> = {
  mode: 'enforce',
  targetTypes: [],
  targetTags: [],
  groupIds: [],
  endpointName: undefined,
  proof: 'confirmed',
  maxConnections: undefined,
  validFrom: undefined,
  validUntil: undefined,
  approvalEndsAfter: undefined,
  approvers: [],
  requiredApprovals: undefined,
  owner: undefined,
  justification: undefined,
  ticket: undefined,
  version: 1,
  changedBy: undefined,
  changedAt: undefined,
}
