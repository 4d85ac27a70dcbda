import type { CaseKind } from '../domain/case.ts'
import { isUnfinished, isWaiting } from '../domain/request.ts'
import type { CaseContent, CaseLimits } from '../ports/case-requests.ts'
import type { RequestRecord } from '../ports/ledger.ts'
import { inParallel } from '../storage/in-parallel.ts'

const readsAtOnce = 16

/** A record that may be of a case, and whether it is. */
export interface Candidate {
  readonly key: string
  readonly isOf: (record: RequestRecord) => boolean
}

/**
 * Reads the requests of a case, a few at a time, until enough of those are found that wait. Each is read once. Those
 * beyond are counted by their keys.
 */
export async function contentOf(
  kind: CaseKind,
  candidates: AsyncIterable<Candidate>,
  recordAt: (key: string) => Promise<RequestRecord | undefined>,
  limits: CaseLimits,
): Promise<CaseContent> {
  const known = new Set<string>()
  const records: RequestRecord[] = []
  let next: Candidate[] = []
  let read = 0
  const waiting = () => records.filter(({ request }) => isWaiting(request))
  const isEnough = () => read >= limits.read || waiting().length >= limits.waiting
  const take = async () => {
    const found = await inParallel(next, readsAtOnce, async ({ key, isOf }) => {
      const record = await recordAt(key)
      return record && isOf(record) ? record : undefined
    })
    records.push(...found.filter((record) => record !== undefined))
    read += next.length
    next = []
  }
  let beyond = 0
  for await (const candidate of candidates) {
    if (known.has(candidate.key)) continue
    known.add(candidate.key)
    if (isEnough()) beyond += 1
    else next.push(candidate)
    if (next.length === readsAtOnce) await take()
  }
  if (next.length > 0) await take()
  const unfinished = records.filter(({ request }) => isUnfinished(request))
  return {
    kind,
    waiting: waiting().toSorted(bySight).slice(0, limits.waiting),
    underWay: unfinished.filter(({ request }) => !isWaiting(request)).toSorted(bySight),
    ended: records
      .filter(({ request }) => !isUnfinished(request))
      .map(({ lastEntry }) => lastEntry)
      .toSorted((one, other) => (one.at > other.at ? -1 : 1)),
    beyond: beyond + Math.max(0, waiting().length - limits.waiting),
  }
}

function bySight({ request: one }: RequestRecord, { request: other }: RequestRecord): number {
  return one.firstSeenAt < other.firstSeenAt ? -1 : 1
}
