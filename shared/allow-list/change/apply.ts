import { randomUUID } from 'node:crypto'
import { describeStorageError } from '../../storage/errors.ts'
import { type GuardedTable, RowChanged, type Step } from '../../storage/guarded-table.ts'
import { forms, listNames } from '../routing/forms.ts'
import { columnsOfHead, type Head, headKey, headOfRow, highestSequence, isSha256 } from '../table/head.ts'
import { keyOfItem, logKey, rulePartition } from '../table/rows.ts'
import { changesOf, type PreparedChange } from './changes.ts'
import { endOfLog, highestVersions } from './history.ts'
import { changesNothing, countOfChanges, etagOfHead, type ListPlan, partsOf } from './list-state.ts'
import type { Author } from './log.ts'
import { type Pack, packsOf } from './packs.ts'
import { type Place, whatChanged } from './what-changed.ts'

export interface Applied {
  readonly changes: number
  readonly transactions: number
  /** Version of the list afterwards; undefined if there was nothing to do. */
  readonly version: number | undefined
}

/** An apply that did not complete. The message says why, what is written, and what to do. */
export class ApplyStopped extends Error {
  override name = 'ApplyStopped'
  /** Without what is written and what to do. */
  readonly why: string

  /**
   * @param written changes written, of `total`: if there are any, the list decides nothing until an apply completes.
   */
  constructor(why: string, written: number, total: number, cause?: unknown) {
    super(`${why} ${stateAfter(written, total, cause instanceof WriteInDoubt)}`, { cause })
    this.why = why
  }
}

function stateAfter(written: number, total: number, isInDoubt: boolean): string {
  const goesOn = 'Run allow-list apply again: it goes on from there.'
  if (isInDoubt)
    return `${written} of ${total} changes are written, and the part that was under way may or may not be. ${goesOn}`
  if (written === 0) return 'Nothing was written. Run allow-list plan again.'
  return `${written} of ${total} changes are written, and the list decides nothing until an apply runs to its end. ${goesOn}`
}

/** It is unknown whether a transaction was written: its response is lost, and the table cannot be read. */
class WriteInDoubt extends Error {
  override name = 'WriteInDoubt'
}

const maxNameLength = 200
const maxFileNameLength = 1000

/**
 * Carries out a plan. Rules, channels, routes, their log entries and the head of the list change in the same transactions, each under the
 * ETags that the plan is based on: a concurrent change of one of these rows, by hand or by another apply, stops this
 * one. While more than one transaction is needed, the head says that an apply is running, and nothing is decided by the
 * list. Writes nothing when there is nothing to do.
 * @param onProgress changes written, and all.
 * @param signal stops it between two transactions.
 * @throws ApplyStopped when it did not complete; RangeError when something cannot be written at all.
 */
export async function applyPlan(
  table: GuardedTable,
  plan: ListPlan,
  author: Author,
  onProgress?: (written: number, total: number) => void,
  signal?: AbortSignal,
): Promise<Applied> {
  checkAuthor(author)
  if (changesNothing(plan)) return { changes: 0, transactions: 0, version: undefined }
  if (plan.state.isTableMissing) await table.create()
  const log = await endOfLog(table)
  checkRoom(log.sequence, countOfChanges(plan))
  const changes = changesOf(plan, author, await versionsOfNew(table, plan, log.sequence))
  const applyId = randomUUID()
  const packs = packsOf(changes, log, author, applyId)
  const elsewhere = plan.discarded.filter(({ partitionKey }) => partitionKey !== rulePartition)
  const isAtOnce = packs.length === 1 && elsewhere.length === 0
  const commit = committing(table, etagOfHead(plan.state))
  let version = log.version
  let written = 0
  let underWay: readonly Place[] = []

  const headAt = ({ sequence, hash }: Pack, isEnd: boolean): Head => ({
    version: (version += 1),
    sequence,
    hash,
    applyId,
    who: author.who,
    at: new Date().toISOString(),
    fileName: author.fileName,
    fileSha256: author.fileSha256,
    applyingSince: isEnd || isAtOnce ? undefined : author.at.toISOString(),
  })
  try {
    for (const [index, pack] of packs.entries()) {
      signal?.throwIfAborted()
      const isEnd = index === packs.length - 1 && elsewhere.length === 0
      underWay = pack.changes.map(placeOfChange)
      await commit(headAt(pack, isEnd), pack.steps)
      written += pack.changes.length
      onProgress?.(written, changes.length)
    }
    underWay = elsewhere
    for (const { partitionKey, rowKey, etag } of elsewhere) await table.remove(partitionKey, rowKey, etag)
    const last = packs.at(-1)
    if (last && elsewhere.length > 0) await commit(headAt(last, true), [])
  } catch (error) {
    const why = signal?.aborted ? 'Stopped.' : await reasonOf(error, table, plan, applyId, underWay)
    throw new ApplyStopped(why, written, changes.length, error)
  }
  return { changes: changes.length, transactions: version - log.version, version }
}

