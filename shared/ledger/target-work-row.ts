import { z } from 'zod'
import { parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import type { WorkState } from '../domain/target-work.ts'
import type { Row, StoredRow } from '../storage/guarded-table.ts'

const schemaVersion = 1

/** A row of open work, as it was understood. */
export interface TargetWorkRow {
  readonly target: ResourceId
  readonly state: WorkState
}

/** A row that is not understood. Its message is a sentence. */
export class WorkRowRefused extends Error {
  override name = 'WorkRowRefused'
}

const time = z.iso.datetime().transform((text) => Date.parse(text))
const attempt = z.int().min(0)
const common = {
  targetId: z.string().transform((text, context) => {
    const target = parseResourceId(text)
    if (target) return target
    context.addIssue('Invalid input: expected the id of a resource')
    return z.NEVER
  }),
  attempt,
  since: time,
  isFromEndpoint: z.boolean(),
  wordAttempt: attempt.optional(),
}
const schema = z.discriminatedUnion('kind', [
  z.object({ ...common, kind: z.literal('held'), holder: z.string().min(1), leaseUntil: time }),
  z.object({ ...common, kind: z.literal('due'), dueAt: time }),
  z.object({ ...common, kind: z.literal('backoff'), dueAt: time, notBefore: time }),
])

/**
 * Reads a row as it is stored.
 * @throws WorkRowRefused for a row of another version, or that does not fit the schema.
 */
export function readRow({ columns }: StoredRow): TargetWorkRow {
  if (columns['schemaVersion'] !== schemaVersion) {
    throw refusal(columns, 'schemaVersion', `Invalid input: expected ${schemaVersion}`)
  }
  const parsed = schema.safeParse(columns)
  if (parsed.success) {
    const { targetId: target, attempt, since, isFromEndpoint, wordAttempt, ...rest } = parsed.data
    const word = wordAttempt === undefined ? undefined : { attempt: wordAttempt }
    return { target, state: { ...rest, series: { attempt, since, isFromEndpoint, word } } }
  }
  const { path, message } = parsed.error.issues[0] as z.core.$ZodIssue
  throw refusal(columns, String(path[0]), message)
}

function refusal(columns: StoredRow['columns'], column: string, expected: string): WorkRowRefused {
  const value = columns[column]
  const actual = value === undefined ? 'missing' : JSON.stringify(value).slice(0, 100)
  return new WorkRowRefused(
    `The row ${String(columns['rowKey'])} of open work is not understood: ${column} is ${actual}. ${expected}. ` +
      'Delete the row; the next review of its target writes another.',
  )
}

/** The columns that `readRow` reads. */
export function columnsOf(target: ResourceId, state: WorkState): Row['columns'] {
  const { attempt, since, isFromEndpoint, word } = state.series
  return {
    schemaVersion,
    targetId: target.id,
    kind: state.kind,
    attempt,
    since: iso(since),
    isFromEndpoint,
    ...(word && { wordAttempt: word.attempt }),
    ...ownColumnsOf(state),
  }
}

function ownColumnsOf(state: WorkState): Row['columns'] {
  switch (state.kind) {
    case 'held':
      return { holder: state.holder, leaseUntil: iso(state.leaseUntil) }
    case 'due':
      return { dueAt: iso(state.dueAt) }
    case 'backoff':
      return { dueAt: iso(state.dueAt), notBefore: iso(state.notBefore) }
  }
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
