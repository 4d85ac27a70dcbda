import { z } from 'zod'
import { type Claim, fates } from '../domain/claim.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { Row, StoredRow } from '../storage/guarded-table.ts'
import { keyOf } from './keys.ts'
import { json, readRow, schemaVersion } from './read-row.ts'
import { knownRules } from './schema.ts'
import { absent, armId, exactly, keyTime, list, maybe, shape } from './schema-parts.ts'

const claim = exactly<Claim>()(
  shape({
    endpointId: maybe(armId),
    firstSeenAt: keyTime,
    lastSeenAt: keyTime,
    connections: list(
      shape({
        connectionId: armId,
        status: z.string(),
        description: z.string(),
        fate: z.enum(fates),
        since: keyTime,
        listed: absent(shape({ status: z.string(), description: z.string(), since: keyTime })),
      }),
    ),
    approvedAt: maybe(keyTime),
    refusal: maybe(
      shape({
        at: keyTime,
        fate: z.enum(['rejected-by-person', 'taken-back']),
        knownRules: maybe(knownRules),
      }),
    ),
    doubt: maybe(shape({ at: keyTime, sentence: z.string() })),
    held: maybe(shape({ at: keyTime, knownRules })),
    crowdedAt: maybe(keyTime),
  }),
)
/** A claim without an endpoint is that of its only connection. */
const claimed = claim.refine(
  ({ endpointId, connections }) => endpointId !== undefined || connections.length === 1,
  'an endpoint, or one connection that hides it',
)
const columns = z.object({ claim: json(claimed) })

const fix =
  'Delete the row: the endpoint is then remembered anew, and what was known of its claims is lost. Until then nothing is approved on this target.'

/** Partition of what is remembered of a target. */
export function claimPartition(target: ResourceId): string {
  return keyOf(target)
}

/** @param claimant the endpoint; where nobody knows it, the connection. */
export function claimRow(target: ResourceId, claimant: ResourceId, remembered: Claim): Row {
  const { lastSeenAt } = remembered
  return {
    partitionKey: claimPartition(target),
    rowKey: keyOf(claimant),
    columns: {
      schemaVersion,
      targetId: target.id,
      claimantId: claimant.id,
      lastSeenAt,
      claim: JSON.stringify(remembered),
    },
  }
}

/** @throws UnreadableRow */
export function claimOf(table: string, row: StoredRow): Claim {
  return readRow(table, row, columns, fix).claim
}
