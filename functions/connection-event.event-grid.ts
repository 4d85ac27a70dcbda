import { app, type InvocationContext } from '@azure/functions'
import { startedApp } from '../shared/app.ts'
import { readEvent } from '../shared/events/where-to-look.ts'
import { lastAttempt } from '../shared/review/schedule.ts'
import { functionLog } from '../shared/telemetry/function-log.ts'

/** Takes an event, keeps where to look, queues that. Judges nothing. */
export async function connectionEvent(event: unknown, context: InvocationContext): Promise<void> {
  const log = functionLog(context)
  const { eventId, hint } = await readEvent(event)
  if (hint.kind === 'nothing') {
    log.info('An event is of no use here.', { metric: 'events.unused', eventId, reason: hint.reason })
    return
  }
  const { queue, now } = await startedApp()
  await queue.enqueue({
    lookAt: hint.at.id,
    attempt: hint.expectsMore ? 0 : lastAttempt,
    isFollowUp: false,
    isFromEndpoint: false,
    seenAt: now().toISOString(),
    correlationId: hint.correlationId,
  })
  log.info('An event says where to look.', { metric: 'events.used', eventId, lookAt: hint.at.id })
}

app.eventGrid('connectionEvent', { handler: connectionEvent })
