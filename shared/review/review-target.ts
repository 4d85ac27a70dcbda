import { isPending, type Connection } from '../domain/connection.ts'
import { isSameName, parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import { prepareRules } from '../policy/index.ts'
import type { Look } from './look.ts'
import { secondsUntilNextLook } from './look-again.ts'
import { AzureBusy, type NextLook, type ReviewMessage, type ReviewPorts } from './ports.ts'
import { closeIfGone, observeAnswered } from './observe.ts'
import { settle } from './settle.ts'

/** A look stops here and comes back at once, well before the platform would end the function. */
const longestLookMs = 120_000

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
  } else if (ports.connections.knows(id)) {
    await reviewTarget(ports, id, message)
  } else {
    ports.log.error('No way is known to answer connections of this type; a person has to look.', {
      target: id.id,
      type: id.type,
    })
  }
}

async function passOn(ports: ReviewPorts, endpoint: ResourceId, message: ReviewMessage): Promise<void> {
  const targets = await ports.endpoints.targetsOf(endpoint)
  for (const target of targets) {
    await ports.queue.enqueue({ ...message, lookAt: target.id, isFollowUp: false })
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
  const { correlationId } = message
  let { attempt } = lease
  try {
    for (;;) {
      const isFollowed = secondsUntilNextLook(attempt) !== undefined
      const comeBackAfterSeconds = await lookOnce({ ports, signal, isFollowed, correlationId }, target)
      const next = nextLook(attempt, comeBackAfterSeconds)
      const end = await lease.finish(next)
      if (end === 'done') {
        await send(ports, message, next)
        return
      }
      attempt = end.lookAgain
    }
  } catch (error) {
    await lease.abandon()
    throw error
  }
}

function nextLook(attempt: number, comeBackAfterSeconds: number | undefined): NextLook | undefined {
  if (comeBackAfterSeconds !== undefined)
    return { attempt, afterSeconds: comeBackAfterSeconds, notSooner: true }
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
  const connections = await listOrWait(ports, target)
  if (typeof connections === 'number') return connections
  const byKey = new Map(connections.map((connection) => [connection.id.key, connection]))
  const failures: unknown[] = []
  let comeBackAfterSeconds: number | undefined
  const isolated = async (work: () => Promise<number | undefined>): Promise<void> => {
    try {
      comeBackAfterSeconds = sooner(comeBackAfterSeconds, await work())
    } catch (error) {
      failures.push(error)
    }
  }

  for (const record of await ports.ledger.openOn(target)) {
    const live = byKey.get(parseResourceId(record.request.connectionId)?.key ?? '')
    if (!live) await isolated(() => closeIfGone(look, record))
    else if (!isPending(live)) await isolated(() => observeAnswered(look, record, live))
  }

  const rules = prepareRules(await ports.rules.load())
  for (const connection of connections.filter(isPending)) {
    if (ports.now().getTime() - startedAt > longestLookMs) return 1
    await isolated(() => settle(look, rules, connection, connections))
  }
  if (failures.length > 0) {
    throw new AggregateError(
      failures,
      `${failures.length} of the connections of ${target.id} could not be settled.`,
    )
  }
  return comeBackAfterSeconds
}

/** The connections, or the seconds that Azure asks to wait. */
async function listOrWait(ports: ReviewPorts, target: ResourceId): Promise<readonly Connection[] | number> {
  try {
    return await ports.connections.list(target)
  } catch (error) {
    if (error instanceof AzureBusy) return error.afterSeconds
    throw error
  }
}

function sooner(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return Math.min(a, b)
}
