import { app, type InvocationContext } from '@azure/functions'
import { startedApp } from '../shared/app.ts'
import { readReviewMessage, reviewQueueName } from '../shared/queue/review-queue.ts'
import { review } from '../shared/review/review-target.ts'
import { withLog } from '../shared/telemetry/current-log.ts'
import { functionLog } from '../shared/telemetry/function-log.ts'

/** Settles what waits on one target. Throws when something failed, so that the queue tries again. */
export async function reviewMessage(value: unknown, context: InvocationContext): Promise<void> {
  const log = functionLog(context)
  const message = readReviewMessage(value)
  if (!message) {
    log.error('A message on the review queue is not one of ours; it is left out.', {
      messageId: context.triggerMetadata?.['id'],
    })
    return
  }
  await withLog(log, async () => review(await startedApp(), message))
}

app.storageQueue('review', {
  queueName: reviewQueueName,
  connection: 'AzureWebJobsStorage',
  handler: reviewMessage,
})
