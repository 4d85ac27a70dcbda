import { z } from 'zod'
import { notText } from '../../domain/printable.ts'
import { requesterKindOfType } from '../../domain/requester-kind.ts'
import { asciiLowerCase, isGuid } from '../../domain/resource-id.ts'
import { namedRequester, type RequesterPattern } from '../../domain/rule.ts'
import { isNamePattern, parseManagementGroup, parseScope } from '../../domain/scope.ts'
import { durationForm, parseDuration, parseTime, timeForm } from '../../domain/time.ts'

/** The most that each field holds: characters of a text, items of a list, or a number. Tags: Azure's own limits. */
export const limits = {
  /** Of all items of a list together, with a comma and a space between them. */
  list: 2000,
  justification: 1000,
  name: 200,
  tags: 15,
  tagName: 512,
  tagValue: 256,
  connections: 1000,
  approvals: 10,
  approvalDays: 3650,
  version: 999_999_999,
} as const

/** The form of each field that has one. */
export const forms = {
  id: /^[A-Za-z0-9._-]{1,100}$/,
  targetType: /^[A-Za-z0-9]+(\.[A-Za-z0-9]+)+(\/[A-Za-z0-9]+)+$/,
  groupId: /^[A-Za-z0-9._-]{1,80}$/,
  tagName: new RegExp(`^[^<>%&\\\\?/${notText}]+$`, 'u'),
  time: timeForm,
  duration: durationForm,
  approver:
    /^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[A-Za-z0-9'._!#^~+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)$/,
  line: new RegExp(`^[^${notText}]*$`, 'u'),
  lines: new RegExp(`^[\\t\\n\\r[^${notText}]]*$`, 'v'),
} as const

const dayMs = 86_400_000
const tenant = /^\/tenants\/([^/]+)$/

const notShown = /\p{Default_Ignorable_Code_Point}/u

/** The first character of a text that does not show, as a field that decides must hold none: "U+200B as character 5". */
export function hiddenIn(text: string): string | undefined {
  const at = text.search(notShown)
  if (at < 0) return undefined
  const code = (text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return `U+${code} as character ${at + 1}`
}

function showsWhole(text: string): boolean {
  return !notShown.test(text)
}

/** What a rule says, checked field by field. What one field means beside another is the business of `contradictions.ts`. */
const contentFields = {
  id: z.string().regex(forms.id),
  effect: z.enum(['allow', 'ask', 'deny']),
  mode: z.enum(['enforce', 'audit']).default('enforce'),
  target: z.string().refine(showsWhole).refine(isTarget),
  targetTypes: list(forms.targetType),
  targetTags: tags(),
  groupIds: list(forms.groupId),
  requester: z.string().refine(showsWhole).transform(requesterPattern).optional(),
  endpointName: z.string().max(limits.name).refine(showsWhole).refine(isNamePattern).optional(),
  proof: z.enum(['confirmed', 'platform']).optional(),
  maxConnections: wholeNumber(limits.connections).optional(),
  validFrom: utcTime().optional(),
  validUntil: utcTime().optional(),
  approvalEndsAfter: z.string().refine(isApprovalTime).optional(),
  approvers: list(forms.approver),
  requiredApprovals: wholeNumber(limits.approvals).optional(),
  owner: line().optional(),
  justification: z.string().min(1).max(limits.justification).regex(forms.lines).optional(),
  ticket: line().optional(),
}

export type ContentField = keyof typeof contentFields

/** The fields of a rule in the order in which they are written. */
export const contentFieldNames = Object.keys(contentFields) as readonly ContentField[]

export const contentSchema = z.strictObject(contentFields)

/** A row, its lists, tags and numbers no longer spelled as text. */
export const rowSchema = z.strictObject({
  PartitionKey: z.literal('rule'),
  ...contentFields,
  version: wholeNumber(limits.version).default(1),
  changedBy: line().optional(),
  changedAt: utcTime().optional(),
})

export type CheckedContent = z.output<typeof contentSchema>

function isApprovalTime(text: string): boolean {
  return (parseDuration(text) ?? Infinity) <= limits.approvalDays * dayMs
}

function isTarget(text: string): boolean {
  return parseScope(text) !== undefined || parseManagementGroup(text) !== undefined
}

function line() {
  return z.string().min(1).max(limits.name).regex(forms.line)
}

function wholeNumber(max: number) {
  return z.number().int().min(1).max(max)
}

function list(item: RegExp) {
  return z
    .array(z.string().regex(item))
    .min(1)
    .refine((items) => items.join(', ').length <= limits.list)
    .default([])
}

/** A list and not an object, so that no name can mean anything to JavaScript. Their order says nothing: it is by name. */
function tags() {
  return z
    .array(
      z.strictObject({
        name: z.string().max(limits.tagName).regex(forms.tagName).refine(showsWhole),
        value: z.string().max(limits.tagValue).regex(forms.line).refine(showsWhole),
      }),
    )
    .min(1)
    .max(limits.tags)
    .refine((all) => new Set(all.map(({ name }) => asciiLowerCase(name))).size === all.length)
    .transform((all) => all.toSorted((a, b) => (asciiLowerCase(a.name) < asciiLowerCase(b.name) ? -1 : 1)))
    .default([])
}

/** A day, which begins at midnight UTC, or a time in UTC. Comes out as ISO 8601 with milliseconds. */
function utcTime() {
  return z.string().transform((text, context) => {
    const time = parseTime(text)
    if (time !== undefined) return time.toISOString()
    context.addIssue({ code: 'custom' })
    return z.NEVER
  })
}

function requesterPattern(text: string, context: z.RefinementCtx): RequesterPattern {
  const tenantId = tenant.exec(text)?.[1]
  if (tenantId !== undefined && isGuid(tenantId)) return { kind: 'tenant', tenantId }
  const group = parseManagementGroup(text)
  if (group !== undefined) return { kind: 'management-group', name: group }
  const resource = { kind: 'resource', id: text } as const
  if (namedRequester(resource) !== undefined) return resource
  const scope = parseScope(text)
  const isUsable = scope?.type === undefined || requesterKindOfType(scope.type) !== undefined
  if (scope !== undefined && isUsable) return { kind: 'scope', pattern: text }
  context.addIssue({ code: 'custom' })
  return z.NEVER
}
