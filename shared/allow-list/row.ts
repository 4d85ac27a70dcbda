import type { Rule } from '../domain/rule.ts'
import { findContradiction } from './checks.ts'
import { fieldsNotEvaluatedYet, rowSchema, wantedInField, type RuleRow } from './fields.ts'

/** One row read: a rule, or one sentence that names the row, the column, what was seen and what was wanted. */
export type RowReading =
  | { readonly rule: Rule; readonly problem?: undefined }
  | { readonly rule?: undefined; readonly problem: string }

const longestQuote = 100
const managementGroup = /^\/providers\/Microsoft\.Management\/managementGroups\//i

/** What the client calls the keys of a row, and what the service and its tools call them. */
const keyNames: Readonly<Record<string, string>> = { partitionKey: 'PartitionKey', rowKey: 'RowKey' }
const columnsOfTheService = /^([Tt]imestamp|etag|odata\..*|.*@odata\.type)$/

/**
 * Reads one row of the allow-list table, as the Table client gives it. A column that holds the empty text counts as
 * left out, because tools show the two alike. Nothing that is not understood is ignored.
 */
export function ruleFromRow(row: Readonly<Record<string, unknown>>): RowReading {
  const columns = ownColumns(row)
  const read = rowSchema.safeParse(columns)
  const sentence = read.success ? findContradiction(read.data) : describe(read.error.issues[0], columns)
  if (!read.success || sentence !== undefined)
    return { problem: `Row ${quote(columns['RowKey'])}: ${sentence ?? 'cannot be read'}.` }
  return { rule: toRule(read.data) }
}

function ownColumns(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isSet = ([name, value]: [string, unknown]): boolean =>
    !columnsOfTheService.test(name) && value !== '' && value !== undefined && value !== null
  return Object.fromEntries(
    Object.entries(row)
      .filter(isSet)
      .map(([name, value]) => [keyNames[name] ?? name, value]),
  )
}

interface Issue {
  readonly code: string
  readonly path: readonly PropertyKey[]
  readonly keys?: readonly string[]
}

function describe(issue: Issue | undefined, columns: Readonly<Record<string, unknown>>): string {
  const [unknownColumn] = issue?.keys ?? []
  if (unknownColumn !== undefined) return describeUnknown(unknownColumn)
  const field = String(issue?.path[0])
  const seen = columns[field]
  if (typeof seen === 'string' && managementGroup.test(seen))
    return `${field} is ${quote(seen)}; this version does not evaluate management groups`
  return `${field} is ${seen === undefined ? 'missing' : quote(seen)}; it must be ${wantedInField[field] ?? 'left out'}`
}

function describeUnknown(column: string): string {
  return fieldsNotEvaluatedYet.includes(column)
    ? `this version does not evaluate ${column}, and a condition is never ignored; remove it or the row`
    : `${quote(column)} is not a column of a rule; the columns are ${Object.keys(wantedInField).join(', ')}`
}

function quote(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = value instanceof Date || typeof value === 'bigint' ? String(value) : JSON.stringify(value)
  return text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text
}

function toRule(row: RuleRow): Rule {
  return {
    id: row.RowKey,
    effect: row.effect,
    mode: row.mode,
    target: row.target,
    targetTypes: row.targetTypes,
    targetTags: [],
    groupIds: row.groupIds,
    requester: row.requester,
    endpointName: row.endpointName,
    proof: row.proof ?? 'confirmed',
    maxConnections: undefined,
    validFrom: row.validFrom,
    validUntil: row.validUntil,
    approvalEndsAfter: undefined,
    approvers: [],
    requiredApprovals: undefined,
    owner: row.owner,
    justification: row.justification,
    ticket: row.ticket,
    version: row.version,
    changedBy: row.changedBy,
    changedAt: row.changedAt,
  }
}
