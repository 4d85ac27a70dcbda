import { z } from 'zod'
import type { DecisionJob, JobItem } from '../domain/decision-job.ts'
import type { Row, StoredRow } from '../storage/guarded-table.ts'
import { jobPartRowKey, type Place } from './keys.ts'
import { json, readRow, schemaVersion } from './read-row.ts'
import { exactly, keyTime, list, maybe, shape } from './schema-parts.ts'

const fixJob = 'Otherwise delete the row; what was not decided waits, and can be decided again.'
const outcome = z.enum(['approve', 'reject'])
const count = z.int().min(0)
const time = z.iso.datetime()

const jobSchema = exactly<DecisionJob>()(
  shape({
    caseId: z.string(),
    caseKind: z.enum(['single', 'group', 'burst', 'competing-claims', 'target']),
    person: shape({
      objectId: z.string(),
      name: z.string(),
      tenantId: z.string(),
      groups: list(z.string()),
    }),
    reason: maybe(z.string()),
    at: time,
    isOrdered: z.boolean(),
    total: count,
    toApprove: count,
    done: count,
    recorded: count,
    dueAt: keyTime,
    settledAt: maybe(time),
  }),
)

const itemSchema = exactly<JobItem>()(
  shape({
    decisionId: z.string(),
    version: z.string(),
    outcome,
    result: maybe(
      shape({
        kind: z.enum(['recorded', 'changed', 'refused', 'left-out', 'given-up']),
        sentence: z.string(),
      }),
    ),
  }),
)

/** The row of a job, without its requests. */
export function jobRow(place: Place, job: DecisionJob): Row {
  return { ...place, columns: { schemaVersion, job: JSON.stringify(job) } }
}

/** @throws UnreadableRow */
export function jobOf(table: string, row: StoredRow): DecisionJob {
  return readRow(table, row, z.object({ job: json(jobSchema) }), fixJob).job
}

/** The row of some requests of a job. */
export function jobPartRow(place: Place, number: number, items: readonly JobItem[]): Row {
  return {
    partitionKey: place.partitionKey,
    rowKey: jobPartRowKey(place.rowKey, number),
    columns: { schemaVersion, items: JSON.stringify(items) },
  }
}

/** @throws UnreadableRow */
export function jobItemsOf(table: string, row: StoredRow): readonly JobItem[] {
  return readRow(table, row, z.object({ items: json(list(itemSchema)) }), fixJob).items
}
