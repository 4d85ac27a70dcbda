import { asciiLowerCase, isGuid, isSameName, parseResourceId } from './resource-id.ts'

/** Identifies a requester: an ARM id, or one of two forms for requesters without one. Every `ResourceId` is one. */
export interface RequesterId {
  /** As the caller spelled it. */
  readonly id: string
  /** As that of a `ResourceId`. */
  readonly key: string
  /** As that of a `ResourceId`. */
  readonly strictKey: string
  readonly type: string
  /** The last name in the id. */
  readonly name: string
}

/** `*` is a GUID. Forms of our own: Fabric and Databricks address these by their GUIDs alone. */
const formsOutsideArm = [
  { type: 'fabric/workspaces', path: '/fabric/workspaces/*' },
  {
    type: 'databricks/networkConnectivityConfigs',
    path: '/databricks/accounts/*/networkConnectivityConfigs/*',
  },
] as const

/**
 * Reads the ARM id of a resource, `/fabric/workspaces/{guid}` or
 * `/databricks/accounts/{guid}/networkConnectivityConfigs/{guid}`. Returns undefined for anything else.
 */
export function parseRequesterId(text: unknown): RequesterId | undefined {
  const resource = parseResourceId(text)
  if (resource !== undefined || typeof text !== 'string') return resource
  const form = formsOutsideArm.find(({ path }) => fits(text, path))
  if (form === undefined) return undefined
  const key = asciiLowerCase(text)
  return { id: text, key, strictKey: key, type: form.type, name: lastSegment(text) }
}

function fits(text: string, path: string): boolean {
  const expected = path.split('/')
  const segments = text.split('/')
  return (
    segments.length === expected.length &&
    expected.every((part, index) => {
      const segment = segments[index] ?? ''
      return part === '*' ? isGuid(segment) : isSameName(segment, part)
    })
  )
}

function lastSegment(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1)
}
