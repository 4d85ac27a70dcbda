import { z } from 'zod'
import { requesterKindOfType } from '../domain/requester-kind.ts'
import { isGuid } from '../domain/resource-id.ts'
import { namedRequester, type RequesterPattern } from '../domain/rule.ts'
import { isNamePattern, parseScope } from '../domain/scope.ts'

const longestList = 2000
const longestNote = 1000
const longestName = 200
const ruleId = /^[A-Za-z0-9._-]{1,100}$/
const armType = /^[A-Za-z0-9]+(\.[A-Za-z0-9]+)+(\/[A-Za-z0-9]+)+$/
const groupId = /^[A-Za-z0-9._-]{1,80}$/
const wholeNumber = /^[1-9][0-9]{0,8}$/
const time = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{1,7})?Z)?$/
const tenant = /^\/tenants\/([^/]+)$/

/** What each column of a rule's row must hold: said to whoever wrote the row when it does not. */
export const wantedInField: Readonly<Record<string, string>> = {
  PartitionKey: 'rule',
  RowKey: 'the id of the rule: 1 to 100 of A-Z, a-z, 0-9, dot, underscore and hyphen',
  effect: 'allow, ask or deny',
  mode: 'enforce or audit (or left out for enforce)',
  target:
    '/subscriptions/{guid}, /subscriptions/{guid}/resourceGroups/{name} or the full id of a resource,' +
    ' with * only inside the name of a group or resource',
  targetTypes: 'resource types separated by commas, such as Microsoft.Storage/storageAccounts',
  groupIds: 'group ids separated by commas, such as blob, dfs, without *',
  requester:
    'the full id of a data factory, Synapse workspace, Purview account, Data Explorer cluster, Grafana, AI Search' +
    ' service, Front Door profile or private endpoint, /fabric/workspaces/{guid},' +
    ' /databricks/accounts/{guid}/networkConnectivityConfigs/{guid}, a scope such as /subscriptions/{guid} or' +
    ' /subscriptions/{guid}/resourceGroups/{name}, or /tenants/{guid}',
  endpointName: 'one name, in which * stands for any run of characters',
  proof: 'confirmed or platform (or left out for confirmed)',
  validFrom: 'a day such as 2027-01-31 or a time in UTC such as 2027-01-31T08:00:00Z',
  validUntil: 'a day such as 2027-01-31 or a time in UTC such as 2027-01-31T08:00:00Z',
  owner: `text of at most ${longestName} characters`,
  justification: `text of at most ${longestNote} characters`,
  ticket: `text of at most ${longestName} characters`,
  version: 'a whole number from 1 (or left out for 1)',
  changedBy: `text of at most ${longestName} characters`,
  changedAt: 'a day such as 2027-01-31 or a time in UTC such as 2027-01-31T08:00:00Z',
}

/** Conditions that rules of a later version will know. Until then a rule that states one cannot be taken in. */
export const fieldsNotEvaluatedYet: readonly string[] = [
  'targetTags',
  'maxConnections',
  'approvalEndsAfter',
  'approvers',
  'requiredApprovals',
]

/** The columns of a row, checked one by one. What one column means beside another is the business of `checks.ts`. */
export const rowSchema = z.strictObject({
  PartitionKey: z.literal('rule'),
  RowKey: z.string().regex(ruleId),
  effect: z.enum(['allow', 'ask', 'deny']),
  mode: z.enum(['enforce', 'audit']).default('enforce'),
  target: z.string().refine((text) => parseScope(text) !== undefined),
  targetTypes: list(armType),
  groupIds: list(groupId),
  requester: z.string().transform(requesterPattern).optional(),
  endpointName: z.string().max(longestName).refine(isNamePattern).optional(),
  proof: z.enum(['confirmed', 'platform']).optional(),
  validFrom: utcTime(),
  validUntil: utcTime(),
  owner: z.string().max(longestName).optional(),
  justification: z.string().max(longestNote).optional(),
  ticket: z.string().max(longestName).optional(),
  version: z.preprocess(numberFromText, z.number().int().min(1).max(999_999_999)).default(1),
  changedBy: z.string().max(longestName).optional(),
  changedAt: utcTime(),
})

export type RuleRow = z.output<typeof rowSchema>

function list(item: RegExp) {
  return z
    .string()
    .max(longestList)
    .transform((text) => text.split(',').map((part) => part.trim()))
    .refine((items) => items.every((part) => item.test(part)))
    .default([])
}

/** A day, a time as text, or a DateTime column. A day begins at midnight UTC. */
function utcTime() {
  return z
    .union([z.date(), z.string().regex(time).transform(toDate)])
    .transform(toIsoText)
    .optional()
}

function toDate(text: string, context: z.RefinementCtx): Date {
  const date = new Date(text)
  // The 30th of February is a day in March to some engines.
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text.slice(0, 10))
    context.addIssue({ code: 'custom' })
  return date
}

function toIsoText(date: Date, context: z.RefinementCtx): string {
  if (!Number.isNaN(date.getTime())) return date.toISOString()
  context.addIssue({ code: 'custom' })
  return z.NEVER
}

/** Storage Explorer writes text unless told otherwise, and Int64 columns arrive as bigint. */
function numberFromText(value: unknown): unknown {
  const text = typeof value === 'bigint' ? value.toString() : value
  return typeof text === 'string' && wholeNumber.test(text) ? Number(text) : value
}

function requesterPattern(text: string, context: z.RefinementCtx): RequesterPattern {
  const tenantId = tenant.exec(text)?.[1]
  if (tenantId !== undefined && isGuid(tenantId)) return { kind: 'tenant', tenantId }
  const resource = { kind: 'resource', id: text } as const
  if (namedRequester(resource) !== undefined) return resource
  const scope = parseScope(text)
  const isUsable = scope?.type === undefined || requesterKindOfType(scope.type) !== undefined
  if (scope !== undefined && isUsable) return { kind: 'scope', pattern: text }
  context.addIssue({ code: 'custom' })
  return z.NEVER
}
