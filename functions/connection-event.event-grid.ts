import { app, type InvocationContext } from '@azure/functions'
import { startedApp } from '../shared/app.ts'
import { readEvent } from '../shared/events/review-hint.ts'
import { functionLog } from '../shared/telemetry/function-log.ts'

/** Takes an event, stores what to review and queues a review. Decides nothing. */
export async function connectionEvent(event: unknown, context: InvocationContext): Promise<void> {
  const log = functionLog(context)
  const { eventId, hint } = await readEvent(event)
  if (hint.kind === 'nothing') {
    log.info('An event is of no use here.', { metric: 'events.unused', eventId, reason: hint.reason })
    return
  }
  const { askForReview } = await startedApp()
  await askForReview(hint)
  log.info('An event says what to review.', { metric: 'events.used', eventId, resourceId: hint.at.id })
}

app.eventGrid('connectionEvent', { handler: connectionEvent })
