import { isDecided, type Connection } from '../domain/connection.ts'
import { foldCase } from '../domain/fold-case.ts'
import { type StateName, subjectId } from '../domain/request.ts'
import { parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import { AzureFailed, type Listed, TargetUnreadable } from '../ports/azure.ts'
import { LedgerConflict, type RequestRecord, StoredUnreadable } from '../ports/ledger.ts'
import { staleSeconds } from '../request/conditions.ts'
import { deadlineSeconds } from '../request/deadline.ts'
import { listLacks, listLacksShown } from '../request/words.ts'
import { nextTimeOf } from '../policy/index.ts'
import { RememberedClaims } from './claims.ts'
import { newestRulesOf } from './current-rules.ts'
import type { Evaluation } from './evaluate.ts'
import { failedAlike, failingAfter, failingProblem, minutesFrom, unreadableProblem } from './failing.ts'
import { isKnown, observe, observeProblem, observeReadable, unknownTargetSeconds } from './observe.ts'
import { both, recheckedInTime, requeue, requeueAfterConflict, done, type Pass, troubled } from './pass.ts'
import type { PassEnd, Trouble } from './next-pass.ts'
import { settle } from './settle.ts'
import { createTargetContext } from './target-context.ts'

/** A pass stops here and comes back at once, well before the platform would end the function. */
export const maxPassMs = 120_000
/** So many conflicts in a row are more than a race: about a minute of them. */
const conflictsSaid = 5
const maxFailuresNamed = 3
const deadlineMinutes = deadlineSeconds / 60
/** Records of decided connections that are read in parallel. */
const readAtOnce = 10
/** Until the next recheck of open requests that a long pass did not come to: a long rest, as they wait for people. */
const leftOutSeconds = 300

/**
 * One review pass: settles what is unfinished on a target, and what waits there. What Azure fails at is the trouble of
 * the pass, logged each time; after half an hour of it people are notified, of each failure that is another question once.
 * @throws AggregateError when something else could not be read or written; the rest is settled all the same.
 */
export async function onePass(pass: Pass, target: ResourceId): Promise<PassEnd> {
  const made = await passOver(pass, target)
  const at = pass.ports.now().getTime()
  const failing = failingAfter(pass.failing, made, at)
  const end = { ...made, failing }
  const { trouble } = end
  if (!trouble) return end
  const failed = failedAlike(end, failing, at)
  const since = Math.min(pass.troubledSince ?? at, ...failed.map((one) => one.since))
  const minutes = minutesFrom(since, at)
  const words = failed.map((one) => one.words).join('; ')
  const facts = { metric: 'azure.fails', target: target.id, minutes, words }
  pass.ports.log.warn('Azure fails at a target; it is reviewed again.', facts)
  if (minutes < deadlineMinutes) return end
  let opened: PassEnd = done
  for (const one of failed) {
    const problem = failingProblem(target, one, minutes, at)
    opened = both(opened, await endOf(pass, target.id, () => observeProblem(pass, target, problem)))
  }
  // The trouble has its own times of retry.
  return {
    ...both(end, opened),
    ...{ failing, recheckSeconds: end.recheckSeconds },
    trouble: await lasting(pass, target, trouble),
  }
}

/** Trouble of which people were notified: at a target that nobody knows, it has an end. */
async function lasting(pass: Pass, target: ResourceId, trouble: Trouble): Promise<Trouble> {
  if (!trouble.isWhole || (await isKnown(pass, target))) return trouble
  return { ...trouble, endsAfterSeconds: pass.isFromEndpoint ? deadlineSeconds : unknownTargetSeconds }
}

async function passOver(pass: Pass, target: ResourceId): Promise<PassEnd> {
  try {
    return await settleAll(pass, target, await pass.ports.connections.list(target))
  } catch (error) {
    const { shown } = pass
    if (error instanceof AzureFailed) return { ...troubled(error, target.id, true), shown }
    if (!(error instanceof TargetUnreadable)) throw error
    const end = await endOf(pass, target.id, () =>
      observeProblem(pass, target, unreadableProblem(error.message)),
    )
    return { ...end, shown }
  }
}

async function settleAll(pass: Pass, target: ResourceId, listed: Listed): Promise<PassEnd> {
  const { ports } = pass
  const startedAt = ports.now().getTime()
  const unfinished = await ports.ledger.unfinishedOn(target)
  const claims = await RememberedClaims.after(ports, target, listed.connections)
  const parts = new Parts(pass)
  for (const record of unfinished)
    await parts.settle(subjectId(record.request.subject), () => observeRecord(pass, record, target, listed))
  const states = statesOf(unfinished)
  await observeDecided(pass, parts, listed, states)
  if (listed.kind === 'partly')
    await parts.settle(target.id, () => observeProblem(pass, target, unreadableProblem(listed.problem)))

  await parts.settle(target.id, () => Promise.resolve(observeShown(pass, target, listed)))

  const evaluation = evaluationOf(pass, target, listed, unfinished, claims)
  const begunWith = await evaluation.newestRules()
  const { unknown, known } = undecided(listed.connections, states)
  const first = pass.isFollowed ? beginningAt(startedAt, unknown) : unknown
  for (const connection of [...first, ...beginningAt(startedAt, known)]) {
    if (ports.now().getTime() - startedAt > maxPassMs) {
      // Requests in manual review can wait for the next recheck; new ones cannot.
      return parts.end(first.includes(connection) ? requeue(1) : { recheckSeconds: leftOutSeconds })
    }
    await parts.settle(connection.id.id, () => settle(pass, evaluation, connection))
  }
  if (listed.kind === 'whole' && !parts.hasTrouble())
    await parts.settle(target.id, () => observeNoTrouble(pass, unfinished))
  const isEvaluated = listed.kind === 'whole' && parts.isSettled() && begunWith.complete
  const end = parts.end(isEvaluated ? { evaluatedBy: begunWith.hash } : done)
  return recheckedInTime(end, nextTimeOf(begunWith, target, new Date(startedAt)), ports.now())
}

/**
 * Records the outcome of an unfinished request that is no longer Pending. A connection missing from a partial list is
 * not gone, and one that a whole list lacks is gone only when a read of it says so, too.
 */
async function observeRecord(
  pass: Pass,
  record: RequestRecord,
  target: ResourceId,
  listed: Listed,
): Promise<PassEnd> {
  const isWhole = listed.kind === 'whole'
  const { subject } = record.request
  // Closed at the end of the pass.
  if (subject.kind === 'target') return done
  const id = parseResourceId(subject.connectionId)
  const live = listed.connections.find((one) => one.id.key === id?.key)
  if (live) return isDecided(live) ? observe(pass, record, live) : done
  if (!isWhole || !id) return done
  const found = await pass.ports.connections.find(target, id)
  if (!found || isDecided(found)) return observe(pass, record, found)
  throw new AzureFailed(listLacks(id))
}

/** Resource Graph shows Pending connections that the whole list of their target lacks: one of the two is wrong. */
function observeShown({ shown }: Pass, target: ResourceId, { kind, connections }: Listed): PassEnd {
  if (kind === 'partly') return { shown }
  const names = new Set(connections.map(({ id }) => foldCase(id.name)))
  const lacking = shown.flatMap((text) => {
    const id = parseResourceId(text)
    return id && !names.has(foldCase(id.name)) ? [id] : []
  })
  if (lacking.length === 0) return done
  return {
    ...troubled(new AzureFailed(listLacksShown(lacking)), target.id),
    shown: lacking.map(({ id }) => id),
  }
}

/** States of unfinished requests, by the key of their subject. */
type StatesByKey = ReadonlyMap<string, StateName>

function statesOf(unfinished: readonly RequestRecord[]): StatesByKey {
  return new Map(
    unfinished.map(({ request }) => [foldCase(subjectId(request.subject)), request.state.name] as const),
  )
}

/** What this app has recorded as decided is compared with what Azure shows. */
async function observeDecided(
  pass: Pass,
  parts: Parts,
  { connections }: Listed,
  states: StatesByKey,
): Promise<void> {
  const settled = connections.filter((one) => isDecided(one) && !states.has(one.id.key))
  for (let from = 0; from < settled.length; from += readAtOnce) {
    await Promise.all(
      settled.slice(from, from + readAtOnce).map((live) =>
        parts.settle(live.id.id, async () => {
          const record = await recordOf(pass, live)
          return record ? observe(pass, record, live) : done
        }),
      ),
    )
  }
}

/** The record of a decided connection; undefined when there is none, or it cannot be read: nothing waits for that. */
async function recordOf({ ports }: Pass, { id }: Connection): Promise<RequestRecord | undefined> {
  try {
    return await ports.ledger.read({ kind: 'connection', id })
  } catch (error) {
    if (!(error instanceof StoredUnreadable)) throw error
    const facts = { connection: id.id, problem: error.message }
    ports.log.error(
      'The record of a decided connection cannot be read; it is not compared with Azure.',
      facts,
    )
    return undefined
  }
}

/** The target can be read, and Azure does what it is asked for: the request about its failures is over. */
async function observeNoTrouble(pass: Pass, unfinished: readonly RequestRecord[]): Promise<PassEnd> {
  const record = unfinished.find(({ request }) => request.subject.kind === 'target')
  return record ? observeReadable(pass, record) : done
}

function evaluationOf(
  { ports }: Pass,
  target: ResourceId,
  listed: Listed,
  unfinished: readonly RequestRecord[],
  claims: RememberedClaims,
): Evaluation {
  return {
    prover: ports.proofs.forPass(listed.connections),
    newestRules: newestRulesOf(ports.rules),
    targetContext: createTargetContext(ports.context, target, listed.connections, unfinished, () =>
      ports.ledger.approvedOn(target, new Date(ports.now().getTime() - staleSeconds * 1000)),
    ),
    claims,
    unreadable: listed.kind === 'partly' ? listed.problem : undefined,
    now: ports.now,
  }
}

/** Settles the parts of a pass one by one: one that fails leaves the others alone. */
class Parts {
  readonly #pass: Pass
  readonly #failures: unknown[] = []
  readonly #settled: string[] = []
  #end: PassEnd = done

  constructor(pass: Pass) {
    this.#pass = pass
  }

  async settle(connection: string, work: () => Promise<PassEnd>): Promise<void> {
    try {
      const end = await endOf(this.#pass, connection, work)
      this.#end = both(this.#end, end)
      this.#settled.push(connection)
    } catch (error) {
      this.#failures.push(error)
      const { log } = this.#pass.ports
      log.warn('A connection could not be settled.', { connection, error: String(error) })
    }
  }

  /** True when Azure failed at a part. */
  hasTrouble(): boolean {
    return this.#end.trouble !== undefined
  }

  /** True when every part was settled, and none waits for a later pass. */
  isSettled(): boolean {
    const { backSeconds, conflicts, needsSeries = false } = this.#end
    const isOver = backSeconds === undefined && conflicts === undefined && !needsSeries
    return isOver && !this.hasTrouble() && this.#failures.length === 0
  }

  /** @throws AggregateError when a part failed. */
  end(rest: PassEnd): PassEnd {
    const count = this.#failures.length
    if (count === 0) return { ...both(this.#end, rest), settled: this.#settled }
    const named = this.#failures.slice(0, maxFailuresNamed).map(String).join('; ')
    throw new AggregateError(this.#failures, `${count} of the connections could not be settled: ${named}`)
  }
}

/** A concurrent write, and what Azure fails at, are reasons to come back, not failures; conflicts in a row are said aloud. */
async function endOf(pass: Pass, connection: string, work: () => Promise<PassEnd>): Promise<PassEnd> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof LedgerConflict) return afterConflict(pass, connection)
    if (error instanceof AzureFailed) return troubled(error, connection)
    throw error
  }
}

function afterConflict({ ports, conflicts: before }: Pass, connection: string): PassEnd {
  const conflicts = before + 1
  const facts = { metric: 'ledger.conflicts', connection, conflicts }
  if (conflicts >= conflictsSaid)
    ports.log.error('A record could not be written: others wrote it first, again and again.', facts)
  return requeueAfterConflict(conflicts)
}

/**
 * Connections to settle: first new ones, then those in manual review, so that a burst of requests cannot hide a new
 * one.
 */
function undecided(
  connections: readonly Connection[],
  states: StatesByKey,
): { readonly unknown: readonly Connection[]; readonly known: readonly Connection[] } {
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
