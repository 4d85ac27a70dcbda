import { z } from 'zod'
import { parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import type { WorkState } from '../domain/target-work.ts'
import type { Row, StoredRow } from '../storage/guarded-table.ts'
import { readRow, schemaVersion } from './read-row.ts'
import { armId } from './schema-parts.ts'

/** A row of open work, as it was understood. */
export interface TargetWorkRow {
  readonly target: ResourceId
  readonly state: WorkState
}

const time = z.iso.datetime().transform((text) => Date.parse(text))
const attempt = z.int().min(0)
const common = {
  targetId: armId.transform((text) => parseResourceId(text) ?? z.NEVER),
  attempt,
  since: time,
  isFromEndpoint: z.boolean(),
  wordAttempt: attempt.optional(),
  conflicts: z.int().min(0).optional(),
  claims: z.int().min(0).optional(),
  troubledSince: time.optional(),
  lookAt: time.optional(),
}
const schema = z.discriminatedUnion('kind', [
  z.object({ ...common, kind: z.literal('held'), holder: z.string().min(1), leaseUntil: time }),
  z.object({ ...common, kind: z.literal('due'), dueAt: time }),
  z.object({ ...common, kind: z.literal('resting'), dueAt: time }),
  z.object({ ...common, kind: z.literal('backoff'), dueAt: time, notBefore: time }),
])

const fix = 'Delete the row; the next review of its target writes another.'

/** @throws UnreadableRow */
export function targetWorkOf(table: string, row: StoredRow): TargetWorkRow {
  const columns = readRow(table, row, schema, fix)
  const { targetId: target, attempt, since, isFromEndpoint, wordAttempt, ...others } = columns
  const { conflicts, claims, troubledSince, lookAt, ...rest } = others
  const word = wordAttempt === undefined ? undefined : { attempt: wordAttempt }
  const series = { attempt, since, isFromEndpoint, word, conflicts, claims, troubledSince, lookAt }
  return { target, state: { ...rest, series } }
}

/** The columns that `targetWorkOf` reads. */
export function columnsOf(target: ResourceId, state: WorkState): Row['columns'] {
  const { attempt, since, isFromEndpoint, word, conflicts, claims, troubledSince, lookAt } = state.series
  return {
    schemaVersion,
    targetId: target.id,
    kind: state.kind,
    attempt,
    since: iso(since),
    isFromEndpoint,
    ...(word && { wordAttempt: word.attempt }),
    ...(conflicts && { conflicts }),
    ...(claims && { claims }),
    ...(troubledSince !== undefined && { troubledSince: iso(troubledSince) }),
    ...(lookAt !== undefined && { lookAt: iso(lookAt) }),
    ...ownColumnsOf(state),
  }
}

function ownColumnsOf(state: WorkState): Row['columns'] {
  switch (state.kind) {
    case 'held':
      return { holder: state.holder, leaseUntil: iso(state.leaseUntil) }
    case 'due':
    case 'resting':
      return { dueAt: iso(state.dueAt) }
    case 'backoff':
      return { dueAt: iso(state.dueAt), notBefore: iso(state.notBefore) }
  }
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
