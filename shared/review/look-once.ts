import { isAnswered, type Connection } from '../domain/connection.ts'
import { asciiLowerCase, parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import type { Look } from './look.ts'
import { newestRulesOf } from './current-rules.ts'
import { closeIfGone, observeAnswered } from './observe.ts'
import { AzureBusy, TargetPartlyUnreadable, TargetUnreadable } from '../ports/azure.ts'
import { type ConnectionRecord, LedgerConflict } from '../ports/ledger.ts'
import type { ReviewPorts } from './ports.ts'
import { settle } from './settle.ts'
import { createVicinity } from './vicinity.ts'
import { closeReadable, standsForTarget, tellUnreadable } from './unreadable-target.ts'

/** A look stops here and comes back at once, well before the platform would end the function. */
export const longestLookMs = 120_000
const conflictSeconds = 2
const mostFailuresTold = 3

/**
 * Looks at a target once: settles what is open and what waits on it. Returns in how many seconds to come back, if
 * something is under way.
 * @throws Error when something could not be read or written.
 */
export async function lookOnce(look: Look, target: ResourceId): Promise<number | undefined> {
  const { ports } = look
  const found = await listOrReason(ports, target)
  if (typeof found === 'number') return found
  if (found instanceof TargetPartlyUnreadable) {
    const after = await settleAll({ ...look, unreadable: found.message }, target, found.readable)
    await tellUnreadable(look, target, found)
    return after
  }
  if (found instanceof TargetUnreadable) return tellUnreadable(look, target, found)
  return settleAll(look, target, found)
}

/** Settles what is open and what waits; the rest is not touched by one that fails. */
async function settleAll(
  look: Look,
  target: ResourceId,
  connections: readonly Connection[],
): Promise<number | undefined> {
  const { ports } = look
  const startedAt = ports.now().getTime()
  const byKey = new Map(connections.map((connection) => [connection.id.key, connection]))
  const failures: string[] = []
  let comeBackAfterSeconds: number | undefined
  const isolated = async (connectionId: string, work: () => Promise<number | undefined>): Promise<void> => {
    try {
      comeBackAfterSeconds = sooner(comeBackAfterSeconds, await waitOrFail(work))
    } catch (error) {
      failures.push(String(error))
      ports.log.warn('A connection could not be settled.', { connection: connectionId, error: String(error) })
    }
  }

  const open = await ports.ledger.openOn(target)
  for (const record of open) {
    const { connectionId } = record.request
    const live = byKey.get(parseResourceId(connectionId)?.key ?? '')
    const isWhole = look.unreadable === undefined
    if (standsForTarget(record)) {
      if (isWhole) await isolated(connectionId, () => closeReadable(look, record, target))
    } else if (!live) {
      if (isWhole) await isolated(connectionId, () => closeIfGone(look, record))
    } else if (isAnswered(live)) await isolated(connectionId, () => observeAnswered(look, record, live))
  }

  const prover = ports.proofs.forLook(connections)
  const newestRules = newestRulesOf(ports.rules)
  const vicinity = createVicinity(ports.surroundings, target, connections, open)
  const [unknown, known] = waiting(connections, open)
  const fresh = look.isFollowed ? beginningAt(startedAt, unknown) : unknown
  for (const connection of [...fresh, ...known]) {
    if (ports.now().getTime() - startedAt > longestLookMs) {
      // What people already know of can wait for the next look; what nobody knows of can not.
      if (fresh.includes(connection)) comeBackAfterSeconds ??= 1
      break
    }
    await isolated(connection.id.id, () => settle(look, newestRules, connection, prover, vicinity))
  }
  if (failures.length > 0) {
    const what = failures.slice(0, mostFailuresTold).join('; ')
    throw new Error(`${failures.length} of the connections of ${target.id} could not be settled: ${what}`)
  }
  return comeBackAfterSeconds
}

/**
 * Connections to settle: first those nobody has been asked about, then those that wait for a person, so that a
 * flood of requests cannot keep a new one from being seen.
 */
function waiting(
  connections: readonly Connection[],
  open: readonly ConnectionRecord[],
): readonly [fresh: readonly Connection[], known: readonly Connection[]] {
  const states = new Map(
    open.map(({ request }) => [asciiLowerCase(request.connectionId), request.state] as const),
  )
  const all = connections.filter((connection) => !isAnswered(connection))
  const unseen = all.filter(({ id }) => !states.has(id.key))
  const known = all.filter(({ id }) => states.get(id.key) === 'escalated')
  const begun = all.filter((connection) => !unseen.includes(connection) && !known.includes(connection))
  return [[...unseen, ...begun], known]
}

/**
 * The same ones, beginning with another at each look: those that are proven slowly and told of to nobody yet must not
 * always come before the others. A look that tells people needs no such thing: whom it told of comes last from then on.
 */
function beginningAt(startedAt: number, connections: readonly Connection[]): readonly Connection[] {
  const first = startedAt % Math.max(connections.length, 1)
  return [...connections.slice(first), ...connections.slice(0, first)]
}

/** Somebody who wrote first and an Azure that is busy are reasons to come back, not failures. */
async function waitOrFail(work: () => Promise<number | undefined>): Promise<number | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof LedgerConflict) return conflictSeconds
    if (error instanceof AzureBusy) return error.afterSeconds
    throw error
  }
}

/** The connections; or the seconds that Azure asks to wait; or why they cannot be read at all. */
async function listOrReason(
  ports: ReviewPorts,
  target: ResourceId,
): Promise<readonly Connection[] | number | TargetUnreadable> {
  try {
    return await ports.connections.list(target)
  } catch (error) {
    if (error instanceof AzureBusy) return error.afterSeconds
    if (error instanceof TargetUnreadable) return error
    throw error
  }
}

function sooner(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return Math.min(a, b)
}
