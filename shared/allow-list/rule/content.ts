import type { RequesterPattern, RuleContent, Tag } from '../../domain/rule.ts'
import { type CheckedContent, type ContentField, contentFieldNames } from './fields.ts'

/** A value as a rule states it, before it is spelled for a row or a file. */
export type Stated = string | number | readonly string[] | StatedTags

export interface StatedTags {
  readonly tags: readonly Tag[]
}

/** What a checked rule says, with what it means where it is silent. */
export function contentOf(checked: CheckedContent): RuleContent {
  return {
    id: checked.id,
    effect: checked.effect,
    mode: checked.mode,
    target: checked.target,
    targetTypes: checked.targetTypes,
    targetTags: checked.targetTags,
    groupIds: checked.groupIds,
    requester: checked.requester,
    endpointName: checked.endpointName,
    proof: checked.proof ?? 'confirmed',
    maxConnections: checked.maxConnections,
    validFrom: checked.validFrom,
    validUntil: checked.validUntil,
    approvalEndsAfter: checked.approvalEndsAfter,
    approvers: checked.approvers,
    requiredApprovals: checked.requiredApprovals,
    owner: checked.owner,
    justification: checked.justification,
    ticket: checked.ticket,
  }
}

/** The fields that the rule has to state, in order: not those that mean the same when they are left out. */
export function statedFields(rule: RuleContent): readonly (readonly [ContentField, Stated])[] {
  const stated: Readonly<Record<ContentField, Stated | undefined>> = {
    ...rule,
    targetTags: rule.targetTags.length === 0 ? undefined : { tags: rule.targetTags },
    mode: rule.mode === 'enforce' ? undefined : rule.mode,
    proof: rule.proof === 'confirmed' ? undefined : rule.proof,
    requester: rule.requester && requesterText(rule.requester),
    validFrom: rule.validFrom && shortTime(rule.validFrom),
    validUntil: rule.validUntil && shortTime(rule.validUntil),
  }
  return contentFieldNames.flatMap((name) => {
    const value = stated[name]
    const isEmpty = typeof value === 'object' && 'length' in value && value.length === 0
    return value === undefined || isEmpty ? [] : [[name, value]]
  })
}

/** Tags as a row and JSON hold them. */
export function objectOfTags({ tags }: StatedTags): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map(({ name, value }) => [name, value]))
}

/** Who a rule applies to, as rows and files spell it. */
export function requesterText(pattern: RequesterPattern): string {
  switch (pattern.kind) {
    case 'resource':
      return pattern.id
    case 'scope':
      return pattern.pattern
    case 'management-group':
      return `/providers/Microsoft.Management/managementGroups/${pattern.name}`
    case 'tenant':
      return `/tenants/${pattern.tenantId}`
  }
}

/** `2027-01-31T00:00:00.000Z` is the day, and no time has needless milliseconds. */
export function shortTime(time: string): string {
  return time.replace(/(T00:00:00)?\.000Z$/, (_, midnight) => (midnight === undefined ? 'Z' : ''))
}
