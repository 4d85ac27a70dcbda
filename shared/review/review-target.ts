import { isAnswered, type Connection } from '../domain/connection.ts'
import { asciiLowerCase, isSameName, parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import { prepareRules } from '../policy/index.ts'
import type { Look } from './look.ts'
import { lastAttempt, secondsUntilNextLook } from './look-again.ts'
import {
  AzureBusy,
  type ConnectionRecord,
  LedgerConflict,
  type NextLook,
  type ReviewMessage,
  type ReviewPorts,
  TargetUnreadable,
} from './ports.ts'
import { closeIfGone, observeAnswered } from './observe.ts'
import { settle } from './settle.ts'
import { closeReadable, standsForTarget, tellUnreadable } from './unreadable-target.ts'

/** A look stops here and comes back at once, well before the platform would end the function. */
const longestLookMs = 120_000
const conflictSeconds = 2
const mostFailuresTold = 3

/**
 * Looks at a target and settles every Pending connection on it. The message only says where to look: it may
 * be late, doubled or wrong. For an ordinary endpoint, sends a message for each target it points at.
 * @throws when something could not be read or written; nothing is approved or rejected because of that, and
 *   the message is to be tried again.
 */
export async function review(ports: ReviewPorts, message: ReviewMessage): Promise<void> {
  const id = parseResourceId(message.lookAt)
  if (!id) {
    ports.log.warn('A review message names no resource.', { correlationId: message.correlationId })
    return
  }
  if (isSameName(id.type, 'Microsoft.Network/privateEndpoints')) {
    await passOn(ports, id, message)
  } else {
    await reviewTarget(ports, id, message)
  }
}

async function passOn(ports: ReviewPorts, endpoint: ResourceId, message: ReviewMessage): Promise<void> {
  const targets = await ports.endpoints.targetsOf(endpoint)
  for (const target of targets) {
    await ports.queue.enqueue({ ...message, lookAt: target.id, isFollowUp: false, isFromEndpoint: true })
  }
  if (targets.length === 0) await send(ports, message, nextLook(message.attempt, undefined))
}

async function reviewTarget(ports: ReviewPorts, target: ResourceId, message: ReviewMessage): Promise<void> {
  const lease = await ports.work.begin(target, message)
  if (lease === 'superseded') return
  if (lease === 'busy') {
    ports.log.info('Somebody is looking at this target; another look is asked for.', { target: target.id })
    return
  }
  const { signal } = lease
  const { correlationId, isFromEndpoint } = message
  const startedAt = ports.now().getTime()
  let { attempt } = lease
  try {
    for (;;) {
      const isFollowed = secondsUntilNextLook(attempt) !== undefined
      const comeBackAfterSeconds = await lookOnce(
        { ports, signal, isFollowed, isFromEndpoint, correlationId },
        target,
      )
      const isLate = ports.now().getTime() - startedAt > longestLookMs
      const next = nextLook(attempt, comeBackAfterSeconds, isLate)
      const end = await lease.finish(next)
      if (end === 'done') {
        await send(ports, message, next)
        return
      }
      attempt = end.lookAgain
      if (isLate) {
        const rest: NextLook = { attempt, afterSeconds: 1, notSooner: true }
        await lease.finish(rest)
        await send(ports, message, rest)
        return
      }
    }
  } catch (error) {
    await lease.abandon()
    throw error
  }
}

/** A look that ran out of time counts as one of the series: those that follow must not begin with the same for ever. */
function nextLook(
  attempt: number,
  comeBackAfterSeconds: number | undefined,
  isLate = false,
): NextLook | undefined {
  if (comeBackAfterSeconds !== undefined) {
    const next = isLate ? Math.min(attempt + 1, lastAttempt) : attempt
    return { attempt: next, afterSeconds: comeBackAfterSeconds, notSooner: true }
  }
  const afterSeconds = secondsUntilNextLook(attempt)
  return afterSeconds === undefined ? undefined : { attempt: attempt + 1, afterSeconds, notSooner: false }
}

/** Should this not happen after all, the list of open work brings the target back a little later. */
async function send(ports: ReviewPorts, message: ReviewMessage, next: NextLook | undefined): Promise<void> {
  if (!next) return
  await ports.queue.enqueue({ ...message, attempt: next.attempt, isFollowUp: true }, next.afterSeconds)
}

/** Returns in how many seconds to come back, if something is under way. */
async function lookOnce(look: Look, target: ResourceId): Promise<number | undefined> {
  const { ports } = look
  const startedAt = ports.now().getTime()
  const connections = await listOrReason(ports, target)
  if (typeof connections === 'number') return connections
  if (connections instanceof TargetUnreadable) return tellUnreadable(look, target, connections)
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
    if (standsForTarget(record)) await isolated(connectionId, () => closeReadable(look, record, target))
    else if (!live) await isolated(connectionId, () => closeIfGone(look, record))
    else if (isAnswered(live)) await isolated(connectionId, () => observeAnswered(look, record, live))
  }

  const rules = prepareRules(await ports.rules.load())
  const [fresh, known] = waiting(connections, open)
  for (const connection of [...fresh, ...known]) {
    if (ports.now().getTime() - startedAt > longestLookMs) {
      // What people already know of can wait for the next look; what nobody knows of can not.
      if (fresh.includes(connection)) comeBackAfterSeconds ??= 1
      break
    }
    await isolated(connection.id.id, () => settle(look, rules, connection, connections))
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