/** Writes the head with further steps, each time under the ETag of the previous write. */
function committing(table: GuardedTable, firstEtag: string | undefined) {
  let etag = firstEtag
  return async (head: Head, steps: readonly Step[]): Promise<void> => {
    const row = { partitionKey: rulePartition, rowKey: headKey, columns: columnsOfHead(head) }
    const headStep: Step = etag === undefined ? { kind: 'insert', row } : { kind: 'replace', row, etag }
    etag = await writtenEtag(table, head, [headStep, ...steps])
  }
}

/**
 * The ETag of the written head. A transaction whose response is lost may have been written, and the SDK's second try is
 * then refused: the head shows that it was our own.
 * @throws WriteInDoubt when the head cannot be read.
 */
async function writtenEtag(table: GuardedTable, head: Head, steps: readonly Step[]): Promise<string> {
  const [etag] = await table.transaction(steps).catch(async (error: unknown) => {
    const own = await readOwn(table, head).catch(() => {
      throw new WriteInDoubt(describeStorageError(error), { cause: error })
    })
    if (!own) throw error
    return [own.etag]
  })
  const found = etag ?? (await readOwn(table, head))?.etag
  if (found === undefined) throw new RowChanged('The head of the list is not as it was written.')
  return found
}

async function readOwn(table: GuardedTable, { applyId, version }: Head) {
  const row = await table.read(rulePartition, headKey)
  const found = row && headOfRow(row.columns).head
  return found?.applyId === applyId && found.version === version ? row : undefined
}

async function versionsOfNew(
  table: GuardedTable,
  plan: ListPlan,
  sequence: number,
): Promise<ReadonlyMap<string, number>> {
  const parts = partsOf(plan)
  const keys = listNames.flatMap((list) =>
    [...parts[list].added, ...parts[list].replaced.map(({ after }) => after)].map((item) =>
      keyOfItem(forms[list], item),
    ),
  )
  return highestVersions(table, new Set(keys), sequence)
}

async function reasonOf(
  error: unknown,
  table: GuardedTable,
  plan: ListPlan,
  applyId: string,
  underWay: readonly Place[],
): Promise<string> {
  if (error instanceof RowChanged)
    return whatChanged(table, plan.state, applyId, underWay).catch(() => 'The list was changed meanwhile.')
  return `Table ${table.name} cannot be written: ${describeStorageError(error)}.`
}

function placeOfChange({ ruleId, before }: PreparedChange): Place {
  return { partitionKey: before?.partitionKey ?? rulePartition, rowKey: ruleId }
}

function checkRoom(lastSequence: number, changes: number): void {
  if (lastSequence + changes > highestSequence)
    throw new RangeError(
      `The log of changes ends with row "${logKey(lastSequence)}", after which there is no room for ${changes} more; run allow-list history --verify.`,
    )
}

function checkAuthor({ who, fileName, fileSha256 }: Author): void {
  if (who.trim() === '' || who.length > maxNameLength)
    throw new RangeError(`Who applies has to be named, in at most ${maxNameLength} characters.`)
  if (fileName.length > maxFileNameLength)
    throw new RangeError(`The name of the file is longer than ${maxFileNameLength} characters.`)
  if (!isSha256(fileSha256)) throw new RangeError('The hash of the file is no SHA-256 in lower-case hex.')
}
