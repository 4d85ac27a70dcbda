import { createHash } from 'node:crypto'
import { type Group, groupKey } from '../domain/group.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { OutboxRef } from '../ports/outbox.ts'
import type { SubjectKey } from '../ports/ledger.ts'

const shownLength = 20
/** The last millisecond that a time can have, in 14 digits. */
const maxTime = 99_999_999_999_999
const decisionForm = /^([0-9a-f]{20})\.\d+\.(\d{1,6})$/
const refForm = /^((?:case-)?[0-9a-f]{64}):((?:outbox|message):\d{6})$/
const jobRefForm = /^(job-[0-9a-f]{64}):(job:\d{14}-[0-9a-f]{8})$/
const messageIdForm = /^([0-9a-f]{20})\.(\d{1,6})$/

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

/** Partition of the index of the requests of a burst case. */
export function caseKey(caseId: string): string {
  return `case-${hexOf(caseId)}`
}

/** Partition of the cases of a group. */
export function groupPartition(group: Group): string {
  return `case-${hexOf(groupKey(group))}`
}

/** Row key of the newest case of a group. */
export const headRowKey = 'head'

/** Row key of a message of a group; sorts by number. */
export function messageRowKey(number: number): string {
  return `message:${sixDigits(number)}`
}

/** Row key of something that a message is about. 0: of none, as that of its burst was sent already. */
export function memberRowKey(number: number, memberId: string): string {
  return `member:${sixDigits(number)}:${memberId}`
}

/** Row key of the place at which something joined. */
export function joinedRowKey(memberId: string): string {
  return `joined:${memberId}`
}

/** Names a message to people, and lets it be found again. */
export function messageId(partitionKey: string, number: number): string {
  return `${shortOf(partitionKey)}.${number}`
}

/** Names a case of a group. */
export function caseIdOf(partitionKey: string, caseNumber: number): string {
  return `${shortOf(partitionKey)}-${caseNumber}`
}

/** Where the message of an id lies; undefined for a text that `messageId` does not make. */
export function placeOfMessageId(
  id: string,
): { readonly keyStart: string; readonly rowKey: string } | undefined {
  const [, start, number] = messageIdForm.exec(id) ?? []
  return start === undefined
    ? undefined
    : { keyStart: `case-${start}`, rowKey: messageRowKey(Number(number)) }
}

function shortOf(partitionKey: string): string {
  return partitionKey.slice('case-'.length, 'case-'.length + shownLength)
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

/** Which case of its group an id names; undefined for a text that `caseIdOf` does not make. */
export function caseNumberOf(id: string): number | undefined {
  const [, number] = /^[0-9a-f]{20}-(\d{1,9})$/.exec(id) ?? []
  return number === undefined ? undefined : Number(number)
}

/** Where the case of an id lies; undefined for a text that `caseIdOf` does not make. */
export function keyStartOfCase(id: string): string | undefined {
  const [, start] = /^([0-9a-f]{20})-\d{1,9}$/.exec(id) ?? []
  return start === undefined ? undefined : `case-${start}`
}

/** Partition of what people decided about a case. */
export function jobPartition(caseId: string): string {
  return `job-${hexOf(caseId)}`
}

/** Row key of a job: the newest sorts first. @param id distinguishes jobs of one moment: eight hexadecimal digits. */
export function jobRowKey(at: Date, id: string): string {
  return `job:${String(maxTime - at.getTime()).padStart(14, '0')}-${id}`
}

/** Row key of some requests of a job. */
export function jobPartRowKey(rowKey: string, part: number): string {
  return `part:${rowKey.slice('job:'.length)}:${String(part).padStart(3, '0')}`
}

/** Keys of a job; undefined for a text that `refOf` does not make of one. */
export function placeOfJob(ref: string): Place | undefined {
  const [, partitionKey, rowKey] = jobRefForm.exec(ref) ?? []
  return partitionKey === undefined || rowKey === undefined ? undefined : { partitionKey, rowKey }
}

/** Keys of the log entry of a decision; undefined for a text that `entryId` does not make. */
export function placeOfDecision(
  id: string,
): { readonly keyStart: string; readonly rowKey: string } | undefined {
  const [, keyStart, sequence] = decisionForm.exec(id) ?? []
  return keyStart === undefined ? undefined : { keyStart, rowKey: logRowKey(Number(sequence)) }
}

/** Number of the entry that an id of `entryId` names; undefined for another text. */
export function sequenceOf(id: string): number | undefined {
  const [, , sequence] = decisionForm.exec(id) ?? []
  return sequence === undefined ? undefined : Number(sequence)
}

/** Hash of a text, as keys hold it. */
export function hexOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function sixDigits(sequence: number): string {
  return String(sequence).padStart(6, '0')
}
