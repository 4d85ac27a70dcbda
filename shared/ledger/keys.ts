import { createHash } from 'node:crypto'
import type { ResourceId } from '../domain/resource-id.ts'

const shownLength = 20
const decisionForm = /^([0-9a-f]{20})\.\d+\.(\d{1,6})$/

/** Hash of a lower-cased id: ids hold `/`, which keys may not, and ignore case, which keys do not. */
export function keyOf(id: ResourceId): string {
  return createHash('sha256').update(id.key).digest('hex')
}

/**
 * Names one decision: `{first 20 of the connection's key}.{episode}.{sequence in its log}`. Short enough for
 * the description of a connection (140 characters), and enough to find the log entry again.
 */
export function decisionId(connectionId: ResourceId, episode: number, sequence: number): string {
  return `${keyOf(connectionId).slice(0, shownLength)}.${episode}.${sequence}`
}

/** Row key of a log entry; sorts by sequence. */
export function logRowKey(sequence: number): string {
  return `log:${String(sequence).padStart(6, '0')}`
}

/** Where the log entry of a decision lies; undefined for what `decisionId` does not make. */
export function placeOfDecision(
  id: string,
): { readonly keyStart: string; readonly rowKey: string } | undefined {
  const [, keyStart, sequence] = decisionForm.exec(id) ?? []
  return keyStart === undefined ? undefined : { keyStart, rowKey: logRowKey(Number(sequence)) }
}
