import type { InvocationContext } from '@azure/functions'
import { startedApp } from '../shared/app.ts'
import { readReviewMessage } from '../shared/queue/review-queue.ts'
import type { ReviewMessage } from '../shared/ports/queue.ts'
import type { ReviewPorts } from '../shared/review/ports.ts'
import { withLog } from '../shared/telemetry/current-log.ts'
import { functionLog } from '../shared/telemetry/function-log.ts'

/** A queue handler that reads a review message and hands it to one use case. Foreign messages are left out. */
export function onReviewMessage(useCase: (ports: ReviewPorts, message: ReviewMessage) => Promise<void>) {
  return async (value: unknown, context: InvocationContext): Promise<void> => {
    const log = functionLog(context)
    const message = readReviewMessage(value)
    if (message) {
      await withLog(log, async () => useCase(await startedApp(), message))
    } else {
      log.error('A message on a review queue is not one of ours; it is left out.', {
        messageId: context.triggerMetadata?.['id'],
      })
    }
  }
}
