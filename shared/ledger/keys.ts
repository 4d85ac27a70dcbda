import { createHash } from 'node:crypto'
import type { ResourceId } from '../domain/resource-id.ts'
import type { OutboxRef } from '../ports/outbox.ts'
import type { SubjectKey } from '../ports/ledger.ts'

const shownLength = 20
const decisionForm = /^([0-9a-f]{20})\.\d+\.(\d{1,6})$/
const refForm = /^((?:case-)?[0-9a-f]{64}):(outbox:\d{6})$/

/** Row key of the newest episode of a subject. */
export const stateRowKey = 'state'

/** Keys of a row. */
export interface Place {
  readonly partitionKey: string
  readonly rowKey: string
}

/** Hash of a lower-cased id: ids contain `/`, which keys must not, and ignore case, which keys do not. */
export function keyOf(id: ResourceId): string {
  return hexOf(id.key)
}

/** Partition of a record. The kind is hashed, too, so that a target never has the key of a connection. */
export function recordKey({ kind, id }: SubjectKey): string {
  return hexOf(`${kind}\n${id.key}`)
}

/** Partition of a burst case. */
export function caseKey(caseId: string): string {
  return `case-${hexOf(caseId)}`
}

/**
 * Names one entry, and the decision that begins with it: `{first 20 of the record's key}.{episode}.{sequence in its
 * log}`. Short enough for the description of a connection (140 characters), and enough to find the entry again.
 */
export function entryId(subject: SubjectKey, episode: number, sequence: number): string {
  return `${recordKey(subject).slice(0, shownLength)}.${episode}.${sequence}`
}

/** Row key of a log entry; sorts by sequence. */
export function logRowKey(sequence: number): string {
  return `log:${sixDigits(sequence)}`
}

/** Row key of the notification that was written with a log entry. */
export function outboxRowKey(sequence: number): string {
  return `outbox:${sixDigits(sequence)}`
}

/** Names the row of a notification. */
export function refOf({ partitionKey, rowKey }: Place): OutboxRef {
  return `${partitionKey}:${rowKey}`
}

/** Keys of a notification; undefined for a text that `refOf` does not make. */
export function placeOfRef(ref: OutboxRef): Place | undefined {
  const [, partitionKey, rowKey] = refForm.exec(ref) ?? []
  return partitionKey === undefined || rowKey === undefined ? undefined : { partitionKey, rowKey }
}

/** True for the partition of a burst case. */
export function isCaseKey(partitionKey: string): boolean {
  return partitionKey.startsWith('case-')
}

/** Keys of the log entry of a decision; undefined for a text that `entryId` does not make. */
export function placeOfDecision(
  id: string,
): { readonly keyStart: string; readonly rowKey: string } | undefined {
  const [, keyStart, sequence] = decisionForm.exec(id) ?? []
  return keyStart === undefined ? undefined : { keyStart, rowKey: logRowKey(Number(sequence)) }
}

/** Hash of a text, as keys hold it. */
export function hexOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function sixDigits(sequence: number): string {
  return String(sequence).padStart(6, '0')
}
