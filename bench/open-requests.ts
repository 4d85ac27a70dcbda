import { parseResourceId } from '../shared/domain/resource-id.ts'
import { Ledger } from '../shared/ledger/ledger.ts'
import type { SubjectKey } from '../shared/ports/ledger.ts'
import { inParallel } from '../shared/storage/in-parallel.ts'
import { pageRecord } from '../test/support/sample-pages.ts'
import { tableIn } from './storage.ts'

const atOnce = 16
const perTarget = 20
const endedOnEach = 3
const firstSeen = Date.parse('2026-11-30T08:00:00Z')

/** What pages are about. */
export interface WrittenRequests {
  readonly decisionIds: readonly string[]
  readonly caseId: string
}

interface WrittenCount {
  readonly count: number
  /** How many of them are one burst case. */
  readonly inCase: number
  readonly onProgress: (written: number) => void
}

/**
 * Writes requests that wait for manual review as a review writes them, twenty to a target, and some that were withdrawn
 * for the history of each target.
 */
export async function writeOpenRequests(
  storage: string,
  { count, inCase, onProgress }: WrittenCount,
): Promise<WrittenRequests> {
  const ledger = ledgerIn(storage)
  const caseId = `${'c'.repeat(20)}.1.1`
  const numbers = Array.from({ length: count }, (_, number) => number)
  let written = 0
  const decisionIds = await inParallel(numbers, atOnce, async (number) => {
    const id = await writeOne(ledger, number, number < inCase ? caseId : undefined)
    written += 1
    if (written % 250 === 0) onProgress(written)
    return id
  })
  const targets = numbers.slice(0, Math.ceil(count / perTarget))
  await inParallel(targets, atOnce, async (target) => {
    for (let number = 0; number < endedOnEach; number += 1) await writeEnded(ledger, target, number)
  })
  return { decisionIds, caseId }
}

function ledgerIn(storage: string): Ledger {
  return new Ledger(tableIn(storage, 'requests'), tableIn(storage, 'requestIndex'), (problem) => {
    throw problem
  })
}

async function writeOne(ledger: Ledger, number: number, caseId: string | undefined): Promise<string> {
  const subject = connectionOf(Math.floor(number / perTarget), `open${number}`)
  const decisionId = ledger.nextEntryId(subject, undefined, 1)
  await ledger.write(subject, undefined, changeOf(subject, decisionId, number, caseId))
  return decisionId
}

async function writeEnded(ledger: Ledger, target: number, number: number): Promise<void> {
  const subject = connectionOf(target, `ended${number}`)
  const opened = changeOf(subject, ledger.nextEntryId(subject, undefined, 1), number, undefined)
  const record = await ledger.write(subject, undefined, opened)
  const state = { name: 'withdrawn' } as const
  await ledger.write(subject, record, {
    ...opened,
    request: { ...opened.request, state },
    entry: { ...opened.entry, kind: 'observed', state: state.name },
  })
}

function changeOf(subject: SubjectKey, decisionId: string, number: number, caseId: string | undefined) {
  const at = new Date(firstSeen + number * 1000).toISOString()
  const { request, lastEntry } = pageRecord({
    request: {
      ...{ decisionId, firstSeenAt: at, caseId },
      subject: {
        ...{ kind: 'connection', targetId: targetIdOf(subject), connectionId: subject.id.id },
        endpointId: endpointOf(number),
      },
      hold: caseId === undefined ? undefined : { kind: 'burst', knownRules: 'too-many' },
    },
    entry: { at, firstSeenAt: at },
  })
  return { request, entry: lastEntry, notification: undefined }
}

function connectionOf(target: number, name: string): SubjectKey {
  const id = parseResourceId(
    `/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/resourceGroups/rg-lake/providers/Microsoft.Storage/storageAccounts/stlake${target}/privateEndpointConnections/${name}`,
  )
  if (!id) throw new Error(`"${name}" makes no ARM id.`)
  return { kind: 'connection', id }
}

function targetIdOf({ id }: SubjectKey): string {
  return id.id.replace(/\/privateEndpointConnections\/[^/]+$/, '')
}

function endpointOf(number: number): string {
  return `/subscriptions/c0ffee00-2222-4b7c-9d3e-e58b02b8a002/resourceGroups/rg-managed/providers/Microsoft.Network/privateEndpoints/adf-sales${number}.lake-blob`
}
