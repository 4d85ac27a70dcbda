import { app, type InvocationContext } from '@azure/functions'
import { startedApp } from '../shared/app.ts'
import { readReviewMessage, reviewQueueName } from '../shared/queue/review-queue.ts'
import { giveUpForNow } from '../shared/review/give-up.ts'
import { withLog } from '../shared/telemetry/current-log.ts'
import { functionLog } from '../shared/telemetry/function-log.ts'

/** Reviews that failed as often as the queue tries. */
export async function reviewPoison(value: unknown, context: InvocationContext): Promise<void> {
  const log = functionLog(context)
  const message = readReviewMessage(value)
  if (!message) {
    log.error('A message on the poison queue is not one of ours; it is left out.', {
      messageId: context.triggerMetadata?.['id'],
    })
    return
  }
  await withLog(log, async () => giveUpForNow(await startedApp(), message))
}

app.storageQueue('reviewPoison', {
  queueName: `${reviewQueueName}-poison`,
  connection: 'AzureWebJobsStorage',
  handler: reviewPoison,
})
