import { isDecided, type Connection } from '../domain/connection.ts'
import { foldCase } from '../domain/fold-case.ts'
import { subjectId } from '../domain/request.ts'
import { parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import { AzureFailed, type Listed, TargetUnreadable } from '../ports/azure.ts'
import type { RequestRecord } from '../ports/ledger.ts'
import { deadlineSeconds } from '../request/deadline.ts'
import { listLacks, listLacksShown } from '../request/words.ts'
import { nextTimeOf } from '../policy/index.ts'
import { beginningAt } from './beginning-at.ts'
import { RememberedClaims } from './claims.ts'
import type { BesideList } from './confirm.ts'
import { newestRulesOf, routeNeedsNow } from './current-rules.ts'
import type { Evaluation } from './evaluate.ts'
import { failedAlike, failingProblem, minutesFrom, unreadableProblem } from './failing.ts'
import {
  isKnown,
  observe,
  observeProblem,
  observeProblems,
  observeReadable,
  unknownTargetSeconds,
} from './observe.ts'
import { observeDecided, observeListed, type StatesByKey } from './observe-listed.ts'
import { both, recheckedInTime, requeue, done, type Pass, settled } from './pass.ts'
import type { Failure, PassEnd } from './next-pass.ts'
import { endOf, Parts } from './parts.ts'
import { Places } from './places.ts'
import { Reads } from './reads.ts'
import { settle } from './settle.ts'
import { createTargetContext } from './target-context.ts'
import { isInTrouble, troubleAfter } from './trouble.ts'
import { isNamed, isShown, stillShown } from './unlisted.ts'

/** A pass stops here and comes back at once, well before the platform would end the function. */
export const maxPassMs = 120_000
const maxWordsSaid = 3
const deadlineMinutes = deadlineSeconds / 60
/** Connections that are read in one pass although nothing waits for them. */
const maxReadsBehind = 3
/** Until the next recheck of open requests that a long pass did not come to: a long rest, as they wait for people. */
const leftOutSeconds = 300

/**
 * One review pass: settles what is unfinished on a target, and what waits there. What Azure fails at is the trouble of
 * the pass, logged each time; after half an hour of it people are notified, of each failure that is another question once.
 * What else could not be read or written is among its errors; the rest is settled all the same.
 */
export async function onePass(pass: Pass, target: ResourceId): Promise<PassEnd> {
  const end = await passOver(pass, target)
  const { failures = [] } = end
  const [oldest] = failures
  if (!oldest) return end
  const at = pass.ports.now().getTime()
  const minutes = minutesFrom(oldest.since, at)
  const facts = { metric: 'azure.fails', target: target.id, minutes, words: wordsOf(failures) }
  pass.ports.log.warn('Azure fails at a target; it is reviewed again.', facts)
  if (minutes < deadlineMinutes) return end
  const endsAfterSeconds = await givenUpAfter(pass, target, oldest)
  const problems = failedAlike(failures).map((one) =>
    failingProblem(target, one, at, endsAfterSeconds !== undefined),
  )
  const opened = await observeProblems(pass, target, problems)
  // The trouble has its own times of retry.
  return { ...end, ...both(end, opened), recheckSeconds: end.recheckSeconds, endsAfterSeconds }
}

/** What Azure said, oldest first, each once. */
function wordsOf(failures: readonly Failure[]): string {
  const words = [...new Set(failures.map((one) => one.words))]
  const others = words.length - maxWordsSaid
  return [...words.slice(0, maxWordsSaid), ...(others > 0 ? [`${others} more`] : [])].join('; ')
}

/** When there are no more passes: only trouble with the whole of a target that nobody knows has such an end. */
async function givenUpAfter(
  pass: Pass,
  target: ResourceId,
  { isWhole }: Failure,
): Promise<number | undefined> {
  if (!isWhole || (await isKnown(pass, target))) return undefined
  return pass.isFromEndpoint ? deadlineSeconds : unknownTargetSeconds
}

async function passOver(pass: Pass, target: ResourceId): Promise<PassEnd> {
  const { shown, trouble, ports } = pass
  try {
    const listed = await ports.connections.list(target)
    const end = await settleAll(pass, target, listed)
    return { ...end, shown: stillShown(pass, listed, end) }
  } catch (error) {
    if (error instanceof AzureFailed) {
      const failed = new Map([[target.key, { id: target.id, error }]])
      const at = ports.now().getTime()
      return { ...troubleAfter(trouble, { failed, succeeded: new Set() }, at, true), shown }
    }
    if (!(error instanceof TargetUnreadable)) throw error
    const end = await endOf(pass, target.id, () =>
      observeProblem(pass, target, unreadableProblem(error.message)),
    )
    return { ...end, shown, trouble, isUnreadable: !pass.isFromEndpoint }
  }
}

async function settleAll(pass: Pass, target: ResourceId, listed: Listed): Promise<PassEnd> {
  const { ports } = pass
  const startedAt = ports.now().getTime()
  const unfinished = await ports.ledger.unfinishedOn(target)
  const parts = new Parts(pass, target.id)
  const reads = new Reads(ports.connections)
  const claims = await RememberedClaims.after(ports, target, listed.connections, reads)
  const beside: BesideList = { reads, claims }
  for (const record of unfinished)
    await parts.settle(subjectId(record.request.subject), () =>
      observeRecord(pass, record, target, listed, beside),
    )
  const states = statesOf(unfinished)
  await observeDecided(pass, parts, listed, states, beside)
  if (listed.kind === 'partly')
    await parts.settle(target.id, () =>
      observeProblem(pass, target, unreadableProblem(listed.problem), listed.connections),
    )

  for (const id of unlisted(pass, target, listed, states))
    await parts.settle(id.id, () => observeUnlisted(pass, target, listed, id, beside))

  const evaluation = evaluationOf(pass, target, listed, unfinished, beside)
  const begunWith = await evaluation.newestRules()
  const { unknown, known } = undecided(listed.connections, states)
  const first = pass.isFollowed ? beginningAt(startedAt, unknown) : unknown
  for (const connection of [...first, ...beginningAt(startedAt, known)]) {
    if (ports.now().getTime() - startedAt > maxPassMs) {
      // Requests in manual review can wait for the next recheck; new ones cannot.
      const rest = first.includes(connection) ? requeue(1) : { recheckSeconds: leftOutSeconds }
      return parts.end(rest)
    }
    await parts.settle(connection.id.id, () => settle(pass, evaluation, connection))
  }
  await parts.settle(target.id, () => readAwaiting(pass, claims, startedAt))
  if (listed.kind === 'whole' && !parts.hasTrouble())
    await parts.settle(target.id, () => observeNoTrouble(pass, unfinished))
  const isEvaluated = listed.kind === 'whole' && parts.isSettled() && begunWith.complete
  const end = parts.end(isEvaluated ? { evaluatedBy: begunWith.hash } : {})
  return recheckedInTime(end, nextTimeOf(begunWith, target, new Date(startedAt)), ports.now())
}

/**
 * Records the outcome of an unfinished request that is no longer Pending. A connection missing from a partial list is
 * not gone, and one that a whole list lacks is gone only when a read of it says so, too, and Resource Graph does not show
 * it.
 */
async function observeRecord(
  pass: Pass,
  record: RequestRecord,
  target: ResourceId,
  listed: Listed,
  beside: BesideList,
): Promise<PassEnd> {
  const isWhole = listed.kind === 'whole'
  const { subject } = record.request
  // Closed at the end of the pass.
  if (subject.kind === 'target') return done
  const id = parseResourceId(subject.connectionId)
  const live = listed.connections.find((one) => one.id.key === id?.key)
  if (live) return isDecided(live) ? observeListed(pass, beside, record, live) : done
  if (!isWhole || !id) return done
  return observe(pass, record, await decidedElsewhere(pass, target, id, beside))
}

/**
 * A connection that a whole list lacks, as a read shows it; undefined: it is gone.
 * @throws AzureFailed when it still waits, or Resource Graph shows so: the sources differ.
 */
async function decidedElsewhere(
  pass: Pass,
  target: ResourceId,
  id: ResourceId,
  { reads, claims }: BesideList,
): Promise<Connection | undefined> {
  const { read, failure } = await reads.find(target, id)
  if (failure) throw failure
  if (!read && isShown(pass, id)) throw new AzureFailed(listLacksShown(id))
  if (!read) {
    await claims.addGone(id)
    return undefined
  }
  await claims.addRead(read, undefined)
  if (isDecided(read)) return read
  throw new AzureFailed(listLacks(id))
}

/** Connections that are in trouble or that Resource Graph shows, and that have no place in this list or the ledger. */
function unlisted(
  { trouble, shown }: Pass,
  target: ResourceId,
  { connections }: Listed,
  states: StatesByKey,
): readonly ResourceId[] {
  const elsewhere = new Set([target.key, ...connections.map(({ id }) => id.key), ...states.keys()])
  const ids = [...trouble, ...shown].flatMap(({ id }) => parseResourceId(id) ?? [])
  return [...new Map(ids.map((id) => [id.key, id])).values()].filter(({ key }) => !elsewhere.has(key))
}

/** A connection that a list lacks, and of which no request is unfinished: nothing is recorded of it. */
async function observeUnlisted(
  pass: Pass,
  target: ResourceId,
  listed: Listed,
  id: ResourceId,
  beside: BesideList,
): Promise<PassEnd> {
  if (isNamed(listed.connections, id)) return settled
  if (listed.kind === 'partly') return done
  // What differs for the first time may agree a moment later: it is read only then.
  if (isInTrouble(pass.trouble, id.key)) await decidedElsewhere(pass, target, id, beside)
  if (isShown(pass, id)) throw new AzureFailed(listLacksShown(id))
  return settled
}

function statesOf(unfinished: readonly RequestRecord[]): StatesByKey {
  return new Map(
    unfinished.map(({ request }) => [foldCase(subjectId(request.subject)), request.state.name] as const),
  )
}

/** Reads some of what a list shows and only a read makes count, for requests to come; the first that fails is the last. */
async function readAwaiting({ ports }: Pass, claims: RememberedClaims, startedAt: number): Promise<PassEnd> {
  const awaiting = beginningAt(startedAt, await claims.awaitingRead())
  for (const connection of awaiting.slice(0, maxReadsBehind)) {
    if (await claims.read(connection)) continue
    const facts = { metric: 'azure.fails', connection: connection.id.id }
    ports.log.warn('What a list shows of a connection is not remembered, as no read shows it.', facts)
    break
  }
  return done
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
  beside: BesideList,
): Evaluation {
  const places = new Places({ ...beside, ports, target, listed: listed.connections, unfinished })
  return {
    ...beside,
    prover: ports.proofs.forPass(listed.connections),
    newestRules: newestRulesOf(ports.rules),
    targetContext: createTargetContext(ports.context, target, {
      places,
      routeNeeds: () => routeNeedsNow(ports.routing),
    }),
    places,
    unreadable: listed.kind === 'partly' ? listed.problem : undefined,
    now: ports.now,
  }
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
