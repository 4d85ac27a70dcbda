import { isDecided, type Connection } from '../domain/connection.ts'
import { foldCase } from '../domain/fold-case.ts'
import { subjectId } from '../domain/request.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import { AzureBusy, type Listed, TargetUnreadable } from '../ports/azure.ts'
import { LedgerConflict, type RequestRecord } from '../ports/ledger.ts'
import { staleSeconds } from '../request/conditions.ts'
import { newestRulesOf } from './current-rules.ts'
import type { Evaluation } from './evaluate.ts'
import { observe, observeReadable, observeUnreadable } from './observe.ts'
import { requeue, done, type Pass, sooner } from './pass.ts'
import type { PassEnd } from './schedule.ts'
import { settle } from './settle.ts'
import { createTargetContext } from './target-context.ts'

/** A pass stops here and comes back at once, well before the platform would end the function. */
export const maxPassMs = 120_000
const conflictSeconds = 2
const maxFailuresNamed = 3

/**
 * One review pass: settles what is unfinished on a target, and what waits there.
 * @throws AggregateError when something could not be read or written; the rest is settled all the same.
 */
export async function onePass(pass: Pass, target: ResourceId): Promise<PassEnd> {
  const listed = await listedOf(pass, target)
  switch (listed.kind) {
    case 'busy':
      return requeue(listed.afterSeconds)
    case 'unreadable':
      return observeUnreadable(pass, target, listed.problem)
    case 'partly':
    case 'whole':
      return settleAll(pass, target, listed)
  }
}

type NotListed =
  | { readonly kind: 'busy'; readonly afterSeconds: number }
  | { readonly kind: 'unreadable'; readonly problem: string }

async function listedOf({ ports }: Pass, target: ResourceId): Promise<Listed | NotListed> {
  try {
    return await ports.connections.list(target)
  } catch (error) {
    if (error instanceof AzureBusy) return { kind: 'busy', afterSeconds: error.afterSeconds }
    if (error instanceof TargetUnreadable) return { kind: 'unreadable', problem: error.message }
    throw error
  }
}

async function settleAll(pass: Pass, target: ResourceId, listed: Listed): Promise<PassEnd> {
  const { ports } = pass
  const startedAt = ports.now().getTime()
  const unfinished = await ports.ledger.unfinishedOn(target)
  const parts = new Parts(pass)
  for (const record of unfinished)
    await parts.settle(subjectId(record.request.subject), () => observeRecord(pass, record, listed))
  if (listed.kind === 'partly')
    await parts.settle(target.id, () => observeUnreadable(pass, target, listed.problem))

  const evaluation = evaluationOf(pass, target, listed, unfinished)
  const { unknown, known } = undecided(listed.connections, unfinished)
  const first = pass.isFollowed ? beginningAt(startedAt, unknown) : unknown
  for (const connection of [...first, ...known]) {
    if (ports.now().getTime() - startedAt > maxPassMs) {
      // Requests in manual review can wait for the next pass; new ones cannot.
      return parts.end(first.includes(connection) ? requeue(1) : done)
    }
    await parts.settle(connection.id.id, () => settle(pass, evaluation, connection))
  }
  return parts.end(done)
}

/**
 * Records the outcome of an unfinished request that is no longer Pending. A connection missing from a partial list is
 * not gone.
 */
async function observeRecord(pass: Pass, record: RequestRecord, listed: Listed): Promise<PassEnd> {
  const isWhole = listed.kind === 'whole'
  const { subject } = record.request
  if (subject.kind === 'target') return isWhole ? observeReadable(pass, record) : done
  const key = foldCase(subject.connectionId)
  const live = listed.connections.find(({ id }) => id.key === key)
  if (live) return isDecided(live) ? observe(pass, record, live) : done
  return isWhole ? observe(pass, record, undefined) : done
}

function evaluationOf(
  { ports }: Pass,
  target: ResourceId,
  listed: Listed,
  unfinished: readonly RequestRecord[],
): Evaluation {
  return {
    prover: ports.proofs.forPass(listed.connections),
    newestRules: newestRulesOf(ports.rules),
    targetContext: createTargetContext(ports.context, target, listed.connections, unfinished, () =>
      ports.ledger.approvedOn(target, new Date(ports.now().getTime() - staleSeconds * 1000)),
    ),
    unreadable: listed.kind === 'partly' ? listed.problem : undefined,
    now: ports.now,
  }
}

/** Settles the parts of a pass one by one: one that fails leaves the others alone. */
class Parts {
  readonly #pass: Pass
  readonly #failures: unknown[] = []
  #end: PassEnd = done

  constructor(pass: Pass) {
    this.#pass = pass
  }

  async settle(connection: string, work: () => Promise<PassEnd>): Promise<void> {
    try {
      this.#end = sooner(this.#end, await endOf(work))
    } catch (error) {
      this.#failures.push(error)
      const { log } = this.#pass.ports
      log.warn('A connection could not be settled.', { connection, error: String(error) })
    }
  }

  /** @throws AggregateError when a part failed. */
  end(rest: PassEnd): PassEnd {
    const count = this.#failures.length
    if (count === 0) return sooner(this.#end, rest)
    const named = this.#failures.slice(0, maxFailuresNamed).map(String).join('; ')
    throw new AggregateError(this.#failures, `${count} of the connections could not be settled: ${named}`)
  }
}

/** A concurrent write and a busy Azure are reasons to requeue, not failures. */
async function endOf(work: () => Promise<PassEnd>): Promise<PassEnd> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof LedgerConflict) return requeue(conflictSeconds)
    if (error instanceof AzureBusy) return requeue(error.afterSeconds)
    throw error
  }
}

/**
 * Connections to settle: first new ones, then those in manual review, so that a burst of requests cannot hide a new
 * one.
 */
function undecided(
  connections: readonly Connection[],
  unfinished: readonly RequestRecord[],
): { readonly unknown: readonly Connection[]; readonly known: readonly Connection[] } {
  const states = new Map(
    unfinished.map(({ request }) => [foldCase(subjectId(request.subject)), request.state.name] as const),
  )
  const all = connections.filter((connection) => !isDecided(connection))
  const unseen = all.filter(({ id }) => !states.has(id.key))
  const begun = all.filter(({ id }) => states.get(id.key) === 'applying')
  const known = all.filter(({ id }) => states.get(id.key) === 'open')
  return { unknown: [...unseen, ...begun], known }
}

/**
 * The same ones, starting at another one in each pass: new ones that are slow to prove must not always come before the
 * others. A pass that sends notifications needs no rotation: its requests come last from then on.
 */
function beginningAt(startedAt: number, connections: readonly Connection[]): readonly Connection[] {
  const first = startedAt % Math.max(connections.length, 1)
  return [...connections.slice(first), ...connections.slice(0, first)]
}
