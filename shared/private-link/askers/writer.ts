import { asciiLowerCase, isGuid } from '../../domain/resource-id.ts'
import type { Claims } from './activity-log.ts'

/** Who wrote something, as the claims of the token say. `nobody`: they name no person of the tenant for certain. */
export type Writer =
  | { readonly kind: 'person'; readonly objectId: string }
  | { readonly kind: 'application' }
  | { readonly kind: 'nobody' }

/** Names of claims in the Activity Log, in lower case: the long one, and that of the token itself. */
const objectIdNames = ['http://schemas.microsoft.com/identity/claims/objectidentifier', 'oid']
const tenantIdNames = ['http://schemas.microsoft.com/identity/claims/tenantid', 'tid']
const scopeNames = ['http://schemas.microsoft.com/identity/claims/scope', 'scp']

/**
 * Reads who had the token of a write. An application's own token says `idtyp` app, or nothing of its kind, and has no
 * scope; that of a person has one (Microsoft's published examples, and its page on claims of access tokens). `caller` and
 * the UPN are not used: both are names, and can look like an object id.
 */
export function writerOf(claims: Claims, ownTenantId: string | undefined): Writer {
  const nobody: Writer = { kind: 'nobody' }
  const objectId = onlyGuid(claims, objectIdNames)
  if (objectId === undefined) return nobody
  const [type, ...otherTypes] = valuesOf(claims, ['idtyp'])
  if (otherTypes.length > 0) return nobody
  const isPerson = type === undefined ? valuesOf(claims, scopeNames).length > 0 : isText(type, 'user')
  if (!isPerson) return { kind: 'application' }
  const isOfTenant =
    ownTenantId === undefined || onlyGuid(claims, tenantIdNames) === asciiLowerCase(ownTenantId)
  return isOfTenant ? { kind: 'person', objectId } : nobody
}

/** The one GUID that all claims of these names hold, in lower case; undefined when they hold none, or several. */
function onlyGuid(claims: Claims, names: readonly string[]): string | undefined {
  const values = valuesOf(claims, names).map((value) => (typeof value === 'string' ? value : ''))
  const [first, ...others] = new Set(values.map(asciiLowerCase))
  return first !== undefined && others.length === 0 && isGuid(first) ? first : undefined
}

function valuesOf(claims: Claims, names: readonly string[]): readonly unknown[] {
  return Object.entries(claims)
    .filter(([name, value]) => names.includes(asciiLowerCase(name)) && value !== undefined && value !== '')
    .map(([, value]) => value)
}

function isText(value: unknown, text: string): boolean {
  return typeof value === 'string' && asciiLowerCase(value) === text
}
