import type { z } from 'zod'
import { visible } from '../domain/printable.ts'
import { StoredUnreadable } from '../ports/ledger.ts'
import type { Place } from './keys.ts'

const maxShown = 80

/** A row of the ledger written by another version or by hand. It is not interpreted. */
export class UnreadableRow extends StoredUnreadable {
  override name = 'UnreadableRow'
  readonly place: Place

  constructor(table: string, place: Place, problem: string, fix: string) {
    const { partitionKey, rowKey } = place
    super(
      `Row "${visible(rowKey)}" of partition "${visible(partitionKey)}" in table "${table}" cannot be used: ${problem}. ${fix}`,
    )
    this.place = place
  }
}

/** Takes note of a row that cannot be used, where a reader of many rows goes on with the others. */
export type ReportUnreadable = (problem: UnreadableRow) => void

/** What is read; undefined, and reported, where the row cannot be used. */
export function orReported<T>(report: ReportUnreadable, read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof UnreadableRow)) throw error
    report(error)
    return undefined
  }
}

/** The first thing wrong: which field, expected, actual. */
export function problemOf(issue: z.core.$ZodIssue): string {
  const field = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    return `field "${[...issue.path, issue.keys[0]].map(String).join('.')}" is not known here`
  }
  return `field "${field}" is ${shownActual(actualOf(issue))}, expected ${expectedOf(issue)}`
}

function expectedOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return issue.expected
  if (issue.code === 'invalid_value') return issue.values.map(String).join(' or ')
  if (issue.code === 'invalid_format') return issue.format
  if (issue.code === 'too_small') return `at least ${String(issue.minimum)}`
  if (issue.code !== 'invalid_union') return issue.message
  const choices =
    'options' in issue ? issue.options : issue.errors.flatMap(([first]) => (first ? [expectedOf(first)] : []))
  return choices.map(String).join(' or ')
}

/** Members of a union differ by a field of the value, and the path names that field. */
function actualOf(issue: z.core.$ZodIssue): unknown {
  const { input } = issue
  const name = issue.code === 'invalid_union' ? issue.discriminator : undefined
  return name === undefined ? input : (input as Record<string, unknown>)[name]
}

function shownActual(value: unknown): string {
  return value === undefined ? 'missing' : visible(JSON.stringify(value)).slice(0, maxShown)
}
