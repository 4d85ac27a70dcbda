import { isSameName, parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import { lastAttempt, secondsUntilNextLook } from './look-again.ts'
import { longestLookMs, lookOnce } from './look-once.ts'
import type { NextLook, Turn } from '../ports/work.ts'
import type { ReviewMessage } from '../ports/queue.ts'
import type { ReviewPorts } from './ports.ts'

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
  const { correlationId } = message
  const startedAt = ports.now().getTime()
  let turn: Turn = lease
  try {
    for (;;) {
      const { attempt, hasWaitedLong, isFromEndpoint } = turn
      const isFollowed = secondsUntilNextLook(attempt) !== undefined && !hasWaitedLong
      const comeBackAfterSeconds = await lookOnce(
        { ports, signal, isFollowed, isFromEndpoint, unreadable: undefined, correlationId },
        target,
      )
      const isLate = ports.now().getTime() - startedAt > longestLookMs
      const next = nextLook(attempt, comeBackAfterSeconds, isLate)
      const end = await lease.finish(next)
      if (end === 'done') {
        await send(ports, message, next)
        return
      }
      turn = end.lookAgain
      if (isLate) {
        const rest: NextLook = { attempt: turn.attempt, afterSeconds: 1, notSooner: true }
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
