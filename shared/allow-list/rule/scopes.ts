import { z } from 'zod'
import { requesterKindOfType } from '../../domain/requester-kind.ts'
import { isGuid } from '../../domain/resource-id.ts'
import { namedRequester, type RequesterPattern } from '../../domain/rule.ts'
import { parseManagementGroup, parseScope } from '../../domain/scope.ts'
import { visibleText } from './values.ts'

const tenant = /^\/tenants\/([^/]+)$/
const path = visibleText().max(1024).regex(/^\//)

/** The target: a scope or a management group. */
export const targetSchema = path.refine(
  (text) => parseScope(text) !== undefined || parseManagementGroup(text) !== undefined,
)

/** The requester, as a pattern. */
export const requesterSchema = path.transform(requesterPattern).exactOptional()

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

/** A requester pattern, as rows and files spell it. */
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
