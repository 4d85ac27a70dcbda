import type { ProofLevel } from '../../shared/domain/proof.ts'
import { quote } from '../../shared/domain/quote.ts'
import { parseRequesterId, type RequesterId } from '../../shared/domain/requester-id.ts'
import { isGuid, parseResourceId, type ResourceId } from '../../shared/domain/resource-id.ts'
import type { Tag } from '../../shared/domain/rule.ts'
import type { Facts } from '../../shared/domain/verdict.ts'
import { madeUpFacts, type MadeUpField } from '../../shared/what-if/made-up.ts'

/** A request as a case or a call writes it: field by field, nothing checked. */
export type WrittenRequest = Readonly<Partial<Record<RequestField, unknown>>>

/** What is wrong with a field, or with one that is missing. */
export interface FieldProblem {
  readonly field: RequestField
  /** Goes on where the field was named, as in `is missing; expected: …`; fit to be shown. */
  readonly says: string
}

/** Reads a value; undefined when it is not what was expected. */
interface FieldReading<T> {
  readonly expected: string
  readonly read: (value: unknown) => T | undefined
}

/** Marks a fact that the app could not read. */
const unknown = 'unknown'
const maxConnections = 1000

const fields = {
  target: { expected: 'the full id of a resource', read: resourceId },
  groupIds: { expected: 'a list of group ids such as blob', read: names },
  requester: { expected: 'the full id of a requester, as in a rule', read: requesterId },
  endpoint: { expected: 'the full id of a private endpoint', read: endpointId },
  proof: { expected: 'confirmed, platform or none', read: proofLevel },
  tenant: { expected: 'the GUID of a tenant', read: guid },
  managedTenant: { expected: 'true or false', read: trueOrFalse },
  targetTags: {
    expected: 'names and values such as { environment: prod }, or unknown',
    read: orUnknown(tags),
  },
  targetManagementGroups: { expected: 'a list of names, or unknown', read: orUnknown(names) },
  requesterManagementGroups: { expected: 'a list of names, or unknown', read: orUnknown(names) },
  approvedConnections: {
    expected: `a whole number from 0 to ${maxConnections}, or unknown`,
    read: orUnknown(count),
  },
} satisfies Record<string, FieldReading<unknown>>

export type RequestField = keyof typeof fields

export const requestFields = Object.keys(fields) as readonly RequestField[]

const fieldOf: Partial<Record<MadeUpField, RequestField>> = {
  tenantId: 'tenant',
  isManagedTenant: 'managedTenant',
}

export type WrittenFacts =
  | { readonly facts: Facts; readonly problem?: undefined }
  | { readonly facts?: undefined; readonly problem: FieldProblem }

/**
 * The facts of a written request. Defaults: `groupIds` unknown, the best proof that the requester's kind can have, and
 * a target without tags, management groups and Approved connections.
 */
export function factsOfWritten(written: WrittenRequest): WrittenFacts {
  const odd = oddField(written)
  if (odd) return { problem: odd }
  const read = <T>(field: RequestField, { read: reading }: FieldReading<T>): T | undefined =>
    reading(written[field])
  const target = read('target', fields.target)
  if (!target)
    return { problem: { field: 'target', says: `is missing; expected: ${fields.target.expected}` } }
  const made = madeUpFacts({
    target,
    groupIds: read('groupIds', fields.groupIds),
    requester: read('requester', fields.requester),
    endpoint: read('endpoint', fields.endpoint),
    proof: read('proof', fields.proof),
    tenantId: read('tenant', fields.tenant),
    isManagedTenant: read('managedTenant', fields.managedTenant),
    targetTags: known(read('targetTags', fields.targetTags), []),
    targetManagementGroups: known(read('targetManagementGroups', fields.targetManagementGroups), []),
    requesterManagementGroups: known(read('requesterManagementGroups', fields.requesterManagementGroups), []),
    approvedConnections: known(read('approvedConnections', fields.approvedConnections), 0),
  })
  if (made.facts) return { facts: made.facts }
  const field = fieldOf[made.field] ?? (made.field as RequestField)
  return { problem: { field, says: `does not fit: ${made.problem}` } }
}

function oddField(written: WrittenRequest): FieldProblem | undefined {
  const field = requestFields.find(
    (name) => written[name] !== undefined && fields[name].read(written[name]) === undefined,
  )
  return field && { field, says: `is ${quote(written[field])}; expected: ${fields[field].expected}` }
}

function known<T>(value: T | typeof unknown | undefined, leftOut: T): T | undefined {
  return value === unknown ? undefined : (value ?? leftOut)
}

function orUnknown<T>(read: (value: unknown) => T | undefined) {
  return (value: unknown): T | typeof unknown | undefined => (value === unknown ? unknown : read(value))
}

function resourceId(value: unknown): ResourceId | undefined {
  return parseResourceId(value)
}

function requesterId(value: unknown): RequesterId | undefined {
  return parseRequesterId(value)
}

function endpointId(value: unknown): ResourceId | undefined {
  const id = parseResourceId(value)
  return id?.key.includes('/providers/microsoft.network/privateendpoints/') ? id : undefined
}

function proofLevel(value: unknown): ProofLevel | undefined {
  return (['confirmed', 'platform', 'none'] as const).find((level) => level === value)
}

function guid(value: unknown): string | undefined {
  return typeof value === 'string' && isGuid(value) ? value : undefined
}

function trueOrFalse(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

function count(value: unknown): number | undefined {
  const isCount =
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= maxConnections
  return isCount ? value : undefined
}

function names(value: unknown): readonly string[] | undefined {
  const isList =
    Array.isArray(value) && value.every((name: unknown) => typeof name === 'string' && name !== '')
  return isList ? (value as readonly string[]) : undefined
}

function tags(value: unknown): readonly Tag[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const pairs = Object.entries(value as Record<string, unknown>)
  return pairs.every(([, text]) => typeof text === 'string')
    ? pairs.map(([name, text]) => ({ name, value: text as string }))
    : undefined
}
